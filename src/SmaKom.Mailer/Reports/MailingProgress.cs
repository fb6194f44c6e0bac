using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Accounts.Frame;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>A running issue in words, once for whoever loads a page of it and again at each change for whoever stays on it.</summary>
public sealed class MailingProgress(
    LiveNumbers numbers, Breakdowns breakdowns, ReportPhrases say, Phrases issues, IStringLocalizer<ReportWords> words, LocalText text,
    LiveEvents live)
{
    /// <summary>GET /redaktion/nummer/{id}/lage: numbers alone.</summary>
    internal static IResult OfIssue(int id, HttpContext context, MailingProgress progress) => progress.Watch(id, context, withBreakdown: false);

    /// <summary>GET /admin/utskick/{id}/lage: numbers, and the tables of domains and causes.</summary>
    internal static IResult OfMailing(int id, HttpContext context, MailingProgress progress) => progress.Watch(id, context, withBreakdown: true);

    /// <param name="breakdown">The tables that the page shows; null: none.</param>
    public LiveNews Describe(IssueNumbers now, IssueBreakdown? breakdown) => new(
        breakdown is null ? $"{now.State}" : $"{now.State} {StampOf(breakdown)}",
        ReceiptLines.Of(now.Receipt).ToDictionary(line => line.CssClass, line => text.Number(line.Count))
            .Append(new("sentence", Sentence(now)))
            .Append(new("left", string.Join(' ', new[] { Left(now), Held(now), Retry(now) }.Where(part => part != ""))))
            .Append(new("rate", Rate(now))).ToDictionary(),
        now.Receipt.Percent(), [.. Says(now)],
        now.State is IssueState.Sent or IssueState.Cancelled or IssueState.Draft);

    private IResult Watch(int id, HttpContext context, bool withBreakdown) => live.Answer(context, async ct =>
        await numbers.GetAsync(id, ct) is { } now ? Describe(now, withBreakdown ? await breakdowns.GetAsync(id, ct) : null) : null);

    private string Sentence(IssueNumbers now) =>
        words["Sentence", text.Number(now.Receipt.Done()), text.Number(now.Receipt.Audience), now.Receipt.Percent()];

    private IEnumerable<string> Says(IssueNumbers now)
    {
        yield return now.State switch
        {
            IssueState.Sending => words["Began"],
            IssueState.Sent => $"{words["Ended"]} {Sentence(now)}",
            _ => issues.State(now.State),
        };
        // Every quarter: a reader that speaks must not be drowned.
        if (now.State == IssueState.Sending && now.Receipt.Percent() / 25 is > 0 and var quarters) yield return words["Step", quarters * 25];
        if (now.Receipt.Refused + now.Receipt.Unknown is > 0 and var wrong) yield return Alarm(wrong);
    }

    /// <summary>212 i minuten · Står still</summary>
    public string Rate(IssueNumbers now) => now.State != IssueState.Sending ? "–"
        : now.PerMinute > 0 ? words["Rate.PerMinute", text.Number((long)Math.Ceiling(now.PerMinute))] : words["Rate.None"];

    private string Left(IssueNumbers now)
    {
        if (now.State == IssueState.Paused) return words["Left.Paused"];
        if (now.State != IssueState.Sending || now.Receipt.Waiting == 0) return "";
        // Those put off by their server come when it lets them, not at our rate.
        var waiting = now.Receipt.Waiting - now.Receipt.Deferred;
        if (waiting == 0) return words["Left.OnlyDeferred"];
        if (now.PerMinute <= 0 && !now.Limits.Holds) return words["Left.Stuck", text.Number(waiting)];
        // A rate of the first seconds, before the limits began to hold, promises too much.
        var left = Longest(now.PerMinute > 0 ? TimeSpan.FromMinutes(waiting / now.PerMinute) : TimeSpan.Zero, now.Limits.Least);
        var minutes = (int)Math.Ceiling(left.TotalMinutes);
        return left switch
        {
            { TotalMinutes: < 1 } => words["Left.Soon"],
            { TotalMinutes: < 120 } => minutes == 1 ? words["Left.Minute"] : words["Left.Minutes", text.Number(minutes)],
            { TotalHours: < 48 } => words["Left.Hours", text.Number((long)Math.Ceiling(left.TotalHours))],
            _ => words["Left.Days", text.Number((long)Math.Ceiling(left.TotalDays))],
        };
    }

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Why letters wait though nothing is wrong.</summary>
    private string Held(IssueNumbers now) => now.Limits switch
    {
        { Resting: { } resting } => words["Held.Resting", text.Number(resting.Letters), resting.Group, text.Clock(resting.Until)],
        { Holding: { Group: { } group } limit } => words["Held.LimitTo", text.Number(limit.Count), say.Span(limit.Per), group],
        { Holding: { } limit } => words["Held.Limit", text.Number(limit.Count), say.Span(limit.Per)],
        _ => "",
    };

    private string Retry(IssueNumbers now) => (now.Receipt.Deferred, now.NextRetryAt) switch
    {
        (0, _) or (_, null) => "",
        (1, { } at) => words["Retry.One", say.When(at)],
        (var many, { } at) => words["Retry.Many", text.Number(many), say.When(at)],
    };

    /// <summary>Says so at the first, the tenth, the hundredth …</summary>
    private string Alarm(int wrong)
    {
        var step = (int)Math.Pow(10, (int)Math.Log10(wrong));
        return step == 1 ? words["Alarm.One"] : words["Alarm", text.Number(step)];
    }

    private static string StampOf(IssueBreakdown breakdown) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', breakdown.Domains.Cast<object>().Concat(breakdown.Causes)))), 0,
            8);
}
