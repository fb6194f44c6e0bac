using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>A job of the table with its next and last run, and whether it is paused.</summary>
public sealed record RecurringRow(string Job, string Cron, DateTimeOffset? Next, LastRun? Last, Pause? Pause);

public sealed record LastRun(long Id, JobRunState State, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Cause);

public sealed record Pause(DateTimeOffset Since, string By);

/// <param name="Silence">Since its last sign of life, by the database's clock.</param>
/// <param name="Jobs">Names of the jobs that it runs.</param>
/// <param name="Issues">Subjects of the issues that it sends.</param>
/// <param name="Connections">To relays, at its last sign of life.</param>
public sealed record WorkerRow(
    string Name, string Version, string Roles, DateTimeOffset StartedAt, TimeSpan Silence, bool Silent, int Connections, int Slots, string[] Jobs,
    string[] Issues);

/// <summary>What ran in a span of time.</summary>
public sealed record HourCount(DateTimeOffset From, long Succeeded, long Failed, long Lost);

/// <summary>Everything on the page of jobs, read from the rows of all workers.</summary>
public sealed record Board(
    IReadOnlyList<RecurringRow> Recurring, IReadOnlyList<PlannedRun> Planned, IReadOnlyList<RunRow> Running, IReadOnlyList<WorkerRow> Workers,
    IReadOnlyList<HourCount> Hours, IReadOnlyList<CauseRow> Causes, IReadOnlyList<AuditEntry> Actions);

public sealed class JobBoard(
    NpgsqlDataSource source, IEnumerable<JobEntry> jobs, JobEngine engine, RunList runs, AuditLog log, IOptions<ScheduleOptions> options,
    DatabaseClock time)
{
    public const int HoursShown = 7 * 24;

    public async Task<Board> ReadAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var planned = engine.Planned();
        return new(
            await RecurringAsync(planned, ct),
            [.. planned.Where(run => run.Kind != RunKind.Recurring).OrderBy(run => run.At)],
            await runs.ReadAsync(new("running", null, null, null, null), null, 50, ct),
            await WorkersAsync(ct),
            await HoursAsync(now, ct),
            await runs.CausesAsync(now.AddDays(-7), 10, ct),
            await log.LastAsync("job.", 10, ct));
    }

    private async Task<IReadOnlyList<RecurringRow>> RecurringAsync(IReadOnlyList<PlannedRun> planned, CancellationToken ct)
    {
        var listed = jobs.Where(job => job.Cron is not null).ToList();
        await using var command = source.CreateCommand(
            $"""
            SELECT j.job, r.id, r.state, r.started_at, r.ended_at, r.cause, p.since, p.paused_by
            FROM unnest(@jobs) AS j (job)
            LEFT JOIN LATERAL (SELECT * FROM job_run WHERE {JobHistory.UpTo("j.job")} LIMIT 1) AS r ON r.job = j.job
            LEFT JOIN job_pause AS p ON p.job = j.job
            """).With(new NpgsqlParameter("jobs", listed.Select(job => job.Name).ToArray()));
        var read = new Dictionary<string, (LastRun?, Pause?)>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            read[rows.GetString(0)] = (
                rows.IsDBNull(1) ? null
                    : new(rows.GetInt64(1), rows.GetFieldValue<JobRunState>(2), rows.GetFieldValue<DateTimeOffset>(3), At(rows, 4),
                        rows.IsDBNull(5) ? null : rows.GetString(5)),
                rows.IsDBNull(6) ? null : new(rows.GetFieldValue<DateTimeOffset>(6), rows.GetString(7)));
        return [.. listed.Select(job => new RecurringRow(
            job.Name, job.Cron!, planned.FirstOrDefault(run => run.Kind == RunKind.Recurring && run.Job == job.Name)?.At, read[job.Name].Item1,
            read[job.Name].Item2))];
    }

    /// <summary>Those who live, and those who fell silent in the last day without saying goodbye.</summary>
    private async Task<IReadOnlyList<WorkerRow>> WorkersAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT w.name, w.version, w.roles, w.started_at, GREATEST(now() - w.heartbeat_at, interval '0'), w.connections, w.slots,
                ARRAY(SELECT job FROM job_run WHERE state = 'running' AND worker_id = w.id ORDER BY id),
                ARRAY(SELECT DISTINCT i.subject FROM slice AS s JOIN issue AS i ON i.id = s.issue_id WHERE s.worker_id = w.id)
            FROM worker AS w
            WHERE w.stopped_at IS NULL AND w.heartbeat_at > now() - interval '1 day'
            ORDER BY w.started_at, w.name
            """);
        var workers = new List<WorkerRow>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var silence = rows.GetTimeSpan(4);
            workers.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), silence,
                silence > LiveWorker.LongestSilence(options.Value), rows.GetInt32(5), rows.GetInt32(6), rows.GetFieldValue<string[]>(7),
                rows.GetFieldValue<string[]>(8)));
        }

        return workers;
    }

    /// <summary>One row for each of the last hours, the present one last; also those in which nothing ran.</summary>
    private async Task<IReadOnlyList<HourCount>> HoursAsync(DateTimeOffset now, CancellationToken ct)
    {
        var first = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1 - HoursShown);
        await using var command = source.CreateCommand(
            """
            SELECT hour, sum(succeeded), sum(failed), sum(lost)
            FROM job_hour
            WHERE hour >= @first
            GROUP BY hour
            """).With(new NpgsqlParameter("first", first));
        var counted = new Dictionary<DateTimeOffset, HourCount>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            counted[rows.GetFieldValue<DateTimeOffset>(0)] =
                new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3));
        return [.. Enumerable.Range(0, HoursShown).Select(i => first.AddHours(i))
            .Select(hour => counted.GetValueOrDefault(hour) ?? new(hour, 0, 0, 0))];
    }

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
