using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// Writes text as UTF-8 in quoted-printable (RFC 2045 §6.7): lines of at most 76 characters, CRLF line ends.
/// The result is born canonical for DKIM's relaxed body (RFC 6376 §3.4.4): no tab, no two spaces in a row, no space at a line
/// end, so the signer hashes the bytes as they are. A line never starts with "." or "From ", so SMTP need not stuff dots.
/// </summary>
internal ref struct QuotedPrintable(Span<byte> output)
{
    // One column is kept for the "=" of a soft line break.
    private const int Width = 75;
    private readonly Span<byte> _output = output;
    private bool _afterSpace;

    public int Written { get; private set; }

    public int Column { get; private set; }

    /// <summary>Enough for any text of so many UTF-16 units, HTML-encoded or not, plus line breaks.</summary>
    public static int MaxLength(int chars) => (chars * 10) + 16;

    /// <summary>
    /// Writes a stretch of text; CRLF, CR and LF are line ends. With <paramref name="html"/>, markup characters become character references.
    /// </summary>
    public void Write(scoped ReadOnlySpan<char> text, bool html = false)
    {
        while (!text.IsEmpty)
        {
            var c = text[0];
            if (c is '\r' or '\n')
            {
                HardBreak();
                text = text[(text is ['\r', '\n', ..] ? 2 : 1)..];
            }
            else if (c is > ' ' and <= '~')
            {
                WritePrintable(c, text, html);
                text = text[1..];
            }
            else if (c == ' ')
            {
                WriteSpace(beforeBreak: text.Length > 1 && text[1] is '\r' or '\n');
                text = text[1..];
            }
            else
            {
                Rune.DecodeFromUtf16(text, out var rune, out var used);
                WriteEncoded(rune);
                text = text[used..];
            }
        }
    }

    /// <summary>A line end that the decoder drops: "=" CRLF.</summary>
    public void SoftBreak()
    {
        _output[Written++] = (byte)'=';
        NewLine();
    }

    private void HardBreak() => NewLine();

    private void NewLine()
    {
        _output[Written++] = (byte)'\r';
        _output[Written++] = (byte)'\n';
        Column = 0;
        _afterSpace = false;
    }

    private void WritePrintable(char c, scoped ReadOnlySpan<char> rest, bool html)
    {
        if (html && CharacterReference(c) is { IsEmpty: false } reference)
        {
            foreach (var b in reference)
                Literal(b);
            return;
        }
        if (Column >= Width)
            SoftBreak();
        var mustHide = c == '=' || (Column == 0 && (c == '.' || (c == 'F' && rest.StartsWith("From "))));
        if (mustHide)
            Octets([(byte)c]);
        else
            Literal((byte)c);
    }

    private static ReadOnlySpan<byte> CharacterReference(char c) => c switch
    {
        '&' => "&amp;"u8,
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '"' => "&quot;"u8,
        '\'' => "&#39;"u8,
        _ => [],
    };

    private void WriteSpace(bool beforeBreak)
    {
        if (_afterSpace || beforeBreak)
        {
            Octets(" "u8);
            return;
        }
        Literal((byte)' ');
        _afterSpace = true;
    }

    private void WriteEncoded(Rune rune)
    {
        Span<byte> octets = stackalloc byte[4];
        Octets(octets[..rune.EncodeToUtf8(octets)]);
    }

    private void Literal(byte b)
    {
        if (Column >= Width)
            SoftBreak();
        _output[Written++] = b;
        Column++;
        _afterSpace = false;
    }

    /// <summary>Keeps the octets of one character on one line, for readers who look at the source.</summary>
    private void Octets(scoped ReadOnlySpan<byte> octets)
    {
        if (Column + (3 * octets.Length) > Width)
            SoftBreak();
        foreach (var b in octets)
        {
            _output[Written++] = (byte)'=';
            _output[Written++] = "0123456789ABCDEF"u8[b >> 4];
            _output[Written++] = "0123456789ABCDEF"u8[b & 15];
        }
        Column += 3 * octets.Length;
        _afterSpace = false;
    }
}
