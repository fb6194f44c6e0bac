using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>
/// Slices whose worker has stopped renewing its lease. A delivery without a committed intent surely was not sent: it waits again.
/// One with an intent and no outcome may have been: it becomes unknown, and a person decides (RFC 5321 §4.2.5 leaves no other way).
/// </summary>
public sealed partial class ExpiredLeases(NpgsqlDataSource source, Slices slices, IOptions<DispatchOptions> options, ILogger<ExpiredLeases> logger)
{
    public async Task RescueAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await ShortenAsync(connection, ct);
        await HastenAsync(connection, ct);
        // One statement: a rescuer that dies halfway has done nothing.
        await using var command = new NpgsqlCommand(
            """
            WITH stalled AS (
                SELECT id, issue_id, first_id, last_id, claim_id
                FROM slice
                WHERE claim_id IS NOT NULL AND lease_until < now()
                FOR UPDATE SKIP LOCKED),
            doubtful AS (
                UPDATE delivery AS d
                SET state = 'unknown', reason = 'worker_lost', finished_at = now()
                FROM stalled AS s
                WHERE d.issue_id + 0 = s.issue_id AND d.id BETWEEN s.first_id AND s.last_id AND d.claim_id = s.claim_id AND d.state = 'sending'
                RETURNING d.id, d.relay_id),
            noted AS (
                INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage)
                SELECT id, now(), 'unknown', relay_id, 'worker_lost'
                FROM doubtful),
            freed AS (
                UPDATE slice AS s
                SET claim_id = NULL, worker_id = NULL, lease_until = NULL, due_at = now()
                FROM stalled
                WHERE s.id = stalled.id
                RETURNING s.id)
            SELECT (SELECT count(*) FROM freed), (SELECT count(*) FROM doubtful)
            """, connection);
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            var (freed, doubtful) = (row.GetInt64(0), row.GetInt64(1));
            if (freed > 0) Log.Rescued(logger, freed, doubtful);
        }

        await slices.CloseFinishedAsync(connection, ct);
        await ReopenAsync(connection, ct);
        await Wake.NotifyAsync(connection, ct);
    }

    /// <summary>
    /// A lease that lasts longer than any is given: the database's clock was set back. Whoever lives renews it as always; without this,
    /// a dead worker's slices would be held until the clock has caught up.
    /// </summary>
    private async Task ShortenAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command =
            new NpgsqlCommand("UPDATE slice SET lease_until = now() + @lease WHERE claim_id IS NOT NULL AND lease_until > now() + 4 * @lease",
                connection)
            { Parameters = { new("lease", options.Value.Lease) } };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// A slice with letters that were never deferred rests for a minute at most, while no permit is available
    /// (DeliveryFeed.LongestRest). One that rests longer was due by a clock that has been set back since.
    /// </summary>
    private static async Task HastenAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE slice AS s
            SET due_at = now()
            WHERE s.claim_id IS NULL AND s.due_at > now() + interval '5 minutes' AND s.due_at < 'infinity'
                AND EXISTS (SELECT FROM delivery AS d WHERE d.issue_id + 0 = s.issue_id AND d.id BETWEEN s.first_id AND s.last_id AND d.state = 'waiting')
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Letters chosen to be sent again, in the moment in which the last worker called their issue sent, have slices that nobody claims.
    /// </summary>
    private static async Task ReopenAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE issue AS i
            SET state = 'sending', finished_at = NULL, updated_at = now()
            WHERE state = 'sent' AND EXISTS (SELECT FROM slice WHERE issue_id = i.id)
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Slices} slices of lost workers are free again; {Unknown} deliveries are unknown")]
        public static partial void Rescued(ILogger logger, long slices, long unknown);
    }
}
