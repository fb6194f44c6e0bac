using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>What the page shows of a running issue, with numbers as people read them.</summary>
/// <param name="Counts">By <see cref="ReceiptLine.CssClass"/>.</param>
/// <param name="Left">How much time is left, or empty while nobody can tell.</param>
public sealed record IssueNews(string State, int Percent, string Sentence, string Left, IReadOnlyDictionary<string, string> Counts);

/// <summary>Live numbers of an issue, as server-sent events, of one query that all who watch share: one when something has changed, until the issue is over.</summary>
public sealed class IssueProgress(
    LiveNumbers numbers, LocalText text, IStringLocalizer<StaffWords> words, TimeProvider time, IHostApplicationLifetime host)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Below this the rate is a guess.</summary>
    private static readonly TimeSpan HonestAfter = TimeSpan.FromSeconds(5);

    /// <summary>GET /redaktion/nummer/{id}/lage</summary>
    internal static IResult Answer(int id, HttpContext context, IssueProgress progress)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(progress.WatchAsync(id, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<IssueNews>> WatchAsync(int id, [EnumeratorCancellation] CancellationToken ct)
    {
        // A server that stops does not wait for those who watch.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, host.ApplicationStopping);
        using var timer = new PeriodicTimer(Pace, time);
        IssueNews? told = null;
        Start? start = null;
        do
        {
            if (await numbers.GetAsync(id, stop.Token) is not { } now) yield break;
            start ??= new(time.GetTimestamp(), now.Receipt.Done());
            var news = Describe(now.State, now.Receipt, start);
            if (told is null || Differs(news, told)) yield return new SseItem<IssueNews>(news) { ReconnectionInterval = TimeSpan.FromSeconds(3) };
            told = news;
            if (now.State is IssueState.Sent or IssueState.Cancelled or IssueState.Draft) yield break;
        }
        while (await TickAsync(timer, stop.Token));
    }

    private IssueNews Describe(IssueState state, Receipt receipt, Start start) => new(
        state.ToString(),
        receipt.Percent(),
        words["Progress.Sentence", text.Number(receipt.Done()), text.Number(receipt.Audience), receipt.Percent()],
        state == IssueState.Sending ? Left(receipt, start) : "",
        ReceiptLines.Of(receipt).ToDictionary(line => line.CssClass, line => text.Number(line.Count)));

    private string Left(Receipt receipt, Start start)
    {
        var elapsed = time.GetElapsedTime(start.At);
        var done = receipt.Done() - start.Done;
        // Those put off by their server come when it lets them, not at our rate.
        var waiting = receipt.Waiting - receipt.Deferred;
        if (elapsed < HonestAfter || done <= 0 || waiting == 0) return "";
        var left = elapsed * ((double)waiting / done);
        if (left < TimeSpan.FromMinutes(1)) return words["Progress.LeftSoon"];
        var minutes = (int)Math.Ceiling(left.TotalMinutes);
        return words["Progress.Left", words[minutes == 1 ? "Minute" : "Minutes", text.Number(minutes)].Value];
    }

    private static bool Differs(IssueNews a, IssueNews b) =>
        a.State != b.State || a.Percent != b.Percent || a.Sentence != b.Sentence || a.Left != b.Left || !a.Counts.SequenceEqual(b.Counts);

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

    private sealed record Start(long At, int Done);
}
