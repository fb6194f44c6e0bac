using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Npgsql;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>Tells an open page that something about jobs or workers has changed, as server-sent events; the page then fetches itself anew.</summary>
public sealed class JobNews(NpgsqlDataSource source, TimeProvider time, IHostApplicationLifetime host)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>GET /admin/jobb/lage</summary>
    internal static IResult Answer(HttpContext context, JobNews news)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(news.WatchAsync(context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // A server that stops does not wait for those who watch.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, host.ApplicationStopping);
        using var timer = new PeriodicTimer(Pace, time);
        string? told = null;
        do
        {
            var now = await StampAsync(stop.Token);
            if (now != told) yield return new SseItem<string>(now) { ReconnectionInterval = TimeSpan.FromSeconds(3) };
            told = now;
        }
        while (await TickAsync(timer, stop.Token));
    }

    /// <summary>
    /// Not the rows: what differs when any of them does, at a cost that does not grow with the history. A page reads it before its rows,
    /// and carries it, so that nothing is missed in between.
    /// </summary>
    public async Task<string> StampAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT concat_ws(' ',
                (SELECT max(id) FROM job_run),
                (SELECT string_agg(id::text, ',' ORDER BY id) FROM job_run WHERE state = 'running'),
                (SELECT sum(succeeded + failed + lost) FROM job_hour WHERE hour > now() - interval '2 hours'),
                (SELECT max(id) FROM admin_action),
                (SELECT count(*) FROM job_pause),
                (SELECT count(*) FROM worker WHERE stopped_at IS NULL),
                (SELECT count(*) FROM worker WHERE stopped_at IS NULL AND heartbeat_at > now() - interval '30 seconds'))
            """);
        return (string)(await command.ExecuteScalarAsync(ct))!;
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
