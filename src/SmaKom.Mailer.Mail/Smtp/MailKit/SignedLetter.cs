using MimeKit;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>
/// A letter as MailKit wants it, which writes exactly the bytes that it was given: it is never parsed, so nothing can be
/// put together differently, and a DKIM signature holds. MailKit writes a message as header fields, an empty line, a body:
/// the bytes are handed over in these two pieces, and the header fields that MimeKit adds by itself are hidden.
/// </summary>
internal sealed class SignedLetter : MimeMessage
{
    /// <summary>The only way to write it: with any other, MimeKit's own header fields would show.</summary>
    public static readonly FormatOptions Format = HidingOurOwn();

    private SignedLetter(RawFields fields, Envelope envelope, long size) : base([fields]) => (EnvelopeId, Size) = (envelope.EnvelopeId, size);

    public string? EnvelopeId { get; }

    /// <summary>Octets as the relay counts them (RFC 1870).</summary>
    public long Size { get; }

    public static SignedLetter Of(OutgoingLetter letter, LetterShape shape, bool inOneChunk, MailKitTransaction transaction)
    {
        var all = letter.Message;
        var (fields, body) = all.Span.IndexOf("\r\n\r\n"u8) is >= 0 and var at ? (all[..(at + 2)], all[(at + 4)..])
            : (shape.EndsLine ? all[..^2] : all, default);
        return new(new RawFields(fields.ToArray()), letter.Envelope, shape.SizeOf(all.Length))
        {
            Body = new SignedBody(body, inOneChunk, transaction)
            {
                ContentTransferEncoding = shape.EightBit ? ContentEncoding.EightBit : ContentEncoding.SevenBit,
            },
        };
    }

    private static FormatOptions HidingOurOwn()
    {
        var options = new FormatOptions { NewLineFormat = NewLineFormat.Dos };
        options.HiddenHeaders.UnionWith([HeaderId.MimeVersion, HeaderId.ContentType, HeaderId.ContentTransferEncoding]);
        return options;
    }

    /// <summary>All header fields in one piece, written as they are.</summary>
    private sealed class RawFields(byte[] fields) : Header(ParserOptions.Default, fields, 0, [], invalid: true);
}

/// <summary>What follows the empty line, written around the gate.</summary>
/// <param name="inOneChunk">
/// BDAT LAST: the first octets may be followed by all others at once, so that the gate comes before them. With DATA the
/// body travels while the gate thinks, since MailKit sends the final dot only after this has been written.
/// </param>
internal sealed class SignedBody(ReadOnlyMemory<byte> body, bool inOneChunk, MailKitTransaction transaction) : MimePart("text", "plain")
{
    public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
    {
        var asked = transaction.AskGateAsync();
        if (inOneChunk)
        {
            await asked;
            await transaction.CommitAsync();
            await WriteAsync(stream);
            return;
        }
        try
        {
            await WriteAsync(stream);
        }
        catch
        {
            // The caller must not hear of the failure while its own commit is still under way.
            await asked;
            throw;
        }
        await asked;
        await transaction.CommitAsync();
    }

    private async Task WriteAsync(Stream stream)
    {
        await stream.WriteAsync(body);
        // Counted in the size that has been announced: after BDAT nobody else would add it.
        if (body.Length > 0 && !body.Span.EndsWith("\r\n"u8))
            await stream.WriteAsync("\r\n"u8.ToArray());
    }
}
