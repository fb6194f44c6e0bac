using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>Sending in words: when, how soon, to how many.</summary>
public sealed class Phrases(IStringLocalizer<StaffWords> words, LocalText text, IOptions<SiteOptions> site, DatabaseClock time)
{
    /// <summary>Skickas tisdag 24 november 2026 kl. 09.00 (svensk tid), om 2 dagar, till 412 mottagare.</summary>
    public string SendsAt(DateTimeOffset at, int audience) =>
        words["Sentence.At", text.DateAndTime(at), Zone, Relative(at), Recipients(audience)];

    /// <summary>Skickas 5 minuter efter att du har bekräftat, till 412 mottagare. …</summary>
    public string SendsNow(TimeSpan undoWindow, int audience) =>
        words["Sentence.Now", Minutes(undoWindow), Recipients(audience)];

    /// <summary>Med de gränser som gäller tar det minst 3 timmar. Null: less than a minute.</summary>
    public string? Takes(TimeSpan least) => least.TotalMinutes < 1 ? null : words["Sentence.Takes", least switch
    {
        { TotalMinutes: < 90 } => Minutes(least),
        { TotalHours: < 48 } => Counted("Hour", (int)Math.Round(least.TotalHours)),
        _ => Counted("Day", (int)Math.Round(least.TotalDays)),
    }].Value;

    /// <summary>svensk tid</summary>
    public string Zone => site.Value.TimeZone == "Europe/Stockholm" ? words["SwedishTime"] : words["OtherZone", site.Value.TimeZone];

    /// <summary>412 mottagare</summary>
    public string Recipients(int count) => Counted("Recipient", count);

    /// <summary>5 minuter, rounded up to whole ones.</summary>
    public string Minutes(TimeSpan duration) => Counted("Minute", (int)Math.Ceiling(duration.TotalMinutes));

    public string State(IssueState state) => words[$"State.{state}"];

    /// <summary>What an issue is, behind "the issue is": a draft, queued, sent.</summary>
    public string Is(IssueState state) => state == IssueState.Draft ? words["State.Draft.Is"] : State(state).ToLower(CultureInfo.CurrentUICulture);

    /// <summary>The state's class of the stylesheet, which carries its sign.</summary>
    public static string StateClass(IssueState state) => $"state {state.ToString().ToLowerInvariant()}";

    /// <summary>om 5 minuter · om 3 timmar · i morgon · om 2 dagar (days by the calendar, as people count them)</summary>
    public string Relative(DateTimeOffset at)
    {
        var now = time.GetUtcNow();
        var left = at - now;
        var days = (text.Local(at).Date - text.Local(now).Date).Days;
        return left switch
        {
            { TotalSeconds: < 1 } => words["Relative.Now"],
            { TotalSeconds: < 60 } => Counted("Relative.Second", (int)left.TotalSeconds),
            { TotalMinutes: < 60 } => Counted("Relative.Minute", (int)Math.Round(left.TotalMinutes)),
            { TotalHours: < 12 } => Counted("Relative.Hour", (int)Math.Round(left.TotalHours)),
            _ when days <= 0 => Counted("Relative.Hour", (int)Math.Round(left.TotalHours)),
            _ when days == 1 => words["Relative.Tomorrow"],
            _ => words["Relative.Days", text.Number(days)],
        };
    }

    private string Counted(string key, int count) => words[key, text.Number(count)];
}
