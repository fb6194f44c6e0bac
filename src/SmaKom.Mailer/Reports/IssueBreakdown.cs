using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Reports;

/// <summary>What came of the letters to one domain.</summary>
/// <param name="Domain">Null = all the others together, <paramref name="Domains"/> of them.</param>
public sealed record DomainNumbers(string? Domain, int Domains, int Letters, int Accepted, int Waiting, int Deferred, int Refused, int Unknown,
    int Excluded);

/// <summary>Letters that failed in the same way.</summary>
/// <param name="Words">What the server said most often.</param>
/// <param name="Wordings">In how many ways it was said.</param>
public sealed record Cause(DeliveryState State, string? Reason, short? Code, string? Enhanced, string? Words, int Wordings, int Letters,
    DateTimeOffset? NextRetryAt);

/// <summary>An issue's numbers by destination, those with trouble first, and by cause.</summary>
public sealed record IssueBreakdown(IReadOnlyList<DomainNumbers> Domains, IReadOnlyList<Cause> Causes);

/// <summary>Reads <see cref="IssueBreakdown"/>; all who look share one query.</summary>
public sealed class Breakdowns(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Domains and causes shown; the rest is summed up or counted.</summary>
    public const int Most = 12;

    private readonly SharedQuery<int, IssueBreakdown> shared = new(issue => ReadAsync(source, issue), TimeSpan.FromSeconds(4), time);

    public Task<IssueBreakdown> GetAsync(int issueId, CancellationToken ct) => shared.GetAsync(issueId, ct);

    private static async Task<IssueBreakdown> ReadAsync(NpgsqlDataSource source, int issueId)
    {
        var (domains, causes) = (DomainsAsync(source, issueId), CausesAsync(source, issueId));
        return new(await domains, await causes);
    }

    private static async Task<IReadOnlyList<DomainNumbers>> DomainsAsync(NpgsqlDataSource source, int issueId)
    {
        await using var command = source.CreateCommand(
            """
            WITH by_state AS (
                SELECT domain, state, count(*) AS letters
                FROM delivery
                WHERE issue_id = @issue
                GROUP BY domain, state),
            by_domain AS (
                SELECT domain, sum(letters) AS letters,
                       COALESCE(sum(letters) FILTER (WHERE state = 'accepted'), 0) AS accepted,
                       COALESCE(sum(letters) FILTER (WHERE state IN ('waiting', 'sending')), 0) AS waiting,
                       COALESCE(sum(letters) FILTER (WHERE state = 'deferred'), 0) AS deferred,
                       COALESCE(sum(letters) FILTER (WHERE state = 'refused'), 0) AS refused,
                       COALESCE(sum(letters) FILTER (WHERE state = 'unknown'), 0) AS unknown,
                       COALESCE(sum(letters) FILTER (WHERE state = 'excluded'), 0) AS excluded
                FROM by_state
                GROUP BY domain),
            ranked AS (
                SELECT *, row_number() OVER (ORDER BY refused + unknown DESC, deferred DESC, letters DESC, domain) AS place
                FROM by_domain)
            SELECT CASE WHEN place <= @most THEN domain END AS shown, count(*), sum(letters), sum(accepted), sum(waiting), sum(deferred), sum(refused), sum(unknown), sum(excluded)
            FROM ranked
            GROUP BY shown
            ORDER BY min(place)
            """).With(new("issue", issueId), new("most", Most));
        var found = new List<DomainNumbers>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            found.Add(new(rows.IsDBNull(0) ? null : rows.GetString(0), (int)rows.GetInt64(1), Sum(2), Sum(3), Sum(4), Sum(5), Sum(6), Sum(7),
                Sum(8)));
        return found;

        int Sum(int column) => (int)rows.GetDecimal(column);
    }

    private static async Task<IReadOnlyList<Cause>> CausesAsync(NpgsqlDataSource source, int issueId)
    {
        // A server names the address in its words, or a queue number: the commonest wording stands for all.
        await using var command = source.CreateCommand(
            """
            SELECT state, reason, reply_code, reply_enhanced, mode() WITHIN GROUP (ORDER BY reply_text), count(DISTINCT reply_text), count(*), min(next_attempt_at)
            FROM delivery
            WHERE issue_id = @issue AND state IN ('refused', 'deferred', 'unknown')
            GROUP BY state, reason, reply_code, reply_enhanced
            ORDER BY count(*) DESC, reply_enhanced, reply_code, reason
            LIMIT @most
            """).With(new("issue", issueId), new("most", Most));
        var found = new List<Cause>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            found.Add(new(rows.GetFieldValue<DeliveryState>(0), Text(1), rows.IsDBNull(2) ? null : rows.GetInt16(2), Text(3), Text(4),
                (int)rows.GetInt64(5), (int)rows.GetInt64(6), rows.IsDBNull(7) ? null : rows.GetFieldValue<DateTimeOffset>(7)));
        return found;

        string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
    }
}
