using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Health;

/// <summary>The numbers of an installation at a glance.</summary>
/// <param name="Subscribers">Active ones.</param>
/// <param name="Sending">Issues that are going out now.</param>
/// <param name="Waiting">Deliveries of those that are not final.</param>
/// <param name="WaitingFor">How long the oldest work that nobody has claimed has been due; zero when there is none.</param>
/// <param name="LastDay">Letters accepted within 24 hours.</param>
/// <param name="LastMinute">Letters accepted within a minute.</param>
/// <param name="Unknown">Deliveries that wait for a person's decision.</param>
/// <param name="Workers">That beat.</param>
/// <param name="NextIssue">When the next queued issue goes out.</param>
public sealed record KeyNumbers(
    long Subscribers, int Sending, long Waiting, TimeSpan WaitingFor, long LastDay, long LastMinute, long Unknown, int Workers, DateTimeOffset? NextIssue);

public sealed class KeyNumbersReader(NpgsqlDataSource source, IOptions<ScheduleOptions> schedule, TimeProvider time)
{
    public async Task<KeyNumbers> ReadAsync(CancellationToken ct)
    {
        // Deliveries are counted in the issues of the last days only: an index leads to those, and none to a state or a time.
        await using var command = source.CreateCommand(
            $"""
            WITH recent AS (
                SELECT id, state
                FROM issue
                WHERE state IN ('sending', 'paused') OR finished_at > @now - interval '35 days'),
            counted AS (
                SELECT count(*) FILTER (WHERE r.state = 'sending' AND d.state IN ('waiting', 'deferred', 'sending')) AS waiting,
                       count(*) FILTER (WHERE d.state = 'accepted' AND d.finished_at > @now - interval '1 day') AS day,
                       count(*) FILTER (WHERE d.state = 'accepted' AND d.finished_at > @now - interval '1 minute') AS minute,
                       count(*) FILTER (WHERE d.state = 'unknown' AND d.reason IS DISTINCT FROM 'left') AS unknown
                FROM recent AS r
                JOIN delivery AS d ON d.issue_id = r.id)
            SELECT (SELECT count(*) FROM subscriber WHERE status = 'active'),
                   (SELECT count(*) FROM recent WHERE state = 'sending')::integer,
                   counted.waiting,
                   (SELECT min(s.due_at) FROM slice AS s JOIN issue AS i ON i.id = s.issue_id AND i.state = 'sending' WHERE s.claim_id IS NULL AND s.due_at <= @now),
                   counted.day, counted.minute, counted.unknown,
                   (SELECT count(*) FROM worker WHERE {LiveWorker.Condition})::integer,
                   (SELECT min(scheduled_at) FROM issue WHERE state = 'queued')
            FROM counted
            """).With(new("now", time.GetUtcNow()), LiveWorker.Parameter(schedule.Value));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        DateTimeOffset? At(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
        return new(row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), At(3) is { } due ? time.GetUtcNow() - due : TimeSpan.Zero,
            row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt32(7), At(8));
    }
}
