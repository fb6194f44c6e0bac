using System.Buffers;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// The one gate for text that goes into a header or an envelope. A line break let through here is a header somebody else wrote
/// (RFC 5322 §2.2, RFC 5321 §4.1.2), so controls are refused, never dropped silently.
/// </summary>
public static class HeaderText
{
    private static readonly SearchValues<char> PrintableAscii = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    /// <summary>Gives <paramref name="text"/> back unchanged.</summary>
    /// <exception cref="MimeException">It holds CR, LF, NUL or another control (C0, DEL, C1, U+2028, U+2029), or is not valid Unicode.</exception>
    public static string Guard(string field, string text)
    {
        var at = FindRefused(text);
        if (at >= 0)
            throw new MimeException(field, $"character {at + 1} is {Describe(text[at])}, which may not stand in a header");
        return text;
    }

    /// <summary>
    /// True when <paramref name="name"/> is a header field name: printable ASCII without a colon (RFC 5322 §3.6.8), at most 64 characters.
    /// </summary>
    public static bool IsFieldName(string name) =>
        name.Length is > 0 and <= 64 && !name.AsSpan().ContainsAnyExceptInRange('!', '~') && !name.Contains(':', StringComparison.Ordinal);

    internal static bool IsPrintableAscii(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(PrintableAscii);

    private static int FindRefused(string text)
    {
        if (IsPrintableAscii(text))
            return -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                return i;
            if (!char.IsSurrogate(c))
                continue;
            if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return i;
            i++;
        }
        return -1;
    }

    private static string Describe(char c) => c switch
    {
        '\r' => "a carriage return (CR)",
        '\n' => "a line feed (LF)",
        '\0' => "NUL",
        '\u2028' or '\u2029' => "a line or paragraph separator",
        _ when char.IsSurrogate(c) => "half a character (an unpaired surrogate)",
        _ => $"the control character U+{(int)c:X4}",
    };
}
