using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Health;

/// <summary>The numbers of an installation at a glance.</summary>
/// <param name="Subscribers">Active ones.</param>
/// <param name="Sending">Issues that are going out now.</param>
/// <param name="Waiting">Deliveries of those that are not final.</param>
/// <param name="WaitingFor">How long the oldest of them has waited: since its issue began, or was taken up again; zero when none waits.</param>
/// <param name="LastDay">Letters accepted within 24 hours.</param>
/// <param name="LastMinute">Letters accepted within a minute.</param>
/// <param name="Unknown">Deliveries that wait for a person's decision.</param>
/// <param name="Workers">That beat.</param>
/// <param name="NextIssue">When the next queued issue goes out.</param>
public sealed record KeyNumbers(
    long Subscribers, int Sending, long Waiting, TimeSpan WaitingFor, long LastDay, long LastMinute, long Unknown, int Workers,
    DateTimeOffset? NextIssue);

/// <summary>Reads them; all who look at a page share one query.</summary>
public sealed class KeyNumbersReader(NpgsqlDataSource source, IOptions<ScheduleOptions> schedule, DatabaseClock time)
{
    private readonly SharedQuery<int, KeyNumbers> shared =
        new(_ => ReadAsync(source, schedule.Value, CancellationToken.None), TimeSpan.FromSeconds(1), time);

    /// <summary>As they were a second ago at most, later when the database is slow.</summary>
    public Task<KeyNumbers> GetAsync(CancellationToken ct) => shared.GetAsync(0, ct);

    /// <summary>As they are now.</summary>
    public Task<KeyNumbers> ReadAsync(CancellationToken ct) => ReadAsync(source, schedule.Value, ct);

    private static async Task<KeyNumbers> ReadAsync(NpgsqlDataSource source, ScheduleOptions schedule, CancellationToken ct)
    {
        // Deliveries are counted in the issues of the last day only, each by the index that leads to it: no index leads to a state or a time.
        await using var command = source.CreateCommand(
            $"""
            WITH counted AS (
                SELECT sum(d.letters) FILTER (WHERE i.state = 'sending' AND d.state IN ('waiting', 'deferred', 'sending')) AS waiting,
                       min(GREATEST(i.started_at, (SELECT max(at) FROM delivery_decision WHERE issue_id = i.id)))
                           FILTER (WHERE i.state = 'sending' AND d.state IN ('waiting', 'deferred', 'sending')) AS since,
                       sum(d.day) FILTER (WHERE d.state = 'accepted') AS day,
                       sum(d.minute) FILTER (WHERE d.state = 'accepted') AS minute
                FROM issue AS i
                CROSS JOIN LATERAL {LettersByState.OfIssue} AS d
                WHERE i.state IN ('sending', 'paused') OR i.finished_at > now() - interval '1 day')
            SELECT (SELECT count(*) FROM subscriber WHERE status = 'active'),
                   (SELECT count(*) FROM issue WHERE state = 'sending')::integer,
                   COALESCE(counted.waiting, 0)::bigint,
                   GREATEST(now() - counted.since, interval '0'),
                   COALESCE(counted.day, 0)::bigint, COALESCE(counted.minute, 0)::bigint,
                   (SELECT count(*)
                    FROM ({UnknownDeliveries.Undecided}) AS u
                    JOIN issue AS i ON i.id = u.issue_id
                    WHERE i.state IN ('sending', 'paused') OR i.finished_at > now() - interval '35 days'),
                   (SELECT count(*) FROM worker WHERE {LiveWorker.Condition})::integer,
                   (SELECT min(scheduled_at) FROM issue WHERE state = 'queued')
            FROM counted
            """).With(LiveWorker.Parameter(schedule));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.IsDBNull(3) ? TimeSpan.Zero : row.GetTimeSpan(3),
            row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt32(7), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8));
    }
}
