using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Deliveries.Brake;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>A run of deliveries that this process has claimed. Nobody else sends them while the lease holds.</summary>
public sealed record ClaimedSlice(long Id, int IssueId, string Slug, long FirstId, long LastId, long ClaimId);

/// <summary>One delivery of a claimed slice, as read when it was claimed.</summary>
public sealed record ClaimedDelivery(
    ClaimedSlice Slice, long Id, long SubscriberId, short Variant, DeliveryState State, int Attempts, DateTimeOffset? FirstAttemptAt, string Email,
    string? Name, string Domain)
{
    /// <summary>The list that the letter comes by.</summary>
    public short ListId { get; init; } = 1;

    /// <summary>The relay refused it before, for a reason that is ours (see IssueBrake).</summary>
    public bool WasHeld { get; init; }
}

/// <summary>
/// Claiming slices, keeping the lease, giving them back. The clock of leases and of what is due is the database's: all workers share it.
/// </summary>
/// <remarks>
/// A slice's deliveries are found by their ids. <c>issue_id + 0</c> keeps PostgreSQL from the index over issues: of an issue that was
/// planned a moment ago it knows nothing yet, takes both ways for equally short, and would walk through the whole issue for every slice.
/// </remarks>
public sealed class Slices(NpgsqlDataSource source, IOptions<DispatchOptions> options)
{
    /// <summary>
    /// Claims up to <paramref name="most"/> slices that are due, and leaves those that others hold. None in a database that nobody has looked at
    /// since it was restored, or where the last worker lived too long ago (<c>may_send</c>).
    /// </summary>
    public async Task<IReadOnlyList<ClaimedSlice>> ClaimAsync(Guid worker, int most, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE slice AS s
            SET claim_id = nextval('claim_id'), worker_id = @worker, lease_until = now() + @lease
            FROM (SELECT due.id, i.slug
                  FROM slice AS due
                  JOIN issue AS i ON i.id = due.issue_id AND i.state = 'sending'
                  WHERE due.claim_id IS NULL AND due.due_at <= now() AND (SELECT may_send())
                  ORDER BY due.due_at, due.id
                  LIMIT @most
                  FOR UPDATE OF due SKIP LOCKED) AS found
            WHERE s.id = found.id
            RETURNING s.id, s.issue_id, found.slug, s.first_id, s.last_id, s.claim_id
            """);
        command.With(new("worker", worker), new("lease", options.Value.Lease), new("most", most));
        var claimed = new List<ClaimedSlice>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            claimed.Add(new(rows.GetInt64(0), rows.GetInt32(1), rows.GetString(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)));
        return [.. claimed.OrderBy(slice => slice.FirstId)];
    }

    /// <summary>The slice's deliveries that are to be sent now. Who has left since planning is excluded on the way.</summary>
    public async Task<IReadOnlyList<ClaimedDelivery>> ReadAsync(ClaimedSlice slice, CancellationToken ct)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            UPDATE delivery AS d
            SET state = 'excluded', reason = {Ledger.WhyGone}, finished_at = now()
            FROM subscriber AS u, frozen_letter AS f
            WHERE d.issue_id + 0 = @issue AND d.id BETWEEN @first AND @last AND d.state IN ('waiting', 'deferred')
                AND u.id = d.subscriber_id AND f.issue_id = @issue AND f.variant = d.variant AND {Ledger.WhyGone} IS NOT NULL
            """)
        { Parameters = { new("issue", slice.IssueId), new("first", slice.FirstId), new("last", slice.LastId) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            SELECT d.id, d.subscriber_id, d.variant, d.state, d.attempts, d.first_attempt_at, d.email, d.name, d.domain,
                   COALESCE(d.reason, '') = @held,
                   COALESCE(f.list_id, 1)
            FROM delivery AS d
            LEFT JOIN frozen_letter AS f ON f.issue_id = @issue AND f.variant = d.variant
            WHERE d.issue_id + 0 = @issue AND d.id BETWEEN @first AND @last
                AND (d.state = 'waiting' OR d.state = 'deferred' AND d.next_attempt_at <= now())
                AND d.email <> '' -- erased between these two statements
            ORDER BY d.id
            """)
        { Parameters = { new("issue", slice.IssueId), new("first", slice.FirstId), new("last", slice.LastId), new("held", IssueBrake.Reason) } });
        var deliveries = new List<ClaimedDelivery>();
        await using var rows = await batch.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            deliveries.Add(new(slice, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt16(2), rows.GetFieldValue<DeliveryState>(3), rows.GetInt16(4),
                rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5), rows.GetString(6), rows.IsDBNull(7) ? null : rows.GetString(7),
                rows.GetString(8))
            { WasHeld = rows.GetBoolean(9), ListId = rows.GetInt16(10) });
        return deliveries;
    }

    /// <summary>
    /// Lengthens the leases of these claims; returns those that still hold. One of before a restore does not: its lease is <c>-infinity</c>.
    /// </summary>
    public async Task<IReadOnlySet<long>> RenewAsync(IReadOnlyCollection<long> claims, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE slice
            SET lease_until = now() + @lease
            WHERE claim_id = ANY(@claims) AND lease_until > '-infinity'
            RETURNING claim_id
            """);
        command.With(new("lease", options.Value.Lease), new("claims", claims.ToArray()));
        var held = new HashSet<long>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) held.Add(rows.GetInt64(0));
        return held;
    }

    /// <summary>
    /// Gives a slice back: due again at its earliest waiting delivery, or gone when all in it are final.
    /// What a cancelled issue had not sent is excluded. An issue whose last slice is gone is sent.
    /// </summary>
    /// <param name="permits">What letters wait for that were left because no permit was available; null = none was left so.</param>
    public async Task GiveBackAsync(ClaimedSlice slice, PermitWait? permits, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var batch = new NpgsqlBatch(connection))
        {
            if (permits is not null) Add("SELECT version FROM limit_change FOR SHARE");
            Add(
                """
                UPDATE delivery AS d
                SET state = 'excluded', reason = 'cancelled', finished_at = now()
                FROM issue AS i
                WHERE i.id = @issue AND i.state = 'cancelled'
                    AND d.issue_id + 0 = i.id AND d.id BETWEEN @first AND @last AND d.state IN ('waiting', 'deferred')
                """);
            Add(
                """
                WITH rest AS (
                    SELECT min(CASE
                        WHEN state = 'deferred' AND next_attempt_at > now() THEN next_attempt_at
                        WHEN @limits = (SELECT version FROM limit_change) THEN @permits_from
                        ELSE now() END) AS due_at
                    FROM delivery
                    WHERE issue_id + 0 = @issue AND id BETWEEN @first AND @last AND state IN ('waiting', 'deferred'))
                UPDATE slice
                SET claim_id = NULL, worker_id = NULL, lease_until = NULL, due_at = COALESCE(rest.due_at, 'infinity')
                FROM rest
                WHERE id = @slice AND claim_id = @claim
                """);
            Add("DELETE FROM slice WHERE id = @slice AND claim_id IS NULL AND due_at = 'infinity'");
            await batch.ExecuteNonQueryAsync(ct);

            void Add(string sql) => batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters =
                {
                    new("issue", slice.IssueId), new("first", slice.FirstId), new("last", slice.LastId), new("slice", slice.Id),
                    new("claim", slice.ClaimId),
                    new("permits_from", NpgsqlDbType.TimestampTz) { Value = (object?)permits?.Until.ToUniversalTime() ?? DBNull.Value },
                    new("limits", permits?.Limits ?? -1),
                },
            });
        }

        await CloseFinishedAsync(connection, ct);
    }

    /// <summary>
    /// Sending issues without a slice are sent. Runs after the commit that took a slice away, so that of two last ones the later sees it.
    /// </summary>
    public async Task CloseFinishedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE issue AS i
            SET state = 'sent', finished_at = now(), updated_at = now()
            WHERE state = 'sending' AND NOT EXISTS (SELECT FROM slice WHERE issue_id = i.id)
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How long until the next unclaimed slice is due, a day at most; zero or less: one is due.</summary>
    public async Task<TimeSpan> NextDueAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT LEAST(min(s.due_at), now() + interval '1 day') - now()
            FROM slice AS s
            JOIN issue AS i ON i.id = s.issue_id AND i.state = 'sending'
            WHERE s.claim_id IS NULL AND (SELECT may_send())
            """);
        return (TimeSpan)(await command.ExecuteScalarAsync(ct))!;
    }
}
