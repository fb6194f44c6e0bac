using Hangfire;
using Hangfire.States;
using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues;

/// <summary>
/// The one Hangfire job of each issue that is queued or going out; its id stands in the issue's row. The job is made first and the row
/// decides: a job that no row names ends at once, and an issue whose job is gone gets another within a minute.
/// </summary>
public sealed class IssueJobs(JobEngine engine, JobStorage storage, IBackgroundJobClient client, NpgsqlDataSource source, DatabaseClock time)
{
    /// <summary>
    /// Some letter of issue <c>i</c> has not been tried once. By the slices, and the first one found ends it: quick unless most of a long
    /// issue was deferred, whose slices stay.
    /// </summary>
    internal const string HasUntried =
        """
        EXISTS (
            SELECT FROM slice AS s
            CROSS JOIN LATERAL (
                SELECT FROM delivery AS d
                WHERE d.issue_id + 0 = i.id AND d.id BETWEEN s.first_id AND s.last_id AND d.state IN ('waiting', 'sending')
                LIMIT 1) AS untried
            WHERE s.issue_id = i.id)
        """;

    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Makes a job for an issue. It waits until the issue's row names it and <see cref="Start"/> was called, or else for a minute: a worker
    /// that begins it before the row is committed would find nothing to do.
    /// </summary>
    /// <param name="at">Null or past: to run at once.</param>
    /// <returns>Hangfire's id.</returns>
    public string Create(int issue, string slug, DateTimeOffset? at) =>
        client.Create(IssueRun.CallOf(issue, slug), new ScheduledState(JobEngine.NeverEarly(IsNow(at) ? time.GetUtcNow() + Late : at!.Value)));

    /// <summary>Lets a job begin whose time has come; the issue's row names it.</summary>
    public void Start(string id, DateTimeOffset? at)
    {
        if (IsNow(at)) client.ChangeState(id, new EnqueuedState(JobQueues.Issues), ScheduledState.StateName);
    }

    /// <summary>Deletes a job that waits or has failed; one that runs ends by itself when it looks at the row.</summary>
    public void Drop(string? id)
    {
        if (id is not null) engine.Delete(id);
    }

    /// <summary>
    /// Sees that each issue that is queued or has letters to try has a job that lives. One that cannot have one keeps no other from it.
    /// </summary>
    public Task EnsureAllAsync(CancellationToken ct) => EnsureAsync(null, ct);

    /// <inheritdoc cref="EnsureAllAsync"/>
    /// <param name="only">This issue; null: all.</param>
    public async Task EnsureAsync(int? only, CancellationToken ct)
    {
        var failures = new List<Exception>();
        foreach (var issue in await WithWorkAsync(only, ct))
        {
            try
            {
                await EnsureOneAsync(issue, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0) throw new AggregateException(failures);
    }

    private async Task EnsureOneAsync(Going issue, CancellationToken ct)
    {
        if (IsAlive(issue)) return;
        var job = Create(issue.Id, issue.Slug, issue.ScheduledAt);
        if (await NameAsync(issue, job, ct)) Start(job, issue.ScheduledAt);
        else Drop(job);
    }

    /// <summary>A job that failed is run again, one whose time Hangfire has missed is started.</summary>
    private bool IsAlive(Going issue)
    {
        if (issue.Job is null) return false;
        using var connection = storage.GetConnection();
        var data = connection.GetJobData(issue.Job);
        if (data is null || data.LoadException is not null) return false;
        if (data.State == FailedState.StateName) return client.ChangeState(issue.Job, new EnqueuedState(JobQueues.Issues), FailedState.StateName);
        if (data.State == ScheduledState.StateName && issue.ScheduledAt < time.GetUtcNow() - Late)
            client.ChangeState(issue.Job, new EnqueuedState(JobQueues.Issues), ScheduledState.StateName);
        return data.State == ScheduledState.StateName || data.State == EnqueuedState.StateName || data.State == ProcessingState.StateName;
    }

    private async Task<List<Going>> WithWorkAsync(int? only, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT i.id, i.slug, CASE WHEN i.state = 'queued' THEN i.scheduled_at END, i.job_id
            FROM issue AS i
            WHERE (@only IS NULL OR i.id = @only) AND (i.state = 'queued' OR i.state = 'sending' AND {HasUntried})
            """).With(new NpgsqlParameter("only", NpgsqlTypes.NpgsqlDbType.Integer) { Value = (object?)only ?? DBNull.Value });
        var issues = new List<Going>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            issues.Add(new(rows.GetInt32(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetFieldValue<DateTimeOffset>(2),
                rows.IsDBNull(3) ? null : rows.GetString(3)));
        return issues;
    }

    /// <summary>False: the issue has got another job, or has ended, meanwhile.</summary>
    private async Task<bool> NameAsync(Going issue, string job, CancellationToken ct)
    {
        await using var command =
            source.CreateCommand(
                "UPDATE issue SET job_id = @job WHERE id = @issue AND job_id IS NOT DISTINCT FROM @old AND state IN ('queued', 'sending')").With(
            new("job", job), new("issue", issue.Id),
            new NpgsqlParameter("old", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)issue.Job ?? DBNull.Value });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    private bool IsNow(DateTimeOffset? at) => at is not { } then || then <= time.GetUtcNow();

    private sealed record Going(int Id, string Slug, DateTimeOffset? ScheduledAt, string? Job);
}
