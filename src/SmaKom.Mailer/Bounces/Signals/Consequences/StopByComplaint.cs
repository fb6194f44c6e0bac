using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>
/// The reader called a letter spam: nothing is ever sent to the address again, unless an operator says so. Also of somebody who has left: an import
/// or a sign-up in their name must not bring them back.
/// </summary>
public sealed class StopByComplaint(LinkKeys keys)
{
    /// <summary>Reason on the suppression list.</summary>
    public const string Reason = "complained";

    public async Task ApplyAsync(NpgsqlConnection connection, Signal signal, CancellationToken ct)
    {
        // Whoever was joined to another row is that person.
        await using var stop = new NpgsqlCommand(
            """
            WITH stopped AS (
                UPDATE subscriber
                SET status = 'complained', left_at = COALESCE(left_at, @at)
                WHERE id IN (SELECT unnest(ARRAY[id, same_as]) FROM subscriber WHERE id = @id) AND status NOT IN ('complained', 'erased')
                RETURNING id, email_key
            ), ended AS (
                UPDATE subscription AS p
                SET ended_at = @at
                FROM stopped
                WHERE p.subscriber_id = stopped.id AND p.ended_at IS NULL
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
                SELECT id, @at, 'complained', jsonb_build_object('issue', @issue)
                FROM stopped
            )
            SELECT email_key FROM stopped
            """, connection).With(
            new("id", signal.SubscriberId), new("at", NpgsqlDbType.TimestampTz) { Value = signal.At.ToUniversalTime() },
            new("issue", NpgsqlDbType.Integer) { Value = (object?)signal.IssueId ?? DBNull.Value });
        var addresses = new List<string>();
        await using (var rows = await stop.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) addresses.Add(rows.GetString(0));
        await using var suppress = new NpgsqlCommand(
            "INSERT INTO suppression (address_hash, reason, since) SELECT hash, @reason, now() FROM unnest(@hashes) AS hash ON CONFLICT DO NOTHING",
            connection).With(
            new("reason", Reason), new("hashes", NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = addresses.Select(keys.HashAddress).ToArray() });
        await suppress.ExecuteNonQueryAsync(ct);
    }
}
