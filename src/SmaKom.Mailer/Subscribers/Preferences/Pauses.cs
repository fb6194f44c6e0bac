using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.Preferences;

/// <summary>A person's pause: no letters until a day, then they come again by themselves. Workers look when they hand a letter over.</summary>
public sealed class Pauses(NpgsqlDataSource source, DatabaseClock time)
{
    public const int LongestMonths = 6;

    /// <summary>From now on; of who pauses already, anew. Whoever gets no letters cannot pause.</summary>
    /// <param name="months">1 to <see cref="LongestMonths"/>.</param>
    public async Task PauseAsync(long subscriberId, int months, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(months, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(months, LongestMonths);
        await using var pause = source.CreateCommand(
            """
            WITH paused AS (
                UPDATE subscriber
                SET paused_until = @until
                WHERE id = @id AND status = 'active'
                RETURNING id
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT id, @now, 'paused', jsonb_build_object('until', @until, 'by', 'self')
            FROM paused
            """).With(new("id", subscriberId), new("now", time.GetUtcNow()), new("until", time.GetUtcNow().AddMonths(months)));
        await pause.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The letters come again from now on.</summary>
    public async Task EndAsync(long subscriberId, CancellationToken ct)
    {
        await using var end = source.CreateCommand(
            """
            WITH ended AS (
                UPDATE subscriber
                SET paused_until = NULL
                WHERE id = @id AND paused_until > @now
                RETURNING id
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT id, @now, 'pause_ended', jsonb_build_object('by', 'self')
            FROM ended
            """).With(new("id", subscriberId), new("now", time.GetUtcNow()));
        await end.ExecuteNonQueryAsync(ct);
    }
}
