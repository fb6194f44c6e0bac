using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>Recurring jobs: the last run failed, or none came when the schedule said. A job that somebody has paused is left alone.</summary>
public sealed class JobChecks(NpgsqlDataSource source, IEnumerable<JobEntry> jobs, JobEngine engine, IOptions<ScheduleOptions> schedule, DatabaseClock time) : ICheck
{
    /// <summary>A run may be late by so much: its node was restarted, or another took it over.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var (last, paused, since) = await ReadAsync(ct);
        var findings = new List<Finding>();
        foreach (var job in jobs.Where(job => job.Cron is not null))
        {
            if (last.TryGetValue(job.Name, out var run) && run.Failed) findings.Add(Found(FindingKind.JobFailed, job, run.At));
            else if (since is { } workers && !paused.Contains(job.Name) && IsLate(job, run?.At > workers ? run.At : workers)) findings.Add(Found(FindingKind.JobNotRun, job, run?.At ?? (object)"–"));
        }

        return findings;
    }

    private static Finding Found(FindingKind kind, JobEntry job, object at) => new(kind, Severity.Warning, job.Name, at) { Where = "/admin/jobb" };

    /// <summary>A run after <paramref name="last"/> is overdue.</summary>
    private bool IsLate(JobEntry job, DateTimeOffset last) =>
        engine.DueAfter(job, last) is { } due && due + Late < time.GetUtcNow();

    /// <summary>The last run of each job, the paused ones, and since when a worker has been there to run them: without one, that is the finding.</summary>
    private async Task<(Dictionary<string, LastRun> Last, HashSet<string> Paused, DateTimeOffset? Since)> ReadAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT job, started_at, state = 'failed' FROM (
                SELECT DISTINCT ON (r.job) r.job, r.started_at, r.state
                FROM unnest(@jobs) AS j (name)
                JOIN LATERAL (SELECT job, started_at, state FROM job_run WHERE job = j.name AND state <> 'running' ORDER BY id DESC LIMIT 1) AS r ON true) AS latest;
            SELECT job FROM job_pause;
            SELECT min(started_at) FROM worker WHERE {LiveWorker.Condition}
            """).With(new("jobs", jobs.Select(job => job.Name).ToArray()), LiveWorker.Parameter(schedule.Value));
        var (last, paused) = (new Dictionary<string, LastRun>(), new HashSet<string>());
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) last[rows.GetString(0)] = new(rows.GetFieldValue<DateTimeOffset>(1), rows.GetBoolean(2));
        await rows.NextResultAsync(ct);
        while (await rows.ReadAsync(ct)) paused.Add(rows.GetString(0));
        await rows.NextResultAsync(ct);
        await rows.ReadAsync(ct);
        return (last, paused, rows.IsDBNull(0) ? null : rows.GetFieldValue<DateTimeOffset>(0));
    }

    private sealed record LastRun(DateTimeOffset At, bool Failed);
}
