using Npgsql;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Deliveries;

/// <summary>One letter of which nobody knows whether it arrived.</summary>
/// <param name="Reason"><c>reply_lost</c> or <c>worker_lost</c>; <c>left</c> once a person has decided to leave it.</param>
public sealed record UnknownDelivery(long Id, string Email, string? Name, string Reason, DateTimeOffset Since, short? RelayId);

/// <summary>
/// The decision that only a person can take (RFC 5321 §4.5.3.2.6 leaves the sender in doubt): send again, with the same bytes and the same
/// Message-ID so that a server that has it may recognise it, or leave it.
/// </summary>
public sealed class UnknownDeliveries(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Those that wait for a decision, oldest first.</summary>
    public async Task<IReadOnlyList<UnknownDelivery>> ListAsync(int issueId, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT id, email, name, reason, finished_at, relay_id
            FROM delivery
            WHERE issue_id = @issue AND state = 'unknown' AND reason <> 'left'
            ORDER BY finished_at, id
            """).With(new NpgsqlParameter("issue", issueId));
        var found = new List<UnknownDelivery>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            found.Add(new(rows.GetInt64(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4), rows.IsDBNull(5) ? null : rows.GetInt16(5)));
        return found;
    }

    /// <summary>Sends these again, or all of the issue's; returns how many. An issue that was sent is sending again until they are done.</summary>
    /// <param name="ids">Null = all that wait for a decision.</param>
    public async Task<int> SendAgainAsync(int issueId, IReadOnlyCollection<long>? ids, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        // Each gets a slice of its own: they lie scattered, and what lies between them is settled. One whose slice still waits for
        // others is taken with it, now. Slices are locked: one that vanished meanwhile would leave the delivery waiting for ever.
        await using var command = new NpgsqlCommand(
            """
            WITH held AS (
                SELECT id, first_id, last_id, claim_id
                FROM slice
                WHERE issue_id = @issue
                FOR UPDATE),
            again AS (
                UPDATE delivery AS d
                SET state = 'waiting', reason = NULL, finished_at = NULL
                FROM issue AS i
                WHERE i.id = @issue AND i.state IN ('sending', 'paused', 'sent')
                    AND d.issue_id = i.id AND d.state = 'unknown' AND d.reason <> 'left' AND (@ids IS NULL OR d.id = ANY(@ids))
                    AND NOT EXISTS (SELECT FROM held WHERE d.id BETWEEN first_id AND last_id AND claim_id IS NOT NULL)
                RETURNING d.id),
            cut AS (
                INSERT INTO slice (issue_id, first_id, last_id, due_at)
                SELECT @issue, id, id, @now
                FROM again AS a
                WHERE NOT EXISTS (SELECT FROM held WHERE a.id BETWEEN first_id AND last_id)),
            hastened AS (
                UPDATE slice AS s
                SET due_at = LEAST(s.due_at, @now)
                FROM again AS a
                WHERE s.issue_id = @issue AND a.id BETWEEN s.first_id AND s.last_id),
            reopened AS (
                UPDATE issue
                SET state = 'sending', finished_at = NULL, updated_at = @now
                WHERE id = @issue AND state = 'sent' AND EXISTS (SELECT FROM again))
            SELECT count(*) FROM again
            """, connection).With(
            new("issue", issueId), new("now", time.GetUtcNow()),
            new("ids", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)ids?.ToArray() ?? DBNull.Value });
        var count = (int)(long)(await command.ExecuteScalarAsync(ct))!;
        await Wake.NotifyAsync(connection, ct);
        return count;
    }

    /// <summary>Leaves these as they are, for good; returns how many. They stay unknown in the receipt: that is the truth.</summary>
    public async Task<int> LeaveAsync(int issueId, IReadOnlyCollection<long>? ids, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE delivery
            SET reason = 'left'
            WHERE issue_id = @issue AND state = 'unknown' AND reason <> 'left' AND (@ids IS NULL OR id = ANY(@ids))
            """).With(
            new("issue", issueId),
            new("ids", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)ids?.ToArray() ?? DBNull.Value });
        return await command.ExecuteNonQueryAsync(ct);
    }
}
