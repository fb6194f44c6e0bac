using Npgsql;
using SmaKom.Mailer.Deliveries;

namespace SmaKom.Mailer.Reports;

/// <summary>
/// The account of one issue. <c>Audience = Accepted + Refused + Excluded + Unknown + Waiting</c>, always:
/// the audience is what was frozen, the rest is counted from the deliveries (of old issues: what they were turned into, <c>forgotten_letters</c>).
/// </summary>
/// <param name="Waiting">All that are not final, <paramref name="Deferred"/> and <paramref name="Sending"/> included.</param>
public sealed record Receipt(int IssueId, int Audience, int Accepted, int Refused, int Excluded, int Unknown, int Waiting, int Deferred, int Sending)
{
    public bool AddsUp => Audience == Accepted + Refused + Excluded + Unknown + Waiting;
}

/// <summary>Reads receipts; a query over deliveries, and the numbers of those that are over their time, never counters that can drift.</summary>
public sealed class Receipts(NpgsqlDataSource source)
{
    /// <summary>Null if there is no such issue. An issue that has not started has an audience of 0.</summary>
    public async Task<Receipt?> ReadAsync(int issueId, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT COALESCE(i.audience, 0), d.state, sum(d.letters)::bigint
            FROM issue AS i
            LEFT JOIN LATERAL (
                SELECT state, count(*) AS letters FROM delivery WHERE issue_id = i.id GROUP BY state
                UNION ALL
                SELECT state, letters FROM forgotten_letters WHERE issue_id = i.id) AS d ON true
            WHERE i.id = @issue
            GROUP BY i.audience, d.state
            """);
        command.Parameters.Add(new("issue", issueId));
        var (audience, counts) = ((int?)null, new Dictionary<DeliveryState, long>());
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            audience = rows.GetInt32(0);
            if (!rows.IsDBNull(1)) counts[rows.GetFieldValue<DeliveryState>(1)] = rows.GetInt64(2);
        }

        return audience is { } frozen ? Sum(issueId, frozen, counts) : null;
    }

    /// <summary>Of the letters in each state. Counted so, and not by a condition for each, PostgreSQL takes half the time.</summary>
    internal static Receipt Sum(int issueId, int audience, IReadOnlyDictionary<DeliveryState, long> counts)
    {
        int Count(DeliveryState state) => checked((int)counts.GetValueOrDefault(state));
        var (deferred, sending) = (Count(DeliveryState.Deferred), Count(DeliveryState.Sending));
        return new(
            issueId, audience, Count(DeliveryState.Accepted), Count(DeliveryState.Refused), Count(DeliveryState.Excluded),
            Count(DeliveryState.Unknown),
            Count(DeliveryState.Waiting) + deferred + sending, deferred, sending);
    }
}
