using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Decisions;

/// <summary>What sending again would do.</summary>
/// <param name="Gone">Refused, unknown or deferred, and the person has left or is on the suppression list: nothing is sent.</param>
/// <param name="Busy">A worker holds them just now; ask again in half a minute.</param>
/// <param name="Waiting">They go out anyway, when it is their turn.</param>
/// <param name="NotFor">Accepted, excluded, or left as unknown.</param>
public sealed record RetryOutlook(int Refused, int Unknown, int Deferred, int Gone, int Busy, int Waiting, int NotFor)
{
    public int Again => Refused + Unknown + Deferred;
    public int Matching => Again + Gone + Busy + Waiting + NotFor;
}

/// <summary>
/// "Only these again": refused and unknown letters wait anew, deferred ones are due now. The letter is the frozen one, so bytes and
/// Message-ID are the same. The times are kept too: when the time for retries has run out, sending again is one more attempt.
/// </summary>
public sealed class Retries(NpgsqlDataSource source, LinkKeys keys)
{
    // A delivery whose slice a worker holds is left alone: it may be just about to give the slice back, having seen nothing left in it.
    private const string Held =
        "EXISTS (SELECT FROM slice AS s WHERE s.issue_id = d.issue_id AND s.claim_id IS NOT NULL AND d.id BETWEEN s.first_id AND s.last_id)";
    private const string Open = "(d.state IN ('refused', 'deferred') OR d.state = 'unknown' AND d.reason IS DISTINCT FROM 'left')";

    // In the order in which a worker looks (Ledger): what would not be granted is not counted on.
    private const string There =
        $"""
        (SELECT {Ledger.WhyGone} IS NULL
         FROM subscriber AS u
         CROSS JOIN (SELECT COALESCE((SELECT list_id FROM frozen_letter WHERE issue_id = d.issue_id AND variant = d.variant), 1) AS list_id) AS f
         WHERE u.id = p.id) AND NOT p.id = ANY(@suppressed)
        """;

    /// <summary>Looks, and changes nothing.</summary>
    public async Task<RetryOutlook> LookAsync(int issueId, DeliveryFilter filter, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT count(*) FILTER (WHERE go AND state = 'refused'), count(*) FILTER (WHERE go AND state = 'unknown'),
                   count(*) FILTER (WHERE go AND state = 'deferred'), count(*) FILTER (WHERE open AND NOT there),
                   count(*) FILTER (WHERE open AND there AND held), count(*) FILTER (WHERE state IN ('waiting', 'sending')),
                   count(*) FILTER (WHERE NOT open AND state NOT IN ('waiting', 'sending'))
            FROM (SELECT state, open, there, held, open AND there AND NOT held AS go
                  FROM (-- Of those alone that could be sent again: most letters were accepted, and person and slices of each are dear to look up.
                        SELECT d.state, d.open,
                               CASE WHEN d.open THEN (SELECT {There} FROM subscriber AS p WHERE p.id = d.subscriber_id) END AS there,
                               CASE WHEN d.open THEN {Held} END AS held
                        FROM (SELECT d.id, d.issue_id, d.subscriber_id, d.variant, d.state, {Open} AS open
                              FROM delivery AS d
                              WHERE d.issue_id = @issue AND {DeliveryFilter.Condition}) AS d
                        -- Each looked up once, not once for each count above.
                        OFFSET 0) AS looked) AS sorted
            """, connection).With(filter.Parameters).With(new("issue", issueId), new("suppressed", await SuppressedAsync(connection, issueId, filter, ct)));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        int Count(int column) => checked((int)row.GetInt64(column));
        return new(Count(0), Count(1), Count(2), Count(3), Count(4), Count(5), Count(6));
    }

    /// <summary>
    /// Sends again what <see cref="LookAsync"/> counts as such; returns how many. An issue that was sent is sending until they are done.
    /// </summary>
    /// <param name="kind">Of <see cref="DecisionKind"/>.</param>
    public async Task<int> SendAgainAsync(int issueId, DeliveryFilter filter, string kind, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        // One statement, however many they are. New slices lie between those that there are: none is handed to two workers. Slices are
        // locked: one that vanished meanwhile would leave its delivery waiting for ever.
        await using var command = new NpgsqlCommand(
            $"""
            WITH held AS (
                SELECT first_id, last_id, claim_id
                FROM slice
                WHERE issue_id = @issue
                FOR UPDATE),
            chosen AS (
                SELECT d.id, d.state
                FROM delivery AS d
                JOIN issue AS i ON i.id = d.issue_id AND i.state IN ('sending', 'paused', 'sent')
                JOIN subscriber AS p ON p.id = d.subscriber_id
                WHERE d.issue_id = @issue AND {DeliveryFilter.Condition}
                    AND {Open} AND {There}
                    AND NOT EXISTS (SELECT FROM held WHERE claim_id IS NOT NULL AND d.id BETWEEN first_id AND last_id)
                FOR UPDATE OF d),
            again AS (
                UPDATE delivery AS d
                SET state = CASE d.state WHEN 'deferred' THEN d.state ELSE 'waiting' END,
                    next_attempt_at = CASE d.state WHEN 'deferred' THEN now() END,
                    reason = NULL, finished_at = NULL
                FROM chosen AS c
                WHERE d.id = c.id
                RETURNING d.id, c.state),
            places AS (
                SELECT id, NULL::bigint AS last_id FROM again
                UNION ALL
                SELECT first_id, last_id FROM held),
            placed AS (
                SELECT id, last_id, max(id) FILTER (WHERE last_id IS NOT NULL) OVER before AS slice, max(last_id) OVER before AS covered_to
                FROM places
                WINDOW before AS (ORDER BY id, last_id NULLS LAST)),
            loose AS (
                SELECT id, COALESCE(slice, 0) AS slice, (row_number() OVER (PARTITION BY slice ORDER BY id) - 1) / (SELECT LEAST(500, GREATEST(1, count(*) / 64)) FROM again) AS nth
                FROM placed
                WHERE last_id IS NULL AND (covered_to IS NULL OR id > covered_to)),
            cut AS (
                INSERT INTO slice (issue_id, first_id, last_id, due_at)
                SELECT @issue, min(id), max(id), now()
                FROM loose
                GROUP BY slice, nth),
            hastened AS (
                UPDATE slice
                SET due_at = LEAST(due_at, now())
                WHERE issue_id = @issue AND first_id IN (SELECT slice FROM placed WHERE last_id IS NULL AND id <= covered_to)),
            reopened AS (
                UPDATE issue
                SET state = 'sending', finished_at = NULL, updated_at = now()
                WHERE id = @issue AND state = 'sent' AND EXISTS (SELECT FROM again)),
            {DecisionRows.Of("again", "@kind")}
            SELECT count(*) FROM again
            """, connection).With(filter.Parameters).With(
            new("issue", issueId), new("kind", kind), new("by", actor.Name),
            new("suppressed", await SuppressedAsync(connection, issueId, filter, ct)));
        command.CommandTimeout = 0;
        var count = checked((int)(long)(await command.ExecuteScalarAsync(ct))!);
        await Wake.NotifyAsync(connection, ct);
        return count;
    }

    /// <summary>Who of these is on the suppression list. It holds keyed hashes, which the database cannot compute.</summary>
    private async Task<long[]> SuppressedAsync(NpgsqlConnection connection, int issueId, DeliveryFilter filter, CancellationToken ct)
    {
        var listed = new HashSet<string>();
        await using (var list = new NpgsqlCommand("SELECT address_hash FROM suppression", connection))
        await using (var rows = await list.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) listed.Add(Convert.ToHexString(rows.GetFieldValue<byte[]>(0)));
        if (listed.Count == 0) return [];

        var suppressed = new List<long>();
        await using var people = new NpgsqlCommand(
            $"""
            SELECT p.id, p.email_key
            FROM delivery AS d
            JOIN subscriber AS p ON p.id = d.subscriber_id
            WHERE d.issue_id = @issue AND {DeliveryFilter.Condition} AND {Open}
            """, connection).With(filter.Parameters).With(new NpgsqlParameter("issue", issueId));
        await using var found = await people.ExecuteReaderAsync(ct);
        while (await found.ReadAsync(ct))
            if (listed.Contains(Convert.ToHexString(keys.HashAddress(found.GetString(1))))) suppressed.Add(found.GetInt64(0));
        return [.. suppressed];
    }
}
