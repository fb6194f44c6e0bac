using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>What the page of a running issue shows, with numbers as people read them.</summary>
/// <param name="Counts">By the state's class, and <c>rate</c>.</param>
/// <param name="Left">How much time is left, or why nobody can tell.</param>
/// <param name="Alarm">Worth saying aloud when it changes; empty when nothing has gone wrong.</param>
/// <param name="Details">Changes when the tables below have changed.</param>
public sealed record ProgressNews(string State, int Percent, string Sentence, string Left, string Alarm, int Details, IReadOnlyDictionary<string, string> Counts);

/// <summary>A running issue in words, once for whoever loads the page and again at each change for whoever stays on it.</summary>
public sealed class MailingProgress(
    LiveNumbers numbers, Breakdowns breakdowns, ReportPhrases say, IStringLocalizer<ReportWords> words, LocalText text, TimeProvider time, IHostApplicationLifetime host)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>GET /admin/utskick/{id}/lage</summary>
    internal static IResult Answer(int id, HttpContext context, MailingProgress progress)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(progress.WatchAsync(id, context.RequestAborted));
    }

    public ProgressNews Describe(IssueNumbers now, int details) => new(
        now.State.ToString(), now.Receipt.Percent(),
        words["Sentence", text.Number(now.Receipt.Done()), text.Number(now.Receipt.Audience), now.Receipt.Percent()],
        $"{Left(now)} {Retry(now)}".Trim(), Alarm(now.Receipt.Refused + now.Receipt.Unknown), details,
        ReceiptLines.Of(now.Receipt).ToDictionary(line => line.CssClass, line => text.Number(line.Count)).Append(new("rate", Rate(now))).ToDictionary());

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
        if (now.PerMinute <= 0) return words["Left.Stuck", text.Number(waiting)];
        var left = TimeSpan.FromMinutes(waiting / now.PerMinute);
        var minutes = (int)Math.Ceiling(left.TotalMinutes);
        return left switch
        {
            { TotalMinutes: < 1 } => words["Left.Soon"],
            { TotalMinutes: < 120 } => minutes == 1 ? words["Left.Minute"] : words["Left.Minutes", text.Number(minutes)],
            _ => words["Left.Hours", text.Number((long)Math.Ceiling(left.TotalHours))],
        };
    }

    private string Retry(IssueNumbers now) => (now.Receipt.Deferred, now.NextRetryAt) switch
    {
        (0, _) or (_, null) => "",
        (1, { } at) => words["Retry.One", say.When(at)],
        (var many, { } at) => words["Retry.Many", text.Number(many), say.When(at)],
    };

    /// <summary>Says so at the first, the tenth, the hundredth …: a reader that speaks must not be drowned.</summary>
    private string Alarm(int wrong)
    {
        if (wrong == 0) return "";
        var step = (int)Math.Pow(10, (int)Math.Log10(wrong));
        return step == 1 ? words["Alarm.One"] : words["Alarm", text.Number(step)];
    }

    private async IAsyncEnumerable<SseItem<ProgressNews>> WatchAsync(int id, [EnumeratorCancellation] CancellationToken ct)
    {
        // A server that stops does not wait for those who watch.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, host.ApplicationStopping);
        using var timer = new PeriodicTimer(Pace, time);
        ProgressNews? told = null;
        IssueBreakdown? shown = null;
        var details = 0;
        do
        {
            if (await numbers.GetAsync(id, stop.Token) is not { } now) yield break;
            var breakdown = await breakdowns.GetAsync(id, stop.Token);
            if (shown is not null && !Same(breakdown, shown)) details++;
            shown = breakdown;
            var news = Describe(now, details);
            if (told is null || Differs(news, told)) yield return new SseItem<ProgressNews>(news) { ReconnectionInterval = TimeSpan.FromSeconds(3) };
            told = news;
            if (now.State is IssueState.Sent or IssueState.Cancelled or IssueState.Draft) yield break;
        }
        while (await TickAsync(timer, stop.Token));
    }

    private static bool Same(IssueBreakdown a, IssueBreakdown b) => ReferenceEquals(a, b) || a.Domains.SequenceEqual(b.Domains) && a.Causes.SequenceEqual(b.Causes);

    private static bool Differs(ProgressNews a, ProgressNews b) =>
        a with { Counts = b.Counts } != b || !a.Counts.OrderBy(c => c.Key, StringComparer.Ordinal).SequenceEqual(b.Counts.OrderBy(c => c.Key, StringComparer.Ordinal));

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
