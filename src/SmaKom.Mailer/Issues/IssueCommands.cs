using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

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
    /// <summary>The issue is halted (see <see cref="Halts.Halt"/>): somebody must decide first what becomes of it.</summary>
    Halted,
}

/// <param name="Findings">What was looked at before queueing found: with <see cref="CommandAnswer.Blocked"/> why, with
/// <see cref="CommandAnswer.Done"/> what to know.</param>
public sealed record QueueAnswer(CommandAnswer Answer, IReadOnlyList<IssueFinding> Findings);

/// <summary>
/// What staff do with a finished issue, from the pages and from the command line: queue, pause, resume, cancel. Who did it stands in
/// the audit log, written in the same statement.
/// </summary>
public sealed class IssueCommands(NpgsqlDataSource source, IssueChecks checks, IssueJobs jobs, DatabaseClock time)
{
    // Of a row of issue.
    internal const string IsHalted = "EXISTS (SELECT FROM halt WHERE halt.issue_id = issue.id AND halt.decided_at IS NULL)";

    /// <summary>
    /// draft | queued → queued for <paramref name="at"/>; null = now. What <see cref="IssueChecks"/> finds blocking keeps it from being queued.
    /// </summary>
    public Task<QueueAnswer> QueueAsync(int issueId, DateTimeOffset? at, Actor actor, CancellationToken ct) =>
        QueueAsync(issueId, at, actor, withoutTestLetter: false, ct);

    /// <summary>The same.</summary>
    /// <param name="withoutTestLetter">
    /// Though nobody has got a test letter of the content as it is: an administrator's word, and the audit log says so.
    /// </param>
    public async Task<QueueAnswer> QueueAsync(int issueId, DateTimeOffset? at, Actor actor, bool withoutTestLetter, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (at < now) return new(CommandAnswer.TimeHasPassed, []);
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await FindAsync(connection, issueId, ct) is not { } issue) return new(CommandAnswer.NoSuchIssue, []);
        if (issue.State is not (IssueState.Draft or IssueState.Queued)) return new(CommandAnswer.WrongState, []);
        if (issue.HaltedIn is not null) return new(CommandAnswer.Halted, []);
        var findings = await checks.FindAsync(issueId, IssueContentJson.Find(issue.Content), at ?? now, ct);
        var waives = withoutTestLetter && actor.Administers;
        if (findings.Any(finding => finding.Blocks && !(waives && finding.MayBeWaived))) return new(CommandAnswer.Blocked, findings);
        return new(await MoveWithJobAsync(connection, issueId, issue, [IssueState.Draft, IssueState.Queued],
            """
            UPDATE issue AS i
            SET state = 'queued', scheduled_at = COALESCE(@at, now()), job_id = @job, updated_at = @now
            """, at, findings.Any(finding => finding.Blocks) ? "issue.queue-untested" : "issue.queue", actor, ct), findings);
    }

    /// <summary>queued → draft: taken back before it started. Of a halted issue it is the decision to stop it.</summary>
    public Task<CommandAnswer> TakeBackAsync(int issueId, Actor actor, CancellationToken ct) => MoveAsync(issueId, [IssueState.Queued],
        """
        UPDATE issue AS i
        SET state = 'draft', scheduled_at = NULL, job_id = NULL, updated_at = @now
        """, "issue.take-back", actor, ct, decides: "stop");

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
        if (issue is { State: IssueState.Paused, HaltedIn: not null }) return CommandAnswer.Halted;
        // Asked first so that a refusal makes no job; what changes in between is seen by the update.
        return issue.State != IssueState.Paused ? CommandAnswer.WrongState : await MoveWithJobAsync(connection, issueId, issue, [IssueState.Paused],
            """
            UPDATE issue AS i
            SET state = 'sending', job_id = @job, updated_at = @now
            """, null, "issue.resume", actor, ct);
    }

    /// <summary>
    /// A halted issue goes on as if it had not been: what was sending is sending, what was due goes out now, and what somebody had paused before
    /// stays paused. Whoever got the letter after the last sign of life gets it twice.
    /// </summary>
    public async Task<CommandAnswer> GoOnAsync(int issueId, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await FindAsync(connection, issueId, ct) is not { } issue) return CommandAnswer.NoSuchIssue;
        const string what = "halt.go-on";
        return (issue.HaltedIn, issue.State) switch
        {
            (IssueState.Sending, IssueState.Paused) => await MoveWithJobAsync(connection, issueId, issue, [IssueState.Paused],
                """
                UPDATE issue AS i
                SET state = 'sending', job_id = @job, updated_at = @now
                """, null, what, actor, ct, decides: "go_on"),
            (IssueState.Queued, IssueState.Queued) => await MoveWithJobAsync(connection, issueId, issue, [IssueState.Queued],
                """
                UPDATE issue AS i
                SET scheduled_at = now(), job_id = @job, updated_at = @now
                """, null, what, actor, ct, decides: "go_on"),
            (IssueState.Paused, IssueState.Paused) => await MoveAsync(issueId, [IssueState.Paused],
                """
                UPDATE issue AS i
                SET updated_at = @now
                """, what, actor, ct, decides: "go_on"),
            _ => CommandAnswer.WrongState,
        };
    }

    /// <summary>
    /// queued | sending | paused → cancelled: who has not been sent to is excluded. Of a halted one that is the decision to stop it.
    /// </summary>
    public Task<CommandAnswer> CancelAsync(int issueId, Actor actor, CancellationToken ct) =>
        MoveAsync(issueId, [IssueState.Queued, IssueState.Sending, IssueState.Paused],
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
        """, decides: "stop");

    // The job before the row: one that no row names ends at once, and an issue without a job would wait for the next round.
    private async Task<CommandAnswer> MoveWithJobAsync(
        NpgsqlConnection connection, int issueId, Found issue, IssueState[] from, string update, DateTimeOffset? at, string what, Actor actor,
        CancellationToken ct, string? decides = null)
    {
        var job = jobs.Create(issueId, issue.Slug, at);
        if (!await MoveAsync(connection, issueId, from, update, what, actor, ct, at: at, job: job, version: issue.Version, decides: decides))
        {
            jobs.Drop(job);
            return CommandAnswer.WrongState;
        }

        jobs.Start(job, at);
        return CommandAnswer.Done;
    }

    private async Task<CommandAnswer> MoveAsync(
        int issueId, IssueState[] from, string update, string what, Actor actor, CancellationToken ct, string also = "", string? decides = null)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await MoveAsync(connection, issueId, from, update, what, actor, ct, also, decides: decides)) return CommandAnswer.Done;
        return await FindAsync(connection, issueId, ct) is null ? CommandAnswer.NoSuchIssue : CommandAnswer.WrongState;
    }

    /// <summary>Moves the issue, wakes the workers, and drops the job that it had, unless that runs or is still its own.</summary>
    /// <param name="version">What was looked at: an edit since then keeps the issue where it is; 0: any.</param>
    /// <param name="decides">What this is to a halt, as in <c>halt.decision</c>; null: nothing, and a halted issue stays where it is.</param>
    private async Task<bool> MoveAsync(
        NpgsqlConnection connection, int issueId, IssueState[] from, string update, string what, Actor actor, CancellationToken ct,
        string also = "", DateTimeOffset? at = null, string? job = null, int version = 0, string? decides = null)
    {
        await using var move = new NpgsqlCommand(
            $"""
            WITH before AS (
                SELECT id, job_id
                FROM issue
                WHERE id = @issue AND state = ANY(@from) AND deleted_at IS NULL AND @version IN (0, version)
                    AND CASE @decides WHEN 'stop' THEN true WHEN 'go_on' THEN {IsHalted} ELSE NOT {IsHalted} END
                FOR UPDATE),
            moved AS (
                {update}
                FROM before
                WHERE i.id = before.id
                RETURNING i.id, i.slug),
            {also}
            decided AS (
                UPDATE halt
                SET decided_at = now(), decision = @decides, decided_by = @audit_who
                FROM moved
                WHERE halt.issue_id = moved.id AND halt.decided_at IS NULL AND @decides IS NOT NULL),
            {AuditLog.Noted("moved", "slug")}
            SELECT before.job_id
            FROM moved
            JOIN before ON before.id = moved.id
            """, connection).With(AuditLog.Parameters(actor, what)).With(
            new("issue", issueId), new("from", from), new("version", version), new("now", time.GetUtcNow()),
            new("at", NpgsqlTypes.NpgsqlDbType.TimestampTz) { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value },
            new("job", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)job ?? DBNull.Value },
            new("decides", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)decides ?? DBNull.Value });
        var old = await move.ExecuteScalarAsync(ct);
        if (old is null) return false;
        await Wake.NotifyAsync(connection, ct);
        jobs.Drop(old as string);
        return true;
    }

    private static async Task<Found?> FindAsync(NpgsqlConnection connection, int issueId, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand(
            """
            SELECT issue.slug, issue.state, issue.version, issue.content, halt.state_before
            FROM issue
            LEFT JOIN halt ON halt.issue_id = issue.id AND halt.decided_at IS NULL
            WHERE issue.id = @issue AND issue.deleted_at IS NULL
            """, connection).With(new NpgsqlParameter("issue", issueId));
        await using var row = await find.ExecuteReaderAsync(ct);
        return !await row.ReadAsync(ct) ? null
            : new(
                row.GetString(0), row.GetFieldValue<IssueState>(1), row.GetInt32(2), row.GetString(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<IssueState>(4));
    }

    /// <param name="HaltedIn">The state in which it was halted; null: it is not.</param>
    private sealed record Found(string Slug, IssueState State, int Version, string Content, IssueState? HaltedIn);
}
