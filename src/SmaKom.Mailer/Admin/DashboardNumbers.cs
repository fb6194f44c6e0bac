using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Admin;

/// <summary>The numbers of mailings on Hangfire's first page, which asks for each by itself: one query for all of them and all who look.</summary>
public sealed class DashboardNumbers(NpgsqlDataSource source, DatabaseClock time)
{
    /// <param name="Waiting">Letters of issues that go out, not final.</param>
    /// <param name="LastMinute">Letters accepted within a minute.</param>
    /// <param name="RefusedInADay">Within 24 hours.</param>
    /// <param name="UnknownInADay">Within 24 hours, not decided on.</param>
    public sealed record Reading(long Waiting, long LastMinute, long RefusedInADay, long UnknownInADay);

    private readonly SharedQuery<int, Reading> shared = new(_ => ReadAsync(source), TimeSpan.FromSeconds(2), time);

    /// <summary>Synchronous, as Hangfire asks.</summary>
    public Reading Read() => shared.GetAsync(0, CancellationToken.None).GetAwaiter().GetResult();

    private static async Task<Reading> ReadAsync(NpgsqlDataSource source)
    {
        // Deliveries are counted in the issues of the last day only: an index leads to those, and none to a state or a time.
        await using var command = source.CreateCommand(
            $"""
            SELECT COALESCE(sum(d.letters) FILTER (WHERE i.state = 'sending' AND d.state IN ('waiting', 'deferred', 'sending')), 0)::bigint,
                   COALESCE(sum(d.minute) FILTER (WHERE d.state = 'accepted'), 0)::bigint,
                   COALESCE(sum(d.day) FILTER (WHERE d.state = 'refused'), 0)::bigint,
                   (SELECT count(*) FROM ({UnknownDeliveries.Undecided}) AS u WHERE u.last_attempt_at > now() - interval '1 day')
            FROM issue AS i
            CROSS JOIN LATERAL {LettersByState.OfIssue} AS d
            WHERE i.state = 'sending' OR i.state = 'paused' AND i.updated_at > now() - interval '1 day' OR i.finished_at > now() - interval '1 day'
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }
}
