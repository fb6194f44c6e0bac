using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Reads the header fields at the start of a message or part (RFC 5322 §2.2), with CRLF or LF line ends.</summary>
internal static class HeaderBlock
{
    private const int MaxHeaders = 1000;

    /// <summary>Stops at the blank line, or at the first line that is no header, which then begins the body.</summary>
    public static List<ReadHeader> Read(ReadOnlyMemory<byte> bytes, out int bodyStart)
    {
        var headers = new List<ReadHeader>();
        var span = bytes.Span;
        var at = span.StartsWith("From "u8) ? LineEnd(span, 0) : 0; // an mbox separator
        while (at < span.Length && headers.Count < MaxHeaders)
        {
            var end = LineEnd(span, at);
            var line = span[at..end];
            if (line.TrimEnd("\r\n"u8).IsEmpty)
            {
                bodyStart = end;
                return headers;
            }
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].TrimEnd(" \t"u8).ContainsAnyExceptInRange((byte)'!', (byte)'~'))
                break;
            end = FieldEnd(span, end);
            headers.Add(new ReadHeader(Encoding.ASCII.GetString(line[..colon].TrimEnd(" \t"u8)), Unfold(span[(at + colon + 1)..end])));
            at = end;
        }
        bodyStart = Math.Min(at, span.Length);
        return headers;
    }

    private static int LineEnd(ReadOnlySpan<byte> span, int at)
    {
        var lineFeed = span[at..].IndexOf((byte)'\n');
        return lineFeed < 0 ? span.Length : at + lineFeed + 1;
    }

    private static int FieldEnd(ReadOnlySpan<byte> span, int end)
    {
        while (end < span.Length && span[end] is (byte)' ' or (byte)'\t')
            end = LineEnd(span, end);
        return end;
    }

    private static string Unfold(ReadOnlySpan<byte> value) => Charsets.Decode(null, value)
        .Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Trim(' ', '\t', '\r');
}
