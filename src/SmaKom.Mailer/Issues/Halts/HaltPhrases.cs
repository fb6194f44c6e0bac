using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Halts;

/// <summary>
/// A halt in words, the same on the page and on the command line: why, what is certain, what may have happened since, and the choices.
/// </summary>
public sealed class HaltPhrases(IStringLocalizer<HaltWords> words, LocalText text)
{
    /// <summary>Nummer 2026-11 · Enstaka mejl</summary>
    public string Name(Halt halt) => halt.Slug is { } slug ? words["Name.Issue", slug] : words["Name.Notices"];

    public string Cause(Halt halt) => halt.Cause == HaltCause.Restored ? words["Cause.Restored"] : words["Cause.Slept", Span(halt.Silence)];

    /// <summary>Säkert: 1 000 brev var mottagna av e-postservern 29 nov. kl. 02.00, och 2 000 väntade.</summary>
    public string Certain(Halt halt) => halt.Before switch
    {
        null => words["Certain.Notices", text.Short(halt.LastActiveAt), text.Number(halt.Waiting)],
        IssueState.Queued => words["Certain.Queued", text.Short(halt.LastActiveAt)],
        _ => words["Certain.Sending", text.Short(halt.LastActiveAt), text.Number(halt.Accepted), text.Number(halt.Waiting)],
    };

    /// <summary>Kan ha skickats sedan dess: högst 2 000 brev på 9 timmar. …</summary>
    public string Since(Halt halt)
    {
        var most = words[halt.IssueId is null ? "Since.Notices" : "Since.Letters", text.Number(halt.Waiting), Span(halt.Silence),
            text.Short(halt.At)];
        if (halt.PerMinute is not { } rate || halt.Likely is not { } likely) return most;
        var speed = text.Number((long)Math.Ceiling(rate));
        return $"{most.Value} {(likely == halt.Waiting ? words["Likely.All", speed] : words["Likely.Some", speed, text.Number(likely)]).Value}";
    }

    /// <summary>What a choice does, and to how many.</summary>
    /// <param name="choice"><c>GoOn</c>, <c>Unknown</c> or <c>Stop</c>.</param>
    public string What(Halt halt, string choice) => words[$"{choice}.What.{halt.Before?.ToString() ?? "Notices"}", text.Number(halt.Waiting)];

    /// <summary>What came of a decision.</summary>
    public string Done(string choice, int count) => words[$"{choice}.Done", text.Number(count)];

    /// <summary>12 minuter · 3 timmar · 2 dygn</summary>
    private string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 90 } minutes => words["Span.Minutes", text.Number(Math.Max(1, (long)minutes.TotalMinutes))],
        { TotalHours: < 48 } hours => words["Span.Hours", text.Number((long)hours.TotalHours)],
        var days => words["Span.Days", text.Number((long)days.TotalDays)],
    };
}
