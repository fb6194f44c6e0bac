using System.Globalization;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>A day that a text names.</summary>
/// <param name="Words">As it stands there.</param>
/// <param name="Day">Null: no such day is in the calendar.</param>
/// <param name="Weekday">That the text gives it; null: none.</param>
/// <param name="IsDeadline">"senast den 25 november": of no use to readers when it has passed.</param>
internal sealed record NamedDay(string Words, DateOnly? Day, DayOfWeek? Weekday, bool IsDeadline);

/// <summary>Finds days in Swedish and English texts. One without a year is one near the issue's month.</summary>
internal static partial class DatesInText
{
    private const string SwedishWeekday = "(?<weekday>måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag)";
    private const string EnglishWeekday = "(?<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)";

    private const string SwedishMonth =
        @"(?<month>januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|jan|feb|apr|aug|sept?|okt|nov|dec)\b";

    private const string EnglishMonth = "(?<month>january|february|march|april|may|june|july|august|september|october|november|december)";
    private const string EnglishDeadline = @"(?<deadline>\b(?:by|no\s+later\s+than|at\s+the\s+latest)\s+)?";

    /// <summary>Issues speak of the ten months to come more than of those that were.</summary>
    private const int LeadDays = 120;

    private const string Day = @"(?<![\d–-])(?<day>\d{1,2})";

    private const string Year = @"(?:,?\s+(?<year>(?:19|20)\d\d)\b)?";

    public static IEnumerable<NamedDay> Find(string text, int year, int month)
    {
        // "4 April" is of both languages: it is read once, with its weekday if it has one.
        var taken = new List<Match>();
        foreach (var match in new[] { Swedish(), English(), American() }.SelectMany(form => form.Matches(text))
            .OrderByDescending(match => match.Length))
            if (!taken.Exists(other => match.Index < other.Index + other.Length && other.Index < match.Index + match.Length)) taken.Add(match);
        return taken.OrderBy(match => match.Index).Select(match => Read(match, new(year, month, 15)));
    }

    private static NamedDay Read(Match match, DateOnly issue)
    {
        var (day, month) = (Number(match, "day"), DayNames.Month(match.Groups["month"].Value)!.Value);
        var weekday = match.Groups["weekday"] is { Success: true } name ? DayNames.Weekday(name.Value) : null;
        var isDeadline = match.Groups["deadline"].Success;
        return new(match.Groups["date"].Value,
            match.Groups["year"].Success ? DayNames.DayOf(Number(match, "year"), month, day) : WithoutYear(month, day, weekday, isDeadline, issue),
            weekday, isDeadline);
    }

    /// <summary>
    /// In July, "5 December" may be the last one or the next: an article tells of either, and its weekday says which. A deadline lies ahead.
    /// </summary>
    private static DateOnly? WithoutYear(int month, int day, DayOfWeek? weekday, bool isDeadline, DateOnly issue)
    {
        var days = Enumerable.Range(issue.Year - 1, 3).Select(year => DayNames.DayOf(year, month, day)).OfType<DateOnly>().ToList();
        if (days.Count == 0) return null;
        var (nearest, ahead) = (Closest(days, issue), Closest(days, issue.AddDays(LeadDays)));
        return isDeadline || ahead.DayOfWeek == weekday ? ahead : nearest;
    }

    private static DateOnly Closest(List<DateOnly> days, DateOnly to) => days.MinBy(day => Math.Abs(day.DayNumber - to.DayNumber));

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        $@"(?<deadline>\bsenast\s+(?:på\s+)?)?(?:\bden\s+)?"
        + $@"(?<date>(?:\b{SwedishWeekday}(?:en)?\s+(?:den\s+)?)?{Day}(?:\s*:?[ea])?\s+{SwedishMonth}{Year})", RegexOptions.IgnoreCase)]
    private static partial Regex Swedish();

    [GeneratedRegex(
        $@"{EnglishDeadline}(?<date>(?:\b{EnglishWeekday},?\s+(?:the\s+)?)?{Day}(?:st|nd|rd|th)?\s+(?:of\s+)?{EnglishMonth}\b{Year})",
        RegexOptions.IgnoreCase)]
    private static partial Regex English();

    [GeneratedRegex(
        $@"{EnglishDeadline}(?<date>\b{EnglishWeekday},?\s+{EnglishMonth}\s+{Day}(?:st|nd|rd|th)?\b{Year})", RegexOptions.IgnoreCase)]
    private static partial Regex American();
}
