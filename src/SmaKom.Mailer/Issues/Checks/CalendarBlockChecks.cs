using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>A calendar that lists nothing.</summary>
internal static class CalendarBlockChecks
{
    public static IEnumerable<IssueFlaw> Find(IssueContent content) => content.Calendar().Any() ? []
        : ContentPlaces.Blocks(content).Where(at => at.Block is CalendarBlock).Select(at => IssueFlaw.Warn(at.Place, "CalendarEmpty"));
}
