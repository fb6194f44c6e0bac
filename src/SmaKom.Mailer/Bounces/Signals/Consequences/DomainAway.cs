using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>
/// A domain takes no mail: that is told to staff once for each issue, and stops nobody. Whoever was stopped before it was clear is back.
/// </summary>
public sealed class DomainAway
{
    /// <returns>True: this signal is its domain's, and the person's no more.</returns>
    public async Task<bool> IsAwayAsync(NpgsqlConnection connection, Signal signal, CancellationToken ct)
    {
        // A single mail's says so only by itself.
        if (signal.IssueId is not { } issue) return signal.Said.IsOfDomain;
        if (!signal.Said.IsOfDomain && !await IsOfDomainAsync(connection, signal.SubscriberId, issue, ct)) return false;
        await using var tell = new NpgsqlCommand(
            """
            WITH away AS (
                SELECT domain FROM subscriber WHERE id = @id AND domain <> ''
            ), told AS (
                INSERT INTO staff_task (kind, domain, issue_id, at)
                SELECT 'domain_away', domain, @issue, now()
                FROM away
                WHERE NOT EXISTS (SELECT FROM staff_task AS t WHERE t.kind = 'domain_away' AND t.domain = away.domain AND t.issue_id = @issue)
            ), stopped AS (
                SELECT s.id
                FROM subscriber AS s
                JOIN away ON s.domain = away.domain
                WHERE s.status = 'bounced' AND (
                    SELECT e.detail ->> 'issue'
                    FROM subscriber_event AS e
                    WHERE e.subscriber_id = s.id AND e.kind = 'bounced'
                    ORDER BY e.id DESC
                    LIMIT 1) = @issue::text
                ORDER BY s.id
                FOR UPDATE OF s
            ), back AS (
                UPDATE subscriber AS s
                SET status = 'active', left_at = NULL
                FROM stopped
                WHERE s.id = stopped.id
                RETURNING s.id
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
                SELECT id, now(), 'bounce_undone', jsonb_build_object('issue', @issue, 'reason', 'domain')
                FROM back
            )
            UPDATE staff_task AS t
            SET done_at = now(), done_by = 'domain'
            FROM back
            WHERE t.subscriber_id = back.id AND t.done_at IS NULL AND t.kind IN ('address_gone', 'mailbox_troubled')
            """, connection).With(new("id", signal.SubscriberId), new("issue", issue));
        await tell.ExecuteNonQueryAsync(ct);
        return true;
    }

    private static async Task<bool> IsOfDomainAsync(NpgsqlConnection connection, long subscriber, int issue, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(
            """
            SELECT (SELECT count(DISTINCT r.subscriber_id)
                    FROM return_signal AS r
                    JOIN subscriber AS o ON o.id = r.subscriber_id AND o.domain = s.domain
                    WHERE r.issue_id = @issue AND r.class IN ('hard', 'ambiguous', 'soft')),
                   (SELECT count(*) FROM delivery AS d WHERE d.issue_id = @issue AND d.domain = s.domain AND d.last_attempt_at IS NOT NULL),
                   EXISTS (SELECT FROM staff_task AS t WHERE t.kind = 'domain_away' AND t.domain = s.domain AND t.issue_id = @issue)
            FROM subscriber AS s
            WHERE s.id = @id AND s.domain <> ''
            """, connection).With(new("id", subscriber), new("issue", issue));
        await using var row = await count.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && (row.GetBoolean(2) || IssueReturns.IsOfDomain(row.GetInt64(0), row.GetInt64(1)));
    }
}
