using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>Whom a report in plain words is about: an address at the beginning of a line, and what stands beside and below it.</summary>
internal static partial class TextRecipients
{
    private const int Most = 100;
    private const string Quote = "<<< ";

    /// <summary>Address, and the words beside and below it; the same address once.</summary>
    public static IReadOnlyList<(string Address, string Words)> In(string said, CancellationToken ct)
    {
        var found = new List<(string Address, List<string> Words)>();
        (string Address, List<string> Words)? open = null;
        foreach (var line in said.Split('\n'))
        {
            ct.ThrowIfCancellationRequested();
            if (Start(line) is var (address, rest))
            {
                var known = found.FindIndex(one => one.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
                if (known < 0 && found.Count < Most) found.Add((address, []));
                open = found[known < 0 ? ^1 : known];
                if (rest.Length > 0) open.Value.Words.Add(rest);
            }
            else if (string.IsNullOrWhiteSpace(line))
            {
                // qmail and Exim end with an empty line; others leave one between the address and the words.
                if (open is { Words.Count: > 0 }) open = null;
            }
            else if (open is { Words.Count: < 40 })
            {
                open.Value.Words.Add(line.Trim());
            }
        }

        return [.. found.Select(one => (one.Address, string.Join(' ', one.Words)))];
    }

    /// <summary>The first address in a sentence that is not the sender's or somebody's to ask; null: none.</summary>
    public static string? InSentence(string said)
    {
        var text = PlainWords.Cut(said, PlainWords.MaxRead);
        foreach (Match match in Address().Matches(text))
            if (!About().IsMatch(text.AsSpan(Math.Max(0, match.Index - 20), Math.Min(20, match.Index)))) return match.Value;
        return null;
    }

    /// <summary>Sendmail marks what the other side said.</summary>
    public static bool HasQuotes(string said) =>
        said.StartsWith(Quote, StringComparison.Ordinal) || said.Contains("\n" + Quote, StringComparison.Ordinal);

    /// <summary>Lines with a code in them: what a server said, within what a program tells about it.</summary>
    public static string Replies(string said)
    {
        var lines = said.Split('\n').Select(line => line.Trim()).ToList();
        // 503 is the end of what was refused before.
        var marked = lines.Where(line => line.StartsWith(Quote, StringComparison.Ordinal)).Select(line => line[Quote.Length..])
            .Where(line => !line.StartsWith("503", StringComparison.Ordinal)).ToList();
        return string.Join(' ', marked.Count > 0 ? marked : lines.Where(line => SaidCodes.In(line) is not (null, null)));
    }

    private static (string Address, string Beside)? Start(string line)
    {
        if (line.StartsWith("<<<", StringComparison.Ordinal) || line.StartsWith(">>>", StringComparison.Ordinal)) return null;
        var match = AtStart().Match(line.Length > 2000 ? PlainWords.Cut(line, 2000) : line);
        return match.Success
            ? (UnicodeText.WellFormed(match.Groups["address"].Value),
                (match.Groups["code"].Value + line[match.Length..].TrimStart(' ', ':', '.', '\t')).Trim())
            : null;
    }

    // Whole domains of two labels or more (RFC 1035 §2.3.4).
    private const string AddressPattern = @"[^\s<>()\[\]"",;:@]{1,64}@(?>[\p{L}\p{N}\-]{1,63}(?:\.[\p{L}\p{N}\-]{1,63}){1,20})";

    private const string CodePattern = @"(?<code>(?:[45][0-9]{2}[ \-])?(?:[45]\.[0-9]{1,3}\.[0-9]{1,3} )?)";

    [GeneratedRegex(@"^[\s*\-•""'(\[]{0,40}" + CodePattern + @"<?[""']?(?<address>" + AddressPattern + @")[""'>]{0,2}(?=[:\s<(\[.,]|$)",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex AtStart();

    [GeneratedRegex(AddressPattern, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Address();

    [GeneratedRegex(@"(from|to:|cc:|contact|mailto|with|by|reply|sender|postmaster|mail to)[\s:<""(]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex About();
}
