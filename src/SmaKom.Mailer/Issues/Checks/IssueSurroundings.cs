using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <param name="LastAudience">Of the issue that was sent last to the same lists; null: none was.</param>
/// <param name="HasRelay">There is one that is not switched off.</param>
/// <param name="HasDomainProblem">When DNS was asked last, within a day, something about the sender's domain was wrong.</param>
/// <param name="TestLetter">State of the best test letter of this very content; null: there is none.</param>
public sealed record Surroundings(int? LastAudience, bool HasRelay, bool HasDomainProblem, string? TestLetter);

/// <summary>What the checks ask the database about an issue.</summary>
public sealed class IssueSurroundings(NpgsqlDataSource source)
{
    /// <param name="hash">As <see cref="Compose.ContentHash"/>.</param>
    public async Task<Surroundings> ReadAsync(int issue, string hash, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT
                (SELECT audience
                 FROM issue
                 WHERE state = 'sent' AND lists = (SELECT lists FROM issue WHERE id = @issue)
                 ORDER BY started_at DESC
                 LIMIT 1),
                EXISTS (SELECT FROM relay WHERE enabled),
                EXISTS (SELECT FROM domain_report WHERE problems > 0 AND asked_at > now() - interval '1 day'),
                (SELECT state
                 FROM notice
                 WHERE issue_id = @issue AND kind = 'test_letter' AND content_hash = @hash
                 ORDER BY state = 'accepted' DESC, id DESC
                 LIMIT 1)
            """).With(new("issue", issue), new("hash", hash));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(row.IsDBNull(0) ? null : row.GetInt32(0), row.GetBoolean(1), row.GetBoolean(2), row.IsDBNull(3) ? null : row.GetString(3));
    }

    /// <summary>The two issues of the months before, newest first; drafts too, since one may be written while the last one waits.</summary>
    public async Task<IReadOnlyList<IssueContent>> EarlierAsync(int issue, IssueContent content, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT content
            FROM issue
            WHERE id <> @issue AND deleted_at IS NULL AND state <> 'cancelled' AND (year, month) < (@year, @month)
            ORDER BY year DESC, month DESC, id DESC
            LIMIT 2
            """).With(new("issue", issue), new("year", content.Year), new("month", content.Month));
        var earlier = new List<IssueContent>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        // Of a later version no text can be compared.
        while (await rows.ReadAsync(ct) && IssueContentJson.Find(rows.GetString(0)) is { } found) earlier.Add(found);
        return earlier;
    }
}
