using Npgsql;
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
}

/// <summary>What staff do with a finished issue, from the pages and from the command line: queue, pause, resume, cancel.</summary>
public sealed class IssueCommands(NpgsqlDataSource source, IssueJobs jobs, TimeProvider time)
{
    /// <summary>draft | queued → queued for <paramref name="at"/>; null = now.</summary>
    public async Task<CommandAnswer> QueueAsync(int issueId, DateTimeOffset? at, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return at < now ? CommandAnswer.TimeHasPassed : await MoveWithJobAsync(issueId, [IssueState.Draft, IssueState.Queued],
            """
            UPDATE issue AS i
            SET state = 'queued', scheduled_at = @at, job_id = @job, updated_at = @now
            """, at ?? now, ct);
    }

    /// <summary>queued → draft: taken back before it started.</summary>
    public Task<CommandAnswer> TakeBackAsync(int issueId, CancellationToken ct) => MoveAsync(issueId, [IssueState.Queued],
        """
        UPDATE issue AS i
        SET state = 'draft', scheduled_at = NULL, job_id = NULL, updated_at = @now
        """, ct);

    /// <summary>sending → paused. No intent is committed after this returns; the issue's job ends.</summary>
    public Task<CommandAnswer> PauseAsync(int issueId, CancellationToken ct) => MoveAsync(issueId, [IssueState.Sending],
        """
        UPDATE issue AS i
        SET state = 'paused', updated_at = @now
        """, ct);

    /// <summary>paused → sending, with a new job.</summary>
    public Task<CommandAnswer> ResumeAsync(int issueId, CancellationToken ct) => MoveWithJobAsync(issueId, [IssueState.Paused],
        """
        UPDATE issue AS i
        SET state = 'sending', job_id = @job, updated_at = @now
        """, null, ct);

    /// <summary>queued | sending | paused → cancelled: who has not been sent to is excluded.</summary>
    public Task<CommandAnswer> CancelAsync(int issueId, CancellationToken ct) => MoveAsync(issueId, [IssueState.Queued, IssueState.Sending, IssueState.Paused],
        """
        UPDATE issue AS i
        SET state = 'cancelled', finished_at = @now, updated_at = @now
        """, ct, also:
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
    private async Task<CommandAnswer> MoveWithJobAsync(int issueId, IssueState[] from, string update, DateTimeOffset? at, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await FindAsync(connection, issueId, ct) is not { } issue) return CommandAnswer.NoSuchIssue;
        // Asked first so that a refusal makes no job; what changes in between is seen by the update.
        if (!from.Contains(issue.State)) return CommandAnswer.WrongState;
        var job = jobs.Create(issueId, issue.Slug, at);
        if (!await MoveAsync(connection, issueId, from, update, ct, at: at, job: job))
        {
            jobs.Drop(job);
            return CommandAnswer.WrongState;
        }

        jobs.Start(job, at);
        return CommandAnswer.Done;
    }

    private async Task<CommandAnswer> MoveAsync(int issueId, IssueState[] from, string update, CancellationToken ct, string also = "")
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await MoveAsync(connection, issueId, from, update, ct, also)) return CommandAnswer.Done;
        return await FindAsync(connection, issueId, ct) is null ? CommandAnswer.NoSuchIssue : CommandAnswer.WrongState;
    }

    /// <summary>Moves the issue, wakes the workers, and drops the job that it had, unless that runs or is still its own.</summary>
    private async Task<bool> MoveAsync(
        NpgsqlConnection connection, int issueId, IssueState[] from, string update, CancellationToken ct, string also = "", DateTimeOffset? at = null, string? job = null)
    {
        await using var move = new NpgsqlCommand(
            $"""
            WITH before AS (
                SELECT id, job_id
                FROM issue
                WHERE id = @issue AND state = ANY(@from)
                FOR UPDATE),
            moved AS (
                {update}
                FROM before
                WHERE i.id = before.id
                RETURNING i.id),
            {also}
            done AS (SELECT id FROM moved)
            SELECT before.job_id
            FROM done
            JOIN before ON before.id = done.id
            """, connection).With(
            new("issue", issueId), new("from", from), new("now", time.GetUtcNow()),
            new("at", NpgsqlTypes.NpgsqlDbType.TimestampTz) { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value },
            new("job", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)job ?? DBNull.Value });
        var old = await move.ExecuteScalarAsync(ct);
        if (old is null) return false;
        await Wake.NotifyAsync(connection, ct);
        jobs.Drop(old as string);
        return true;
    }

    private static async Task<(string Slug, IssueState State)?> FindAsync(NpgsqlConnection connection, int issueId, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand("SELECT slug, state FROM issue WHERE id = @issue", connection).With(new NpgsqlParameter("issue", issueId));
        await using var row = await find.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetString(0), row.GetFieldValue<IssueState>(1)) : null;
    }
}
