using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Jobs.Pages;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>Recurring jobs: the last run failed, none came when the schedule said, or one does not end. Of a paused job only that it is.</summary>
public sealed class JobChecks(
    NpgsqlDataSource source, IEnumerable<JobEntry> jobs, JobEngine engine, IOptions<ScheduleOptions> schedule, JobPhrases say, DatabaseClock time)
        : ICheck
{
    /// <summary>A run may be late by so much: its node was restarted, or another took it over.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>What a recurring job does is done in less. (An issue is followed for as long as its letters take.)</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var (state, due) = (await ReadAsync(ct), engine.Due());
        var findings = new List<Finding>();
        foreach (var job in jobs.Where(job => job.Cron is not null))
        {
            var run = state.Last.GetValueOrDefault(job.Name);
            if (run is { Failed: true }) findings.Add(Found(FindingKind.JobFailed, job, run.At, run.Cause) with { Where = Run(run.Id) });
            else if (!state.Paused.ContainsKey(job.Name) && state.WorkersSince is { } since
                && IsLate(due.GetValueOrDefault(job.Name, run?.At > since ? run.At : since)))
                findings.Add(Found(FindingKind.JobNotRun, job, run?.At ?? (object)"–"));
            if (state.Paused.TryGetValue(job.Name, out var pause))
                findings.Add(Found(FindingKind.JobPaused, job, pause) with { Severity = Severity.Note });
            if (state.Running.TryGetValue(job.Name, out var running))
                findings.Add(Found(FindingKind.JobLong, job, running.For, running.Node) with { Where = Run(running.Id) });
        }

        return findings;
    }

    private Finding Found(FindingKind kind, JobEntry job, params object[] facts) =>
        new(kind, Severity.Warning, [new Named(job.Name, () => say.Does(job.Name)), .. facts]) { Where = JobEndpoints.Board };

    private static string Run(long id) => $"{JobEndpoints.Runs}/{id}";

    private bool IsLate(DateTimeOffset due) => due + Late < time.GetUtcNow();

    private async Task<State> ReadAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT latest.* FROM unnest(@jobs) AS j (name)
            JOIN LATERAL (SELECT job, id, started_at, state = 'failed', cause
                          FROM job_run
                          WHERE state <> 'running' AND {JobHistory.UpTo("j.name")}
                          LIMIT 1) AS latest ON latest.job = j.name;
            SELECT job, id, now() - started_at, node
            FROM job_run
            WHERE state = 'running' AND started_at < now() - @long;
            SELECT job, since FROM job_pause;
            -- Without a worker, that is the finding.
            SELECT min(started_at) FROM worker WHERE {LiveWorker.Condition}
            """).With(new("jobs", jobs.Where(job => job.Cron is not null).Select(job => job.Name).ToArray()), new("long", Long), LiveWorker.Parameter(schedule.Value));
        var state = new State([], [], [], null);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            state.Last[rows.GetString(0)] =
                new(rows.GetInt64(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetBoolean(3),
                    rows.IsDBNull(4) ? "–" : rows.GetString(4).TrimEnd('.'));
        await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct)) state.Running[rows.GetString(0)] = new(rows.GetInt64(1), rows.GetTimeSpan(2), rows.GetString(3));
        await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct)) state.Paused[rows.GetString(0)] = rows.GetFieldValue<DateTimeOffset>(1);
        await rows.NextResultAsync(ct);
        await rows.ReadAsync(ct);
        return state with { WorkersSince = rows.IsDBNull(0) ? null : rows.GetFieldValue<DateTimeOffset>(0) };
    }

    private sealed record LastRun(long Id, DateTimeOffset At, bool Failed, string Cause);

    private sealed record LongRun(long Id, TimeSpan For, string Node);

    /// <param name="WorkersSince">Since when a worker has been there to run jobs; null: none is.</param>
    private sealed record State(
        Dictionary<string, LastRun> Last, Dictionary<string, LongRun> Running, Dictionary<string, DateTimeOffset> Paused,
        DateTimeOffset? WorkersSince);
}
