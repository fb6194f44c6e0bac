using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Days that do not exist, that are another weekday, or that have passed when readers get the issue.</summary>
internal static class DateChecks
{
    /// <param name="sent">The day on which readers get it, in the site's zone.</param>
    public static IEnumerable<IssueFlaw> Find(IssueContent content, DateOnly sent) =>
        InTexts(content, sent).Concat(ContentPlaces.Events(content).SelectMany(at => InEvent(at.Place, at.Item, sent)));

    private static IEnumerable<IssueFlaw> InTexts(IssueContent content, DateOnly sent)
    {
        // A year that is none is told by the content's rules.
        if (content.Year is < 2000 or > 2999 || content.Month is < 1 or > 12) return [];
        return ContentPlaces.Texts(content).SelectMany(text => DatesInText.Find(text.Text, content.Year, content.Month)
            .Select(day => OfDay(text.Place, day, sent)).OfType<IssueFlaw>());
    }

    // What an article tells of has passed, as a rule: a day alone is no flaw.
    private static IssueFlaw? OfDay(string place, NamedDay named, DateOnly sent) => named switch
    {
        { Day: null } => IssueFlaw.Warn(place, "NoSuchDay", named.Words),
        { Day: { } day, Weekday: { } weekday } when weekday != day.DayOfWeek =>
            IssueFlaw.Warn(place, "WrongWeekday", named.Words, day, day.DayOfWeek),
        { Day: { } day, IsDeadline: true } when day < sent => IssueFlaw.Warn(place, "DeadlinePassed", named.Words),
        _ => null,
    };

    private static IEnumerable<IssueFlaw> InEvent(string place, EventItem item, DateOnly sent)
    {
        if (item.Start == default) yield break;
        if ((item.End ?? item.Start) < sent) yield return IssueFlaw.Warn($"{place}.start", "EventPassed", item.End ?? item.Start);
        else if (item.SignUpBy < sent) yield return IssueFlaw.Warn($"{place}.signUpBy", "SignUpPassed", item.SignUpBy.Value);
    }
}
