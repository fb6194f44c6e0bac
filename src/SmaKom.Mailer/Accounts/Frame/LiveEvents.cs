using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Accounts.Frame;

/// <summary>What an open page (<c>live-page.js</c>) is told when something has changed.</summary>
/// <param name="Stamp">Another than the page carries: it fetches itself anew and swaps its parts.</param>
/// <param name="Values">Texts by name, put where <c>data-value</c> says so, without a fetch.</param>
/// <param name="Percent">Of the page's progress bar; null: it has none.</param>
/// <param name="Says">Sentences for a reader that speaks: each is said once, when it appears.</param>
/// <param name="IsLast">Nothing more will change.</param>
public sealed record LiveNews(string Stamp, IReadOnlyDictionary<string, string> Values, int? Percent, IReadOnlyList<string> Says, bool IsLast)
{
    public LiveNews(string stamp) : this(stamp, new Dictionary<string, string>(), null, [], false)
    {
    }

    public bool IsSameAs(LiveNews other) =>
        Stamp == other.Stamp && Percent == other.Percent && IsLast == other.IsLast && Says.SequenceEqual(other.Says)
        && Values.Count == other.Values.Count && Values.All(value => other.Values.TryGetValue(value.Key, out var text) && text == value.Value);
}

/// <summary>
/// Server-sent events for a member of staff who keeps a page open: one at once, and one whenever something has changed, until the session
/// ends that asked for them.
/// </summary>
public sealed class LiveEvents(StaffSessions sessions, TimeProvider time, IHostApplicationLifetime host)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(3);

    /// <param name="look">What there is to tell; null: what was looked at is gone. Asked once a second for each page,
    /// so its queries are shared.</param>
    public IResult Answer(HttpContext context, Func<CancellationToken, Task<LiveNews?>> look)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.IsHead() ? Results.Text("", "text/event-stream")
            : TypedResults.ServerSentEvents(WatchAsync(look, context.User, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<LiveNews>> WatchAsync(
        Func<CancellationToken, Task<LiveNews?>> look, ClaimsPrincipal user, [EnumeratorCancellation] CancellationToken ct)
    {
        // A server that stops does not wait for those who watch.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, host.ApplicationStopping);
        using var timer = new PeriodicTimer(Pace, time);
        LiveNews? told = null;
        do
        {
            if (!await sessions.IsOpenAsync(user, stop.Token)) yield break;
            if (await look(stop.Token) is not { } now) yield break;
            if (told is null || !now.IsSameAs(told)) yield return new(now) { ReconnectionInterval = Reconnection };
            told = now;
            if (now.IsLast) yield break;
        }
        while (await TickAsync(timer, stop.Token));
    }

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
