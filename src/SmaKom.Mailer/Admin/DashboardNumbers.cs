using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Admin;

/// <summary>The numbers of mailings on Hangfire's first page, which asks for each by itself: one query for all of them and all who look.</summary>
public sealed class DashboardNumbers(NpgsqlDataSource source, TimeProvider time)
{
    /// <param name="Waiting">Letters of issues that go out, not final.</param>
    /// <param name="LastMinute">Letters accepted within a minute.</param>
    /// <param name="RefusedInADay">Within 24 hours.</param>
    /// <param name="UnknownInADay">Within 24 hours, not decided on.</param>
    public sealed record Reading(long Waiting, long LastMinute, long RefusedInADay, long UnknownInADay);

    private readonly SharedQuery<int, Reading> shared = new(_ => ReadAsync(source, time), TimeSpan.FromSeconds(2), time);

    /// <summary>Synchronous, as Hangfire asks.</summary>
    public Reading Read() => shared.GetAsync(0, CancellationToken.None).GetAwaiter().GetResult();

    private static async Task<Reading> ReadAsync(NpgsqlDataSource source, TimeProvider time)
    {
        // Deliveries are counted in the issues of the last days only: an index leads to those, and none to a state or a time.
        await using var command = source.CreateCommand(
            """
            SELECT count(*) FILTER (WHERE i.state = 'sending' AND d.state IN ('waiting', 'deferred', 'sending')),
                   count(*) FILTER (WHERE d.state = 'accepted' AND d.finished_at > @now - interval '1 minute'),
                   count(*) FILTER (WHERE d.state = 'refused' AND d.finished_at > @now - interval '1 day'),
                   count(*) FILTER (WHERE d.state = 'unknown' AND d.reason IS DISTINCT FROM 'left' AND d.last_attempt_at > @now - interval '1 day')
            FROM issue AS i
            JOIN delivery AS d ON d.issue_id = i.id
            WHERE i.state = 'sending' OR i.state = 'paused' AND i.updated_at > @now - interval '1 day' OR i.finished_at > @now - interval '1 day'
            """).With(new NpgsqlParameter("now", time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }
}
