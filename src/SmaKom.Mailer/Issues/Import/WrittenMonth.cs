using System.Globalization;
using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>Finds the month that a text names: 2019-05, maj 2019, May 2019.</summary>
internal static partial class WrittenMonth
{
    private static readonly string[] Names =
        [.. new[] { "sv", "en" }.SelectMany(language => CultureInfo.GetCultureInfo(language).DateTimeFormat.MonthNames.Take(12))
            .Select(name => name.ToLowerInvariant())];

    public static (int Year, int Month)? In(string text)
    {
        if (Figures().Match(text) is { Success: true } figures)
            return (Number(figures.Groups[1].Value), Number(figures.Groups[2].Value));
        foreach (Match words in Words().Matches(text))
            if (Array.IndexOf(Names, words.Groups[1].Value.ToLowerInvariant()) is >= 0 and var at)
                return (Number(words.Groups[2].Value), (at % 12) + 1);
        return null;
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<!\d)(20\d\d)[-_./]?(0[1-9]|1[0-2])(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Figures();

    [GeneratedRegex(@"(\p{L}{3,9})[\s_.-]+(20\d\d)(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
