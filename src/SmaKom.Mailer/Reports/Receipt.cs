using Npgsql;

namespace SmaKom.Mailer.Reports;

/// <summary>
/// The account of one issue. <c>Audience = Accepted + Refused + Excluded + Unknown + Waiting</c>, always:
/// the audience is what was frozen, the rest is counted from the deliveries.
/// </summary>
/// <param name="Waiting">All that are not final, <paramref name="Deferred"/> and <paramref name="Sending"/> included.</param>
public sealed record Receipt(int IssueId, int Audience, int Accepted, int Refused, int Excluded, int Unknown, int Waiting, int Deferred, int Sending)
{
    public bool AddsUp => Audience == Accepted + Refused + Excluded + Unknown + Waiting;
}

/// <summary>Reads receipts; a query over deliveries, never counters that can drift.</summary>
public sealed class Receipts(NpgsqlDataSource source)
{
    /// <summary>The columns of a receipt, for every query that has them: <c>i</c> is the issue, <c>d</c> its deliveries. <see cref="Read"/> reads them.</summary>
    internal const string Counts =
        """
        COALESCE(i.audience, 0),
        count(*) FILTER (WHERE d.state = 'accepted'),
        count(*) FILTER (WHERE d.state = 'refused'),
        count(*) FILTER (WHERE d.state = 'excluded'),
        count(*) FILTER (WHERE d.state = 'unknown'),
        count(*) FILTER (WHERE d.state IN ('waiting', 'deferred', 'sending')),
        count(*) FILTER (WHERE d.state = 'deferred'),
        count(*) FILTER (WHERE d.state = 'sending')
        """;

    /// <summary>Null if there is no such issue. An issue that has not started has an audience of 0.</summary>
    public async Task<Receipt?> ReadAsync(int issueId, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT {Counts}
            FROM issue i
            LEFT JOIN delivery d ON d.issue_id = i.id
            WHERE i.id = @issue
            GROUP BY i.id
            """);
        command.Parameters.Add(new("issue", issueId));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? Read(issueId, row) : null;
    }

    /// <summary>From a row that begins with <see cref="Counts"/>.</summary>
    internal static Receipt Read(int issueId, NpgsqlDataReader row)
    {
        int Count(int column) => checked((int)row.GetInt64(column));
        return new(issueId, row.GetInt32(0), Count(1), Count(2), Count(3), Count(4), Count(5), Count(6), Count(7));
    }
}
