namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>A letter as BDAT and DATA want it, written without copying it first.</summary>
internal static class LetterWriting
{
    private static readonly ReadOnlyMemory<byte> Dot = "."u8.ToArray();
    private static readonly ReadOnlyMemory<byte> CrLf = "\r\n"u8.ToArray();

    /// <summary>Sends the letter for BDAT: as it is, CRLF at the end.</summary>
    public static async ValueTask WriteAsIsAsync(this SmtpWire wire, LetterShape shape, ReadOnlyMemory<byte> letter, string stage, TimeSpan timeout)
    {
        await wire.WriteAsync(letter, stage, timeout);
        if (!shape.EndsLine)
            await wire.WriteAsync(CrLf, stage, timeout);
    }

    /// <summary>Sends the letter for DATA: a dot before each leading dot (RFC 5321 §4.5.2), CRLF at the end, no final dot.</summary>
    public static async ValueTask WriteStuffedAsync(this SmtpWire wire, LetterShape shape, ReadOnlyMemory<byte> letter, string stage,
        TimeSpan timeout)
    {
        if (shape.HasLeadingDots)
        {
            if (letter.Span[0] == '.')
                await wire.WriteAsync(Dot, stage, timeout);
            for (int at; (at = letter.Span.IndexOf("\r\n."u8)) >= 0; letter = letter[(at + 2)..])
            {
                await wire.WriteAsync(letter[..(at + 2)], stage, timeout);
                await wire.WriteAsync(Dot, stage, timeout);
            }
        }
        await wire.WriteAsync(letter, stage, timeout);
        if (!shape.EndsLine)
            await wire.WriteAsync(CrLf, stage, timeout);
    }
}
