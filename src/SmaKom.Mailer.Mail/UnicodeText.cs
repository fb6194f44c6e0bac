using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Mail;

/// <summary>Text that others wrote, made fit to be kept and shown. The one place where text is cut.</summary>
public static class UnicodeText
{
    private const string Ellipsis = " …";

    /// <summary>
    /// What can neither be encoded nor stored becomes U+FFFD: half of a surrogate pair has no UTF-8 form, and U+0000 no place in
    /// PostgreSQL's text.
    /// </summary>
    public static string WellFormed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0', StringComparison.Ordinal)) return text;
        var mended = new StringBuilder(text.Length);
        // What is no character is enumerated as U+FFFD.
        foreach (var rune in text.EnumerateRunes()) mended.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return mended.ToString();
    }

    /// <summary>Well-formed, and at most <paramref name="most"/> UTF-16 code units of it: whole characters as people see them (UAX #29).</summary>
    /// <param name="most">1 or more.</param>
    public static string Truncate(string text, int most) => WellFormed(text.Length <= most ? text : text[..Boundary(text, most)]);

    /// <summary>As <see cref="Truncate"/>; a text that was longer ends with an ellipsis beyond <paramref name="most"/>.</summary>
    public static string Shorten(string text, int most) => text.Length <= most ? WellFormed(text) : Truncate(text, most) + Ellipsis;

    private static int Boundary(string text, int most)
    {
        var end = 0;
        while (StringInfo.GetNextTextElementLength(text.AsSpan(end)) is var next && end + next <= most) end += next;
        if (end > 0) return end;
        // One letter with more marks on it than there is room for.
        return most > 1 && char.IsSurrogatePair(text, most - 1) ? most - 1 : most;
    }
}
