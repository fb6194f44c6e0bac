using System.Numerics;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What must be known of a letter before it can be sent; found without copying any of it.</summary>
internal readonly record struct LetterShape(bool EightBit, bool HasLeadingDots, bool EndsLine)
{
    /// <exception cref="ArgumentException">
    /// Empty, or a CR or LF that is not part of CRLF. Servers disagree on what those mean, and <c>LF . LF</c> inside a
    /// letter would let its text forge a second one (RFC 5321 §2.3.8; "SMTP smuggling").
    /// </exception>
    public static LetterShape Of(ReadOnlySpan<byte> letter)
    {
        if (letter.IsEmpty)
            throw new ArgumentException("The letter is empty");
        var (eightBit, bare, dots) = Look(letter);
        if (bare)
            throw new ArgumentException("The letter holds a CR or LF that is not part of CRLF");
        return new(eightBit, dots || letter[0] == '.', letter.EndsWith("\r\n"u8));
    }

    public static bool HasBareLineEnd(ReadOnlySpan<byte> text) => !text.IsEmpty && Look(text).Bare;

    // One vectorised pass over pairs of neighbours: a letter has some 500 lines, and is looked through for each person.
    private static (bool EightBit, bool Bare, bool Dots) Look(ReadOnlySpan<byte> text)
    {
        var (cr, lf, dot) = (new Vector<byte>((byte)'\r'), new Vector<byte>((byte)'\n'), new Vector<byte>((byte)'.'));
        var (all, bare, dots) = (Vector<byte>.Zero, Vector<byte>.Zero, Vector<byte>.Zero);
        var i = 0;
        for (; i + Vector<byte>.Count < text.Length; i += Vector<byte>.Count)
        {
            var here = new Vector<byte>(text[i..]);
            var next = new Vector<byte>(text[(i + 1)..]);
            all |= here;
            bare |= Vector.Equals(here, cr) ^ Vector.Equals(next, lf);
            dots |= Vector.Equals(here, lf) & Vector.Equals(next, dot);
        }

        var found = (EightBit: (all & new Vector<byte>(0x80)) != Vector<byte>.Zero, Bare: text[0] == '\n' || bare != Vector<byte>.Zero,
            Dots: dots != Vector<byte>.Zero);
        for (; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : (byte)0;
            found.EightBit |= text[i] >= 0x80;
            found.Bare |= (text[i] == '\r') != (next == '\n');
            found.Dots |= text[i] == '\n' && next == '.';
        }

        return found;
    }

    /// <summary>The octets that the relay will count: CRLF at the end included, dot-stuffing not (RFC 1870 §4).</summary>
    public long SizeOf(int length) => length + (EndsLine ? 0 : 2);
}
