using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Reports;

/// <summary>Where an issue stands at one moment.</summary>
/// <param name="PerMinute">Letters that got an answer in the last minute, or since the start when that is shorter, as a rate; 0 = none.</param>
/// <param name="NextRetryAt">The earliest of the deferred letters; null = none is deferred.</param>
/// <param name="Limits">What they make of the letters that wait.</param>
/// <param name="JobId">Hangfire's id of the job that the issue has, or had last; null = none.</param>
public sealed record IssueNumbers(IssueState State, Receipt Receipt, double PerMinute, DateTimeOffset? NextRetryAt, LimitOutlook Limits,
    string? JobId);

/// <summary>Numbers of issues, counted from the deliveries, never kept in counters that can drift. All who look share one query.</summary>
public sealed class LiveNumbers(NpgsqlDataSource source, DatabaseClock time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly SharedQuery<int, IssueNumbers?> shared = new(issue => ReadAsync(source, issue, time), TimeSpan.FromSeconds(1), time);

    /// <summary>As they were a second ago at most, later when the database is slow. Null if there is no such issue.</summary>
    public Task<IssueNumbers?> GetAsync(int issueId, CancellationToken ct) => shared.GetAsync(issueId, ct);

    /// <summary>As they are now, for whoever has just changed something.</summary>
    public Task<IssueNumbers?> ReadAsync(int issueId) => ReadAsync(source, issueId, time);

    private static async Task<IssueNumbers?> ReadAsync(NpgsqlDataSource source, int issueId, DatabaseClock time)
    {
        await using var command = source.CreateCommand(
            """
            SELECT i.state, COALESCE(i.audience, 0), now() - i.started_at, i.job_id, d.state, d.letters, d.answered, d.next
            FROM issue AS i
            LEFT JOIN LATERAL (
                SELECT state, count(*) AS letters, count(*) FILTER (WHERE last_attempt_at > now() - @window) AS answered, min(next_attempt_at) AS next
                FROM delivery
                WHERE issue_id = i.id
                GROUP BY state
                UNION ALL
                SELECT state, letters, 0, NULL
                FROM forgotten_letters
                WHERE issue_id = i.id) AS d ON true
            WHERE i.id = @issue
            """).With(new("issue", issueId), new("window", Window));
        var (counts, answered, next) = (new Dictionary<DeliveryState, long>(), 0L, (DateTimeOffset?)null);
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync()) return null;
        var (state, audience, job) = (row.GetFieldValue<IssueState>(0), row.GetInt32(1), row.IsDBNull(3) ? null : row.GetString(3));
        var running = row.IsDBNull(2) ? TimeSpan.Zero : row.GetTimeSpan(2);
        do
        {
            if (row.IsDBNull(4)) break; // no letters yet
            var of = row.GetFieldValue<DeliveryState>(4);
            counts[of] = counts.GetValueOrDefault(of) + row.GetInt64(5);
            if (of != DeliveryState.Sending) answered += row.GetInt64(6);
            if (of == DeliveryState.Deferred) next = row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7);
        }
        while (await row.ReadAsync());

        var over = running < Window ? running : Window;
        var limits = state == IssueState.Sending && counts.ContainsKey(DeliveryState.Waiting)
            ? await LimitOutlook.ReadAsync(source, issueId, time) : LimitOutlook.None;
        return new(state, Receipts.Sum(issueId, audience, counts), over > TimeSpan.FromSeconds(1) ? answered / over.TotalMinutes : 0, next, limits,
            job);
    }
}
