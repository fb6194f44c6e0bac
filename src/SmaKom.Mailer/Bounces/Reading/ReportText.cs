namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>The text of a report, parted where the letter begins that it gives back.</summary>
/// <param name="Said">What the report says itself.</param>
/// <param name="Letter">The letter's beginning, its headers first; empty: it is not quoted.</param>
internal sealed record ReportText(string Said, string Letter)
{
    /// <summary>Fields that a letter has and a report's sentences have not.</summary>
    private static readonly string[] OfLetters =
        ["received", "return-path", "message-id", "mime-version", "content-type", "date", "dkim-signature", "delivered-to"];

    private static readonly string[] Known = [.. OfLetters, "from", "to", "subject", "reply-to"];

    private const int MaxLinesOfOneField = 60;

    public static ReportText Of(string text, CancellationToken ct)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            ct.ThrowIfCancellationRequested();
            // The first line is never the end of what is said.
            if (at > 0 && IsEnd(lines[at]) || IsLetter(lines, at))
                return new(Joined(lines.AsSpan(..at)), Joined(lines.AsSpan(at..)).TrimStart());
        }

        return new(Joined(lines), "");
    }

    /// <summary>One of many fields, as written; null: a line of another kind.</summary>
    public static (string Name, string Value)? Header(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 1 or > 70) return null;
        foreach (var letter in line.AsSpan(0, colon))
            if (letter is <= ' ' or > '~') return null;
        return (line[..colon], line[(colon + 1)..].Trim());
    }

    /// <summary>Folded lines joined with the line that they continue.</summary>
    public static IEnumerable<string> Unfold(string text)
    {
        string? field = null;
        var folded = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (field is not null && line.Length > 0 && line[0] is ' ' or '\t' && ++folded < MaxLinesOfOneField)
            {
                field += " " + line.Trim();
                continue;
            }

            if (field is not null) yield return field;
            (field, folded) = (line, 0);
        }

        if (field is not null) yield return field;
    }

    private static bool IsEnd(string line) => line.Length < 200 && KindMarks.Has("returned", "text", line.ToLowerInvariant());

    /// <summary>Three fields of a letter in a row, two of them such as only a letter has.</summary>
    private static bool IsLetter(string[] lines, int at)
    {
        if (!IsKnown(lines[at], out _)) return false;
        var (fields, ofLetters) = (0, 0);
        for (var i = at; i < lines.Length && i < at + MaxLinesOfOneField; i++)
        {
            if (lines[i].Length > 0 && lines[i][0] is ' ' or '\t') continue;
            if (Header(lines[i]) is null) break;
            fields++;
            if (IsKnown(lines[i], out var isOfLetters) && isOfLetters) ofLetters++;
        }

        return fields >= 3 && ofLetters >= 2;
    }

    private static bool IsKnown(string line, out bool isOfLetters)
    {
        isOfLetters = false;
        if (Header(line) is not var (name, _)) return false;
        name = name.ToLowerInvariant();
        isOfLetters = OfLetters.Contains(name);
        return Known.Contains(name);
    }

    private static string Joined(ReadOnlySpan<string> lines) => string.Join('\n', lines!);
}
