using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues.Halts;

/// <summary>
/// What somebody decides about a halted issue, or the single mails. An issue that is stopped is cancelled (<see cref="IssueCommands.CancelAsync"/>).
/// Who decided stands in the audit log, and in <c>halt</c>.
/// </summary>
public sealed class HaltCommands(NpgsqlDataSource source, IssueCommands issues, IssuePlanner planner)
{
    /// <inheritdoc cref="IssueCommands.GoOnAsync"/>
    public Task<CommandAnswer> GoOnAsync(int issueId, Actor actor, CancellationToken ct) => issues.GoOnAsync(issueId, actor, ct);

    /// <summary>
    /// Whoever waits is unknown from now on (<c>reason</c> = <c>halted</c>), and the issue is sent: each is then decided about as unknown letters
    /// are. A queued issue is frozen for its audience first.
    /// </summary>
    /// <returns>How many; null: the issue is not halted.</returns>
    public async Task<int?> TreatAsUnknownAsync(int issueId, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await planner.FreezeHaltedAsync(connection, issueId, ct);
        // A slice that a worker still holds closes the issue when it is given back.
        await using var command = new NpgsqlCommand(
            $"""
            WITH before AS (
                SELECT id, slug
                FROM issue
                WHERE id = @issue AND state IN ('sending', 'paused', 'sent') AND {IssueCommands.IsHalted}
                FOR UPDATE),
            answered AS (
                UPDATE halt
                SET decided_at = now(), decision = 'unknown', decided_by = @audit_who
                FROM before
                WHERE halt.issue_id = before.id AND halt.decided_at IS NULL),
            chosen AS (
                SELECT d.id, d.state
                FROM delivery AS d
                JOIN before ON before.id = d.issue_id
                WHERE d.state IN ('waiting', 'deferred')
                FOR UPDATE OF d),
            doubtful AS (
                UPDATE delivery AS d
                SET state = 'unknown', reason = 'halted', finished_at = now(), next_attempt_at = NULL
                FROM chosen
                WHERE d.id = chosen.id
                RETURNING d.id, d.relay_id),
            doubted AS (
                INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage)
                SELECT id, now(), 'unknown', relay_id, 'halted'
                FROM doubtful),
            freed AS (
                DELETE FROM slice AS s
                USING before
                WHERE s.issue_id = before.id AND s.claim_id IS NULL),
            moved AS (
                UPDATE issue AS i
                SET state = (CASE WHEN held.is_held THEN 'sending' ELSE 'sent' END)::issue_state,
                    finished_at = CASE WHEN NOT held.is_held THEN now() END, updated_at = now()
                FROM before
                CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM slice WHERE issue_id = before.id AND claim_id IS NOT NULL) AS is_held) AS held
                WHERE i.id = before.id),
            {DecisionRows.Of("chosen", "'unknown'", "@audit_who")},
            {AuditLog.Noted("before", "slug")}
            SELECT (SELECT count(*)::integer FROM chosen) FROM before
            """, connection).With(AuditLog.Parameters(actor, "halt.unknown")).With(new NpgsqlParameter("issue", issueId));
        command.CommandTimeout = 0;
        if (await command.ExecuteScalarAsync(ct) is not int letters) return null;
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return letters;
    }

    /// <summary>The single mails go out now; some may go out twice.</summary>
    /// <returns>How many; null: none are halted.</returns>
    public Task<int?> SendNoticesAsync(Actor actor, CancellationToken ct) =>
        DecideNoticesAsync("go_on", "halt_id = NULL", "halt.notices-sent", actor, ct);

    /// <summary>The single mails are not sent again: unknown for good, and their links forgotten.</summary>
    /// <inheritdoc cref="SendNoticesAsync"/>
    public Task<int?> DropNoticesAsync(Actor actor, CancellationToken ct) =>
        DecideNoticesAsync(
            "unknown", "state = 'unknown', payload = NULL, lease_until = NULL, finished_at = now()", "halt.notices-unknown", actor, ct);

    private async Task<int?> DecideNoticesAsync(string decision, string set, string what, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"""
            WITH answered AS (
                UPDATE halt
                SET decided_at = now(), decision = @decision, decided_by = @audit_who
                WHERE issue_id IS NULL AND decided_at IS NULL
                RETURNING id),
            moved AS (
                UPDATE notice AS n
                SET {set}
                FROM answered
                WHERE n.halt_id = answered.id AND n.state = 'waiting'
                RETURNING n.id),
            {AuditLog.Noted("answered", "(SELECT count(*)::text FROM moved)")}
            SELECT (SELECT count(*)::integer FROM moved) FROM answered
            """, connection).With(AuditLog.Parameters(actor, what)).With(new NpgsqlParameter("decision", decision));
        if (await command.ExecuteScalarAsync(ct) is not int notices) return null;
        await Wake.NotifyAsync(connection, ct);
        return notices;
    }
}
