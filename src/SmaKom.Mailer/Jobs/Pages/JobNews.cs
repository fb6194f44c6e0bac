using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Accounts.Frame;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>Tells open pages that something about jobs or workers has changed; a page then fetches itself anew.</summary>
public sealed class JobNews(NpgsqlDataSource source, LiveEvents live, IOptions<ScheduleOptions> schedule, TimeProvider time)
{
    // All pages that are open share one query.
    private readonly SharedQuery<bool, string> shared = new(_ => StampAsync(source, schedule.Value, default), TimeSpan.FromSeconds(1), time);

    /// <summary>GET /admin/jobb/lage</summary>
    internal static IResult Answer(HttpContext context, JobNews news) => news.Watch(context);

    private IResult Watch(HttpContext context) => live.Answer(context, async ct => new LiveNews(await shared.GetAsync(true, ct)));

    /// <summary>
    /// Not the rows: what differs when any of them does, at a cost that does not grow with the history. A page reads it before its rows,
    /// and carries it, so that nothing is missed in between.
    /// </summary>
    public Task<string> StampAsync(CancellationToken ct) => StampAsync(source, schedule.Value, ct);

    private static async Task<string> StampAsync(NpgsqlDataSource source, ScheduleOptions schedule, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT concat_ws(' ',
                (SELECT max(id) FROM job_run),
                (SELECT string_agg(id::text, ',' ORDER BY id) FROM job_run WHERE state = 'running'),
                (SELECT sum(succeeded + failed + lost) FROM job_hour WHERE hour > now() - interval '2 hours'),
                (SELECT max(id) FROM admin_action),
                (SELECT count(*) FROM job_pause),
                (SELECT count(*) FROM worker WHERE stopped_at IS NULL),
                (SELECT count(*) FROM worker WHERE {LiveWorker.Condition}))
            """).With(LiveWorker.Parameter(schedule));
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }
}
