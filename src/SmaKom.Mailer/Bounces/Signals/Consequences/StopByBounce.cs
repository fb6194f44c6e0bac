using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>
/// The address takes no letters: none is sent to it until the person signs up anew, moves to another address, or staff try again. The row itself keeps
/// imports from bringing it back; the suppression list, which is for good, is not for addresses that may be alive.
/// </summary>
public sealed class StopByBounce
{
    public async Task ApplyAsync(NpgsqlConnection connection, Signal signal, BounceVerdict verdict, CancellationToken ct)
    {
        await using var stop = new NpgsqlCommand(
            """
            WITH stopped AS (
                UPDATE subscriber
                SET status = 'bounced', left_at = @at
                WHERE id = @id AND status = 'active'
                RETURNING id
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
                SELECT id, @at, 'bounced', jsonb_build_object('reason', @why, 'issue', @issue)
                FROM stopped
            )
            INSERT INTO staff_task (kind, subscriber_id, issue_id, at)
            SELECT @task, id, @issue, @at
            FROM stopped
            ON CONFLICT DO NOTHING
            """, connection).With(
            new("id", signal.SubscriberId), new("at", NpgsqlDbType.TimestampTz) { Value = signal.At.ToUniversalTime() },
            new("issue", NpgsqlDbType.Integer) { Value = (object?)signal.IssueId ?? DBNull.Value },
            new("why", verdict switch
            {
                BounceVerdict.StopHard => "hard",
                BounceVerdict.StopAmbiguous => "ambiguous",
                _ => "soft",
            }),
            new("task", verdict == BounceVerdict.StopHard ? "address_gone" : "mailbox_troubled"));
        await stop.ExecuteNonQueryAsync(ct);
    }
}
