using System.Buffers;
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

    /// <summary>
    /// Free text of one line, as a name, fit for a header and a page: each run of line ends and controls becomes a space, marks that turn the
    /// direction of what follows go, and what is no character becomes U+FFFD.
    /// </summary>
    public static string Line(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text.Trim();
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsTurn(rune)) continue;
            if (!IsBreak(rune)) line.Append(IsNoncharacter(rune) ? Rune.ReplacementChar : rune);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().Trim();
    }

    /// <summary>The same of what may be left out: null where nothing is left of it.</summary>
    public static string? OptionalLine(string? text) => text is not null && Line(text) is { Length: > 0 } line ? line : null;

    /// <summary>True when <see cref="Line"/> would change no more than the space around it.</summary>
    public static bool IsLine(string text) => Line(text) == text.Trim();

    /// <summary>Without the space and the characters that leave no trace at its ends.</summary>
    public static string TrimBlank(string text)
    {
        var (begin, end) = (0, text.Length);
        while (Rune.DecodeFromUtf16(text.AsSpan(begin, end - begin), out var rune, out var size) == OperationStatus.Done && IsSpaceOrBlank(rune))
            begin += size;
        while (Rune.DecodeLastFromUtf16(text.AsSpan(begin, end - begin), out var rune, out var size) == OperationStatus.Done && IsSpaceOrBlank(rune))
            end -= size;
        return text[begin..end];
    }

    /// <summary>Without any character that leaves no trace; space stays.</summary>
    public static string WithoutBlank(string text) => string.Concat(text.EnumerateRunes().Where(rune => !IsBlank(rune)));

    /// <summary>
    /// The first character that leaves no trace on a page, or that nobody can read: controls, format characters, fillers, variation selectors,
    /// private use, what is unassigned or no character (Unicode §5.21, §23.7), and U+FFFD. Null: all can be seen.
    /// </summary>
    public static Rune? FirstUnseen(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return null;
        foreach (var rune in text.EnumerateRunes())
            if (IsBlank(rune) || IsUnreadable(rune)) return rune;
        return null;
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

    private static bool IsBreak(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // Embeddings, overrides and isolates (UAX #9), and the byte order mark.
    private static bool IsTurn(Rune rune) => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF;

    private static bool IsNoncharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    private static bool IsSpaceOrBlank(Rune rune) => Rune.IsWhiteSpace(rune) || IsBlank(rune);

    private static bool IsBlank(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
        // Default_Ignorable_Code_Point of other categories, and the blank of Braille.
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    // What could not be read, or whose sign was left out, stands as U+FFFD and U+FFFC.
    private static bool IsUnreadable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned || rune.Value is 0xFFFC or 0xFFFD;
}
