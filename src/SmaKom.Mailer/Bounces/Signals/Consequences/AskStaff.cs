using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>An absent person's machine says that they have left: nothing is stopped, somebody asks who comes after.</summary>
public sealed class AskStaff
{
    public async Task HasLeftAsync(NpgsqlConnection connection, long subscriber, DateTimeOffset at, CancellationToken ct)
    {
        await using var ask = new NpgsqlCommand(
            """
            INSERT INTO staff_task (kind, subscriber_id, at)
            SELECT 'has_left', id, @at
            FROM subscriber
            WHERE id = @id AND status = 'active' AND NOT EXISTS (
                -- Once for each person and half year, however many issues their machine answers.
                SELECT FROM staff_task AS t WHERE t.kind = 'has_left' AND t.subscriber_id = @id AND t.at > @at - interval '180 days')
            ON CONFLICT DO NOTHING
            """, connection).With(new("id", subscriber), new("at", NpgsqlDbType.TimestampTz) { Value = at.ToUniversalTime() });
        await ask.ExecuteNonQueryAsync(ct);
    }
}
