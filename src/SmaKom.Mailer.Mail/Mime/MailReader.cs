using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// Reads any message, however broken, and never throws: what cannot be understood is shown as it is. CRLF or LF line ends, 8-bit
/// headers, unknown charsets, multiparts without an end. Nesting deeper than 20, or more than 1,000 parts, stays unparsed.
/// </summary>
public sealed class MailReader
{
    private const int MaxDepth = 20;
    private const int MaxParts = 1000;
    private int _parts;

    private MailReader()
    {
    }

    public static ReadMail Parse(ReadOnlyMemory<byte> message) => new MailReader().ReadMessage(message, depth: 0);

    private ReadMail ReadMessage(ReadOnlyMemory<byte> message, int depth) => new(ReadPart(message, "text/plain", depth));

    private ReadPart ReadPart(ReadOnlyMemory<byte> bytes, string defaultType, int depth)
    {
        _parts++;
        var headers = HeaderBlock.Read(bytes, out var bodyStart);
        var body = bytes[bodyStart..];
        var part = new ReadPart(headers, body, defaultType);
        if (depth >= MaxDepth)
            return part;
        if (part.ContentType.StartsWith("multipart/", StringComparison.Ordinal) && part.Parameters.GetValueOrDefault("boundary") is { Length: > 0 } boundary)
            part.Parts = ReadParts(body, boundary, part.ContentType == "multipart/digest" ? "message/rfc822" : "text/plain", depth + 1);
        else if (part.ContentType is "message/rfc822" or "message/global" or "text/rfc822-headers")
            part.Message = ReadMessage(part.Content, depth + 1);
        return part;
    }

    private List<ReadPart> ReadParts(ReadOnlyMemory<byte> body, string boundary, string defaultType, int depth)
    {
        var parts = new List<ReadPart>();
        foreach (var range in Multipart.Split(body.Span, Encoding.UTF8.GetBytes("--" + boundary)))
        {
            if (_parts >= MaxParts)
                break;
            parts.Add(ReadPart(body[range], defaultType, depth));
        }
        return parts;
    }
}
