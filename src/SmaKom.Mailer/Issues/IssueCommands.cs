using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues;

/// <summary>What came of a request to move an issue along.</summary>
public enum CommandAnswer
{
    Done,
    NoSuchIssue,
    /// <summary>The issue is in a state from which this cannot be done.</summary>
    WrongState,
    /// <summary>The time asked for has passed.</summary>
    TimeHasPassed,
    /// <summary>Something was found that must be mended first.</summary>
    Blocked,
}

/// <param name="Findings">What was looked at before queueing found: with <see cref="CommandAnswer.Blocked"/> why, with <see cref="CommandAnswer.Done"/> what to know.</param>
public sealed record QueueAnswer(CommandAnswer Answer, IReadOnlyList<IssueFinding> Findings);

/// <summary>
/// What staff do with a finished issue, from the pages and from the command line: queue, pause, resume, cancel. Who did it stands in
/// the audit log, written in the same statement.
/// </summary>
public sealed class IssueCommands(NpgsqlDataSource source, IssueChecks checks, IssueJobs jobs, DatabaseClock time)
{
    /// <summary>draft | queued → queued for <paramref name="at"/>; null = now. What <see cref="IssueChecks"/> finds blocking keeps it from being queued.</summary>
    public async Task<QueueAnswer> QueueAsync(int issueId, DateTimeOffset? at, Actor actor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (at < now) return new(CommandAnswer.TimeHasPassed, []);
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await FindAsync(connection, issueId, ct) is not { } issue) return new(CommandAnswer.NoSuchIssue, []);
        if (issue.State is not (IssueState.Draft or IssueState.Queued)) return new(CommandAnswer.WrongState, []);
        var findings = await checks.FindAsync(issue.Content, ct);
        if (findings.Any(finding => finding.Blocks)) return new(CommandAnswer.Blocked, findings);
        return new(await MoveWithJobAsync(connection, issueId, issue, [IssueState.Draft, IssueState.Queued],
            """
            UPDATE issue AS i
            SET state = 'queued', scheduled_at = COALESCE(@at, now()), job_id = @job, updated_at = @now
            """, at, "issue.queue", actor, ct), findings);
    }

    /// <summary>queued → draft: taken back before it started.</summary>
    public Task<CommandAnswer> TakeBackAsync(int issueId, Actor actor, CancellationToken ct) => MoveAsync(issueId, [IssueState.Queued],
        """
        UPDATE issue AS i
        SET state = 'draft', scheduled_at = NULL, job_id = NULL, updated_at = @now
        """, "issue.take-back", actor, ct);

    /// <summary>sending → paused. No intent is committed after this returns; the issue's job ends.</summary>
    public Task<CommandAnswer> PauseAsync(int issueId, Actor actor, CancellationToken ct) => MoveAsync(issueId, [IssueState.Sending],
        """
        UPDATE issue AS i
        SET state = 'paused', updated_at = @now
        """, "issue.pause", actor, ct);

    /// <summary>paused → sending, with a new job.</summary>
    public async Task<CommandAnswer> ResumeAsync(int issueId, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await FindAsync(connection, issueId, ct) is not { } issue) return CommandAnswer.NoSuchIssue;
        // Asked first so that a refusal makes no job; what changes in between is seen by the update.
        return issue.State != IssueState.Paused ? CommandAnswer.WrongState : await MoveWithJobAsync(connection, issueId, issue, [IssueState.Paused],
            """
            UPDATE issue AS i
            SET state = 'sending', job_id = @job, updated_at = @now
            """, null, "issue.resume", actor, ct);
    }

    /// <summary>queued | sending | paused → cancelled: who has not been sent to is excluded.</summary>
    public Task<CommandAnswer> CancelAsync(int issueId, Actor actor, CancellationToken ct) => MoveAsync(issueId, [IssueState.Queued, IssueState.Sending, IssueState.Paused],
        """
        UPDATE issue AS i
        SET state = 'cancelled', finished_at = @now, updated_at = @now
        """, "issue.cancel", actor, ct, also:
        """
        rest AS (
            UPDATE delivery AS d
            SET state = 'excluded', reason = 'cancelled', finished_at = @now
            FROM moved
            WHERE d.issue_id = moved.id AND d.state IN ('waiting', 'deferred')),
        unclaimed AS (
            DELETE FROM slice AS s
            USING moved
            WHERE s.issue_id = moved.id AND s.claim_id IS NULL),
        """);

    // The job before the row: one that no row names ends at once, and an issue without a job would wait for the next round.
    private async Task<CommandAnswer> MoveWithJobAsync(
        NpgsqlConnection connection, int issueId, Found issue, IssueState[] from, string update, DateTimeOffset? at, string what, Actor actor, CancellationToken ct)
    {
        var job = jobs.Create(issueId, issue.Slug, at);
        if (!await MoveAsync(connection, issueId, from, update, what, actor, ct, at: at, job: job, version: issue.Version))
        {
            jobs.Drop(job);
            return CommandAnswer.WrongState;
        }

        jobs.Start(job, at);
        return CommandAnswer.Done;
    }

    private async Task<CommandAnswer> MoveAsync(int issueId, IssueState[] from, string update, string what, Actor actor, CancellationToken ct, string also = "")
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await MoveAsync(connection, issueId, from, update, what, actor, ct, also)) return CommandAnswer.Done;
        return await FindAsync(connection, issueId, ct) is null ? CommandAnswer.NoSuchIssue : CommandAnswer.WrongState;
    }

    /// <summary>Moves the issue, wakes the workers, and drops the job that it had, unless that runs or is still its own.</summary>
    /// <param name="version">What was looked at: an edit since then keeps the issue where it is; 0: any.</param>
    private async Task<bool> MoveAsync(
        NpgsqlConnection connection, int issueId, IssueState[] from, string update, string what, Actor actor, CancellationToken ct,
        string also = "", DateTimeOffset? at = null, string? job = null, int version = 0)
    {
        await using var move = new NpgsqlCommand(
            $"""
            WITH before AS (
                SELECT id, job_id
                FROM issue
                WHERE id = @issue AND state = ANY(@from) AND deleted_at IS NULL AND @version IN (0, version)
                FOR UPDATE),
            moved AS (
                {update}
                FROM before
                WHERE i.id = before.id
                RETURNING i.id, i.slug),
            {also}
            {AuditLog.Noted("moved", "slug")}
            SELECT before.job_id
            FROM moved
            JOIN before ON before.id = moved.id
            """, connection).With(AuditLog.Parameters(actor, what)).With(
            new("issue", issueId), new("from", from), new("version", version), new("now", time.GetUtcNow()),
            new("at", NpgsqlTypes.NpgsqlDbType.TimestampTz) { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value },
            new("job", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)job ?? DBNull.Value });
        var old = await move.ExecuteScalarAsync(ct);
        if (old is null) return false;
        await Wake.NotifyAsync(connection, ct);
        jobs.Drop(old as string);
        return true;
    }

    private static async Task<Found?> FindAsync(NpgsqlConnection connection, int issueId, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand("SELECT slug, state, version, content FROM issue WHERE id = @issue AND deleted_at IS NULL", connection).With(new NpgsqlParameter("issue", issueId));
        await using var row = await find.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetString(0), row.GetFieldValue<IssueState>(1), row.GetInt32(2), row.GetString(3)) : null;
    }

    private sealed record Found(string Slug, IssueState State, int Version, string Content);
}
