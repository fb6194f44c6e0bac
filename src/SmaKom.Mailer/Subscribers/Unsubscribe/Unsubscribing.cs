using Npgsql;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.Unsubscribe;

/// <summary>Leaving and coming back. Each takes effect when it is committed: workers look at the status when they hand a letter over.</summary>
public sealed class Unsubscribing(NpgsqlDataSource source, NoticeOutbox notices, LinkSigner signer, LinkAddresses links, DatabaseClock time)
{
    /// <summary>How long a link may bring back whoever left by it: a forwarded letter must not re-subscribe its owner years later.</summary>
    public static readonly TimeSpan UndoWithin = TimeSpan.FromDays(30);

    /// <summary>Whoever is behind the link: a row that was joined to another is no person of its own.</summary>
    private const string Behind = "(SELECT coalesce(same_as, id) FROM subscriber WHERE id = @id)";

    /// <summary>Looks, and changes nothing. Null when nobody is behind the link any more.</summary>
    public async Task<Subscription?> FindAsync(long subscriberId, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT id, email, status, status = 'unsubscribed' AND left_at > @since,
                   EXISTS (SELECT FROM subscriber_event e WHERE e.subscriber_id = s.id AND e.kind = 'unsubscribe_reason' AND e.at >= s.left_at)
            FROM subscriber s
            WHERE id = {Behind} AND status <> 'erased'
            """);
        select.Parameters.AddWithValue("id", subscriberId);
        select.Parameters.AddWithValue("since", time.GetUtcNow() - UndoWithin);
        await using var rows = await select.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? new(rows.GetInt64(0), rows.GetString(1), rows.GetFieldValue<SubscriberStatus>(2), rows.GetBoolean(3), rows.GetBoolean(4))
            : null;
    }

    /// <summary>No more letters from now on, and a receipt by mail. Again changes nothing.</summary>
    public async Task LeaveAsync(LinkSubject who, string how, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The status before is kept in the event, so that an undo gives back what was, not more.
        await using var leave = new NpgsqlCommand(
            $"""
            WITH before AS (
                SELECT id, status
                FROM subscriber
                WHERE id = {Behind} AND status IN ('pending', 'active', 'bounced')
                FOR UPDATE
            ), left_now AS (
                UPDATE subscriber s
                SET status = 'unsubscribed', left_at = @now
                FROM before
                WHERE s.id = before.id
                RETURNING s.id, s.email, s.language, before.status AS status_before
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
                SELECT id, @now, 'unsubscribed', jsonb_build_object('by', @how, 'issue', nullif(@issue, 0), 'before', status_before)
                FROM left_now
            )
            SELECT email, language, (
                SELECT max(next_attempt_at) + interval '1 day'
                FROM notice
                WHERE subscriber_id = left_now.id AND kind = 'unsubscribe_receipt' AND next_attempt_at > @day_ago)
            FROM left_now
            """, connection);
        leave.Parameters.AddWithValue("id", who.SubscriberId);
        leave.Parameters.AddWithValue("issue", who.IssueId);
        leave.Parameters.AddWithValue("how", how);
        leave.Parameters.AddWithValue("now", time.GetUtcNow());
        leave.Parameters.AddWithValue("day_ago", time.GetUtcNow().AddDays(-1));
        if (await ReceiptAsync(leave, who, ct) is { } receipt)
            await notices.WriteAsync(connection, receipt, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Takes back the leaving, if it was lately. False when it was not, or when there was nothing to take back.</summary>
    public async Task<bool> UndoAsync(long subscriberId, CancellationToken ct)
    {
        await using var undo = source.CreateCommand(
            $"""
            WITH back AS (
                UPDATE subscriber s
                SET left_at = NULL,
                    status = coalesce((
                        SELECT e.detail ->> 'before'
                        FROM subscriber_event e
                        WHERE e.subscriber_id = s.id AND e.kind = 'unsubscribed'
                        ORDER BY e.id DESC
                        LIMIT 1), 'active')::subscriber_status
                WHERE id = {Behind} AND status = 'unsubscribed' AND left_at > @since
                RETURNING id
            ), untrue AS (
                -- A receipt that waits for the day to pass.
                DELETE FROM notice
                USING back
                WHERE subscriber_id = back.id AND kind = 'unsubscribe_receipt' AND state = 'waiting' AND next_attempt_at > now()
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind)
            SELECT id, @now, 'unsubscribe_undone'
            FROM back
            """);
        undo.Parameters.AddWithValue("id", subscriberId);
        undo.Parameters.AddWithValue("since", time.GetUtcNow() - UndoWithin);
        undo.Parameters.AddWithValue("now", time.GetUtcNow());
        return await undo.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Keeps the reason of somebody who has left; once per leaving, and only one of <see cref="LeaveReason.All"/>.</summary>
    public async Task GiveReasonAsync(long subscriberId, string reason, CancellationToken ct)
    {
        if (!LeaveReason.All.Contains(reason, StringComparer.Ordinal)) return;
        await using var insert = source.CreateCommand(
            $"""
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT id, @now, 'unsubscribe_reason', jsonb_build_object('reason', @reason)
            FROM subscriber s
            WHERE id = {Behind} AND status = 'unsubscribed'
              AND NOT EXISTS (SELECT FROM subscriber_event e WHERE e.subscriber_id = s.id AND e.kind = 'unsubscribe_reason' AND e.at >= s.left_at)
            """);
        insert.Parameters.AddWithValue("id", subscriberId);
        insert.Parameters.AddWithValue("reason", reason);
        insert.Parameters.AddWithValue("now", time.GetUtcNow());
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// At most one receipt a day: whoever holds a forwarded letter could otherwise fill its owner's inbox by leaving and undoing. None is left out:
    /// a further one waits until the day is over, and goes unless the leaving is undone before. So nobody is signed off without being told.
    /// </summary>
    private async Task<Notice?> ReceiptAsync(NpgsqlCommand leave, LinkSubject who, CancellationToken ct)
    {
        await using var rows = await leave.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct)) return null;
        var link = links.Undo(signer.Token(LinkPurpose.Unsubscribe, who));
        return new(NoticeKind.UnsubscribeReceipt, who.SubscriberId, rows.GetString(0), rows.GetString(1), link)
        {
            NotBefore = rows.IsDBNull(2) ? null : rows.GetFieldValue<DateTimeOffset>(2),
        };
    }
}
