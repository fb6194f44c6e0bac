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

    /// <summary>The lists of a person that they are or were on: rows <c>p</c> of subscription and <c>l</c> of mailing_list.</summary>
    /// <param name="subscriber">Alias of the person's row.</param>
    private static string ListsOf(string subscriber) =>
        $"mailing_list l JOIN subscription p ON p.list_id = l.id AND p.subscriber_id = {subscriber}.id";

    /// <summary>Looks, and changes nothing. Null when nobody is behind the link any more.</summary>
    public async Task<Subscription?> FindAsync(LinkSubject who, CancellationToken ct)
    {
        var lists = $"{ListsOf("s")} ORDER BY l.position, l.id";
        await using var select = source.CreateCommand(
            $"""
            SELECT id, email, status, status = 'unsubscribed' AND left_at > @since,
                   EXISTS (SELECT FROM subscriber_event e WHERE e.subscriber_id = s.id AND e.kind = 'unsubscribe_reason' AND e.at >= s.left_at),
                   ARRAY(SELECT l.id FROM {lists}), ARRAY(SELECT l.name FROM {lists}),
                   ARRAY(SELECT p.ended_at IS NULL FROM {lists}), ARRAY(SELECT COALESCE(p.ended_at > @since, false) FROM {lists}),
                   ARRAY(SELECT l.id FROM {ListsOf("s")} WHERE l.closed_at IS NOT NULL)
            FROM subscriber s
            WHERE id = {Behind} AND status <> 'erased'
            """);
        select.Parameters.AddWithValue("id", who.SubscriberId);
        select.Parameters.AddWithValue("since", time.GetUtcNow() - UndoWithin);
        await using var rows = await select.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct)) return null;
        var (names, are, lately) = (rows.GetFieldValue<string?[]>(6), rows.GetFieldValue<bool[]>(7), rows.GetFieldValue<bool[]>(8));
        var found = rows.GetFieldValue<short[]>(5).Select((id, i) => new ListChoice(id, names[i], are[i], lately[i])).ToList();
        var closed = rows.GetFieldValue<short[]>(9);
        var chosen = found.Find(list => list.Id == who.ListId)
            ?? new ListChoice(who.ListId, null, IsOn: found.TrueForAll(list => !list.IsOn), CanUndo: false);
        return new(rows.GetInt64(0), rows.GetString(1), rows.GetFieldValue<SubscriberStatus>(2), rows.GetBoolean(3), rows.GetBoolean(4))
        {
            This = chosen,
            Others = [.. found.Where(list => list.IsOn && list.Id != chosen.Id && !closed.Contains(list.Id))],
        };
    }

    /// <summary>
    /// No more letters by this list from now on, or by none where it was the last, and a receipt by mail. Again changes nothing.
    /// </summary>
    /// <param name="everything">Every list that they are on.</param>
    public async Task LeaveAsync(LinkSubject who, string how, bool everything, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two leavings of one person see each other: the second finds what the first left.
        await using (var wait = new NpgsqlCommand($"SELECT FROM subscriber WHERE id = {Behind} FOR UPDATE", connection).With(
            new NpgsqlParameter("id", who.SubscriberId)))
            await wait.ExecuteNonQueryAsync(ct);
        // The status before is kept in the event, so that an undo gives back what was, not more.
        await using var leave = new NpgsqlCommand(
            $"""
            WITH before AS (
                SELECT s.id, s.email, s.language, s.status, NOT @everything AND EXISTS (
                    SELECT FROM {ListsOf("s")} WHERE p.ended_at IS NULL AND l.closed_at IS NULL AND p.list_id <> @list) AS stays
                FROM subscriber s
                WHERE s.id = {Behind} AND s.status IN ('pending', 'active', 'bounced')
            ), ended AS (
                UPDATE subscription p
                SET ended_at = @now
                FROM before
                WHERE p.subscriber_id = before.id AND p.ended_at IS NULL AND (p.list_id = @list OR NOT before.stays)
                RETURNING p.list_id
            ), left_now AS (
                UPDATE subscriber s
                SET status = 'unsubscribed', left_at = @now
                FROM before
                WHERE s.id = before.id AND NOT before.stays
                RETURNING s.id
            ), changed AS (
                SELECT *
                FROM before
                WHERE NOT stays OR EXISTS (SELECT FROM ended)
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
                SELECT id, @now, CASE WHEN stays THEN 'left_list' ELSE 'unsubscribed' END,
                       jsonb_build_object('by', @how, 'issue', nullif(@issue, 0), 'before', status, 'lists', ARRAY(SELECT list_id FROM ended))
                FROM changed
            )
            SELECT email, language, (
                SELECT max(n.next_attempt_at) + interval '1 day'
                FROM notice AS n
                WHERE n.subscriber_id = changed.id AND n.kind = 'unsubscribe_receipt' AND n.next_attempt_at > @day_ago
                    AND n.list_id IS NOT DISTINCT FROM CASE WHEN changed.stays THEN @list END), stays, id
            FROM changed
            """, connection);
        leave.Parameters.AddWithValue("id", who.SubscriberId);
        leave.Parameters.AddWithValue("list", who.ListId);
        leave.Parameters.AddWithValue("everything", everything);
        leave.Parameters.AddWithValue("issue", who.IssueId);
        leave.Parameters.AddWithValue("how", how);
        leave.Parameters.AddWithValue("now", time.GetUtcNow());
        leave.Parameters.AddWithValue("day_ago", time.GetUtcNow().AddDays(-1));
        if (await ReceiptAsync(leave, who, ct) is { } receipt)
            await notices.WriteAsync(connection, receipt, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// Takes back the leaving of everything, or of the link's list, if it was lately. False when it was not, or when there was nothing to take back.
    /// </summary>
    public async Task<bool> UndoAsync(LinkSubject who, CancellationToken ct)
    {
        await using var undo = source.CreateCommand(
            $"""
            WITH left_then AS (
                SELECT id, left_at
                FROM subscriber
                WHERE id = {Behind}
                FOR UPDATE
            ), back AS (
                UPDATE subscriber s
                SET left_at = NULL,
                    status = coalesce((
                        SELECT e.detail ->> 'before'
                        FROM subscriber_event e
                        WHERE e.subscriber_id = s.id AND e.kind = 'unsubscribed'
                        ORDER BY e.id DESC
                        LIMIT 1), 'active')::subscriber_status
                FROM left_then
                WHERE s.id = left_then.id AND s.status = 'unsubscribed' AND s.left_at > @since
                RETURNING s.id, left_then.left_at
            ), all_lists AS (
                UPDATE subscription p
                SET ended_at = NULL
                FROM back
                WHERE p.subscriber_id = back.id AND p.ended_at >= back.left_at
            ), one_list AS (
                UPDATE subscription p
                SET ended_at = NULL
                FROM subscriber s
                WHERE s.id = {Behind} AND s.status <> 'unsubscribed' AND p.subscriber_id = s.id AND p.list_id = @list AND p.ended_at > @since
                RETURNING p.subscriber_id AS id
            ), untrue AS (
                -- A receipt that waits for the day to pass.
                DELETE FROM notice AS n
                USING (SELECT id, NULL::smallint AS list FROM back UNION ALL SELECT id, @list FROM one_list) AS undone
                WHERE n.subscriber_id = undone.id AND n.list_id IS NOT DISTINCT FROM undone.list AND n.kind = 'unsubscribe_receipt'
                    AND n.state = 'waiting' AND n.next_attempt_at > now()
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT id, @now, 'unsubscribe_undone', jsonb_build_object() FROM back
            UNION ALL
            SELECT id, @now, 'unsubscribe_undone', jsonb_build_object('lists', ARRAY[@list]) FROM one_list
            """);
        undo.Parameters.AddWithValue("id", who.SubscriberId);
        undo.Parameters.AddWithValue("list", who.ListId);
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
    /// At most one receipt a day and list: whoever holds a forwarded letter could otherwise fill its owner's inbox by leaving and undoing. None is
    /// left out: a further one waits until the day is over, and goes unless the leaving is undone before. So nobody is signed off without being told.
    /// </summary>
    private async Task<Notice?> ReceiptAsync(NpgsqlCommand leave, LinkSubject who, CancellationToken ct)
    {
        await using var rows = await leave.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct)) return null;
        var link = links.Undo(signer.Token(LinkPurpose.Unsubscribe, who));
        return new(NoticeKind.UnsubscribeReceipt, rows.GetInt64(4), rows.GetString(0), rows.GetString(1), link,
            ListId: rows.GetBoolean(3) ? who.ListId : null)
        {
            NotBefore = rows.IsDBNull(2) ? null : rows.GetFieldValue<DateTimeOffset>(2),
        };
    }
}
