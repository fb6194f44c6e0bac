using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Findings;

/// <summary>A finding in the reader's language.</summary>
/// <param name="Happened">What is the case.</param>
/// <param name="Lost">Whether anything was lost.</param>
/// <param name="Do">What to do.</param>
public sealed record FindingText(string Title, string Happened, string Lost, string Do);

/// <summary>Puts findings into words.</summary>
public sealed class FindingTexts(IStringLocalizer<FindingWords> words, LocalText text)
{
    public FindingText Of(Finding finding)
    {
        var facts = finding.Facts.Select(Say).ToArray();
        return new(Words("Title"), Words("Happened"), Words("Lost"), Words("Do"));

        string Words(string part) => words[$"{finding.Kind}.{part}", facts];
    }

    /// <summary>The one-line health: all is well, or how much is not.</summary>
    public string Summary(IReadOnlyCollection<Finding> findings)
    {
        var faults = findings.Count(finding => finding.Severity == Severity.Fault);
        var warnings = findings.Count(finding => finding.Severity == Severity.Warning);
        return (faults, warnings) switch
        {
            (0, 0) => words["Summary.Well"],
            (0, 1) => words["Summary.Warning"],
            (0, _) => words["Summary.Warnings", text.Number(warnings)],
            (1, 0) => words["Summary.Fault"],
            (_, 0) => words["Summary.Faults", text.Number(faults)],
            _ => words["Summary.Both", text.Number(faults), text.Number(warnings)],
        };
    }

    /// <summary>40 sekunder · 12 minuter · 3 timmar · 2 dygn</summary>
    public string Span(TimeSpan span) => span.Duration() switch
    {
        { TotalSeconds: < 90 } short_ => words["Span.Seconds", text.Number((long)short_.TotalSeconds)],
        { TotalMinutes: < 90 } minutes => words["Span.Minutes", text.Number((long)minutes.TotalMinutes)],
        { TotalHours: < 36 } hours => words["Span.Hours", text.Number((long)hours.TotalHours)],
        var days => words["Span.Days", text.Number((long)days.TotalDays)],
    };

    private object Say(object fact) => fact switch
    {
        DateTimeOffset at => text.Short(at),
        TimeSpan span => Span(span),
        Named named => named.Says(),
        int or long => text.Number(Convert.ToInt64(fact, System.Globalization.CultureInfo.InvariantCulture)),
        _ => fact,
    };
}
