using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Reports;

/// <summary>What was decided about letters of an issue.</summary>
/// <param name="Kind">Of <see cref="Deliveries.Decisions.DecisionKind"/>.</param>
/// <param name="MadeBy">As <see cref="Actor.Name"/>.</param>
public sealed record Decision(DateTimeOffset At, string Kind, string MadeBy, int Letters);

/// <summary>Reads decisions back.</summary>
public sealed class DecisionLog(NpgsqlDataSource source)
{
    private const int Most = 50;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Decision>> OfIssueAsync(int issueId, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT at, kind, made_by, letters
            FROM delivery_decision
            WHERE issue_id = @issue
            ORDER BY id DESC
            LIMIT @most
            """).With(new("issue", issueId), new("most", Most));
        var found = new List<Decision>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            found.Add(new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetString(1), rows.GetString(2), rows.GetInt32(3)));
        return found;
    }
}
