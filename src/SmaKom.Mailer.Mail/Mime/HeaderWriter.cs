using System.Buffers.Text;
using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// Writes header text and keeps count of the column, so that lines fold at 78 characters (RFC 5322 §2.1.1), at 76 with encoded-words (RFC 2047 §2).
/// </summary>
internal ref struct HeaderWriter(Span<byte> output, int column)
{
    public const int LineWidth = 78;
    public const int EncodedLineWidth = 76;

    private const int EncodedWordWidth = 75;
    private static ReadOnlySpan<byte> QPrefix => "=?utf-8?Q?"u8;
    private static ReadOnlySpan<byte> BPrefix => "=?utf-8?B?"u8;

    private readonly Span<byte> _output = output;

    public int Written { get; private set; }

    public int Column { get; private set; } = column;

    /// <summary>Enough for a name or text of so many UTF-16 units, however it is encoded and folded.</summary>
    public static int MaxLength(int chars) => (chars * 12) + 128;

    public void Raw(scoped ReadOnlySpan<char> text)
    {
        var count = Encoding.UTF8.GetBytes(text, _output[Written..]);
        Written += count;
        Column += count;
    }

    /// <summary>The space before a word of <paramref name="width"/> octets; a folded line when the word would not fit on this one.</summary>
    public void SpaceBefore(int width)
    {
        if (Column + 1 + width > LineWidth)
            Fold();
        else
            Raw(" ");
    }

    /// <summary>Writes words that stand alone when they fit the line; used for plain ASCII.</summary>
    public void Words(scoped ReadOnlySpan<char> text)
    {
        var first = true;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (!first)
                SpaceBefore(word.Length);
            first = false;
            Raw(word);
        }
    }

    /// <summary>
    /// Writes <paramref name="text"/> as encoded-words (RFC 2047 §2) of at most 75 characters, Q or B, whichever is shorter. The Q
    /// alphabet is the one allowed in a phrase (§5 rule 3), so the same words serve names and subjects. No character is split.
    /// </summary>
    public void EncodedWords(scoped ReadOnlySpan<char> text)
    {
        var asQ = QLength(text) <= Base64.GetMaxEncodedToUtf8Length(Encoding.UTF8.GetByteCount(text));
        while (true)
        {
            var room = Math.Min(EncodedWordWidth, EncodedLineWidth - Column) - QPrefix.Length - 2;
            var part = asQ ? FitQ(text, room) : FitB(text, room);
            if (part > 0)
            {
                if (asQ)
                    WriteQ(text[..part]);
                else
                    WriteB(text[..part]);
                text = text[part..];
            }
            if (text.IsEmpty)
                return;
            Fold();
        }
    }

    private void Fold()
    {
        Raw("\r\n ");
        Column = 1;
    }

    private static int QLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
            length += QWidth(rune);
        return length;
    }

    private static int QWidth(Rune rune) => rune.Value == ' ' || IsPlainInQ(rune) ? 1 : 3 * rune.Utf8SequenceLength;

    private static bool IsPlainInQ(Rune rune) =>
        rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '!' or '*' or '+' or '-' or '/');

    private static int FitQ(ReadOnlySpan<char> text, int room)
    {
        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= QWidth(rune);
            if (room < 0)
                break;
            fits += rune.Utf16SequenceLength;
        }
        return fits;
    }

    private static int FitB(ReadOnlySpan<char> text, int room)
    {
        var octets = Math.Max(room, 0) / 4 * 3;
        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            octets -= rune.Utf8SequenceLength;
            if (octets < 0)
                break;
            fits += rune.Utf16SequenceLength;
        }
        return fits;
    }

    private void WriteQ(scoped ReadOnlySpan<char> text)
    {
        Span<byte> octets = stackalloc byte[4];
        Octets(QPrefix);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == ' ')
                Octets("_"u8);
            else if (IsPlainInQ(rune))
                Octets([(byte)rune.Value]);
            else
                foreach (var b in octets[..rune.EncodeToUtf8(octets)])
                    Octets([(byte)'=', "0123456789ABCDEF"u8[b >> 4], "0123456789ABCDEF"u8[b & 15]]);
        }
        Octets("?="u8);
    }

    private void WriteB(scoped ReadOnlySpan<char> text)
    {
        Span<byte> octets = stackalloc byte[EncodedWordWidth];
        var count = Encoding.UTF8.GetBytes(text, octets);
        Octets(BPrefix);
        Base64.EncodeToUtf8(octets[..count], _output[Written..], out _, out var written);
        Written += written;
        Column += written;
        Octets("?="u8);
    }

    private void Octets(scoped ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_output[Written..]);
        Written += octets.Length;
        Column += octets.Length;
    }
}
