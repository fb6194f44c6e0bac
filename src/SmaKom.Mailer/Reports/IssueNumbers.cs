using Npgsql;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Reports;

/// <summary>Where an issue stands at one moment.</summary>
/// <param name="PerMinute">Letters that got an answer in the last minute, or since the start when that is shorter, as a rate; 0 = none.</param>
/// <param name="NextRetryAt">The earliest of the deferred letters; null = none is deferred.</param>
/// <param name="JobId">Hangfire's id of the job that the issue has, or had last; null = none.</param>
public sealed record IssueNumbers(IssueState State, Receipt Receipt, double PerMinute, DateTimeOffset? NextRetryAt, string? JobId);

/// <summary>Numbers of issues, counted from the deliveries, never kept in counters that can drift. All who look share one query.</summary>
public sealed class LiveNumbers(NpgsqlDataSource source, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly SharedQuery<int, IssueNumbers?> shared = new(issue => ReadAsync(source, time, issue), TimeSpan.FromSeconds(1), time);

    /// <summary>As they were a second ago at most, later when the database is slow. Null if there is no such issue.</summary>
    public Task<IssueNumbers?> GetAsync(int issueId, CancellationToken ct) => shared.GetAsync(issueId, ct);

    /// <summary>As they are now, for whoever has just changed something.</summary>
    public Task<IssueNumbers?> ReadAsync(int issueId) => ReadAsync(source, time, issueId);

    private static async Task<IssueNumbers?> ReadAsync(NpgsqlDataSource source, TimeProvider time, int issueId)
    {
        var now = time.GetUtcNow();
        await using var command = source.CreateCommand(
            $"""
            SELECT {Receipts.Counts}, i.state, i.started_at,
                   count(*) FILTER (WHERE d.last_attempt_at > @since AND d.state <> 'sending'),
                   min(d.next_attempt_at) FILTER (WHERE d.state = 'deferred'),
                   i.job_id
            FROM issue AS i
            LEFT JOIN delivery AS d ON d.issue_id = i.id
            WHERE i.id = @issue
            GROUP BY i.id
            """).With(new("issue", issueId), new("since", now - Window));
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync()) return null;
        var running = row.IsDBNull(9) ? TimeSpan.Zero : now - row.GetFieldValue<DateTimeOffset>(9);
        var over = running < Window ? running : Window;
        return new(row.GetFieldValue<IssueState>(8), Receipts.Read(issueId, row), over > TimeSpan.FromSeconds(1) ? row.GetInt64(10) / over.TotalMinutes : 0,
            row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11), row.IsDBNull(12) ? null : row.GetString(12));
    }
}
