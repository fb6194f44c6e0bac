using System.Buffers;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What must be known of a letter before it can be sent; found without copying any of it.</summary>
internal readonly record struct LetterShape(bool EightBit, bool HasLeadingDots, bool EndsLine)
{
    private static readonly ReadOnlyMemory<byte> Dot = "."u8.ToArray();
    private static readonly ReadOnlyMemory<byte> CrLf = "\r\n"u8.ToArray();
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <exception cref="ArgumentException">
    /// Empty, or a CR or LF that is not part of CRLF. Servers disagree on what those mean, and <c>LF . LF</c> inside a
    /// letter would let its text forge a second one (RFC 5321 §2.3.8; "SMTP smuggling").
    /// </exception>
    public static LetterShape Of(ReadOnlySpan<byte> letter)
    {
        if (letter.IsEmpty)
            throw new ArgumentException("The letter is empty");
        if (HasBareLineEnd(letter))
            throw new ArgumentException("The letter holds a CR or LF that is not part of CRLF");
        return new(!Ascii.IsValid(letter), letter[0] == '.' || letter.IndexOf("\r\n."u8) >= 0, letter.EndsWith("\r\n"u8));
    }

    public static bool HasBareLineEnd(ReadOnlySpan<byte> letter)
    {
        for (int at; (at = letter.IndexOfAny(LineEnds)) >= 0; letter = letter[(at + 2)..])
            if (letter[at] != '\r' || at + 1 == letter.Length || letter[at + 1] != '\n')
                return true;
        return false;
    }

    /// <summary>The octets that the relay will count: CRLF at the end included, dot-stuffing not (RFC 1870 §4).</summary>
    public long SizeOf(int length) => length + (EndsLine ? 0 : 2);

    /// <summary>Sends the letter for BDAT: as it is, CRLF at the end.</summary>
    public async ValueTask WriteAsIsAsync(SmtpWire wire, ReadOnlyMemory<byte> letter, string stage, TimeSpan timeout)
    {
        await wire.WriteAsync(letter, stage, timeout);
        if (!EndsLine)
            await wire.WriteAsync(CrLf, stage, timeout);
    }

    /// <summary>Sends the letter for DATA: a dot before each leading dot (RFC 5321 §4.5.2), CRLF at the end, no final dot.</summary>
    public async ValueTask WriteStuffedAsync(SmtpWire wire, ReadOnlyMemory<byte> letter, string stage, TimeSpan timeout)
    {
        if (HasLeadingDots)
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
        if (!EndsLine)
            await wire.WriteAsync(CrLf, stage, timeout);
    }
}
