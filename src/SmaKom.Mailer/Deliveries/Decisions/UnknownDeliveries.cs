using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Decisions;

/// <summary>One letter of which nobody knows whether it arrived.</summary>
/// <param name="Reason"><c>reply_lost</c>, <c>worker_lost</c> or <c>halted</c>; <c>left</c> once a person has decided to leave it.</param>
public sealed record UnknownDelivery(long Id, string Email, string? Name, string Reason, DateTimeOffset Since, short? RelayId);

/// <summary>
/// The decision that only a person can take (RFC 5321 §4.5.3.2.6 leaves the sender in doubt): send again, with the same bytes and the same
/// Message-ID so that a server that has it may recognise it, or leave it.
/// </summary>
public sealed class UnknownDeliveries(NpgsqlDataSource source, Retries retries)
{
    /// <summary>
    /// The deliveries that wait for a decision, as SQL: whole rows. Each letter in doubt has left an attempt, or the decision about its halted
    /// issue, and indexes lead to those; by the state they could only be found by reading every letter.
    /// </summary>
    public const string Undecided =
        """
        SELECT d.*
        FROM (SELECT delivery_id FROM delivery_attempt WHERE outcome = 'unknown'
              UNION
              SELECT l.delivery_id
              FROM delivery_decision AS k
              JOIN delivery_decision_letter AS l ON l.decision_id = k.id
              WHERE k.kind = 'unknown') AS doubted
        JOIN delivery AS d ON d.id = doubted.delivery_id AND d.state = 'unknown' AND d.reason IS DISTINCT FROM 'left'
        """;

    /// <summary>Those that wait for a decision, oldest first.</summary>
    public async Task<IReadOnlyList<UnknownDelivery>> ListAsync(int issueId, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT id, email, name, reason, finished_at, relay_id
            FROM ({Undecided}) AS undecided
            WHERE issue_id + 0 = @issue
            ORDER BY finished_at, id
            """).With(new NpgsqlParameter("issue", issueId));
        var found = new List<UnknownDelivery>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            found.Add(new(rows.GetInt64(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetString(3),
                rows.GetFieldValue<DateTimeOffset>(4), rows.IsDBNull(5) ? null : rows.GetInt16(5)));
        return found;
    }

    /// <summary>Sends these again, or all of the issue's; returns how many. An issue that was sent is sending again until they are done.</summary>
    /// <param name="ids">Null = all that wait for a decision.</param>
    public Task<int> SendAgainAsync(int issueId, IReadOnlyCollection<long>? ids, Actor actor, CancellationToken ct) =>
        retries.SendAgainAsync(issueId, new DeliveryFilter { State = DeliveryState.Unknown, Ids = ids }, DecisionKind.SendAgain, actor, ct);

    /// <summary>Leaves these as they are, for good; returns how many. They stay unknown in the receipt: that is the truth.</summary>
    /// <param name="ids">Null = all that wait for a decision.</param>
    public async Task<int> LeaveAsync(int issueId, IReadOnlyCollection<long>? ids, Actor actor, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            WITH left_alone AS (
                UPDATE delivery
                SET reason = 'left'
                WHERE issue_id = @issue AND state = 'unknown' AND reason <> 'left' AND (@ids IS NULL OR id = ANY(@ids))
                RETURNING id, state),
            {DecisionRows.Of("left_alone", "'leave'")}
            SELECT count(*) FROM left_alone
            """).With(
            new("issue", issueId), new("by", actor.Name),
            new("ids", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)ids?.ToArray() ?? DBNull.Value });
        return (int)(long)(await command.ExecuteScalarAsync(ct))!;
    }
}
