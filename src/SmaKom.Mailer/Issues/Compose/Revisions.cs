using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>An issue as it was after a change.</summary>
/// <param name="Who">Null: as it was before anybody changed it here.</param>
public sealed record Revision(long Id, DateTimeOffset At, string? Who, IssueContent Content);

/// <summary>A line of the history, and what it changed from the line before.</summary>
/// <param name="Changes">Empty of the first.</param>
public sealed record RevisionLine(Revision Revision, bool IsFirst, IReadOnlyList<Difference> Changes);

/// <summary>The history of issues: who changed what, and each state to look at and to bring back.</summary>
public sealed class Revisions(NpgsqlDataSource source)
{
    private const string Columns = "SELECT id, at, who, content FROM issue_revision";

    /// <summary>Newest first.</summary>
    /// <param name="before">Lines older than that one; null: from the newest.</param>
    public async Task<IReadOnlyList<RevisionLine>> ListAsync(int issue, long? before, int most, CancellationToken ct)
    {
        // One more, which the oldest is compared with.
        var read = await ReadAsync($"{Columns} WHERE issue_id = @issue AND id < @before ORDER BY id DESC LIMIT @most", ct,
            new("issue", issue), new("before", before ?? long.MaxValue), new("most", most + 1));
        return [.. read.Take(most).Select((revision, i) => read.ElementAtOrDefault(i + 1) is { } older
            ? new RevisionLine(revision, false, ContentDifference.Between(older.Content, revision.Content))
            : new RevisionLine(revision, true, []))];
    }

    public async Task<Revision?> FindAsync(int issue, long revision, CancellationToken ct) =>
        (await ReadAsync($"{Columns} WHERE issue_id = @issue AND id = @revision", ct, new("issue", issue), new("revision", revision)))
            .SingleOrDefault();

    /// <summary>The newest state in which the part was there.</summary>
    public async Task<IssueContent?> LastWithAsync(int issue, string part, CancellationToken ct)
    {
        for (long? before = null; ;)
        {
            var lines = await ReadAsync($"{Columns} WHERE issue_id = @issue AND id < @before ORDER BY id DESC LIMIT 20", ct, new("issue", issue),
                new("before", before ?? long.MaxValue));
            if (lines.Count == 0) return null;
            if (lines.FirstOrDefault(line => DraftPart.Find(line.Content, part) is not null) is { } found) return found.Content;
            before = lines[^1].Id;
        }
    }

    private async Task<List<Revision>> ReadAsync(string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        var revisions = new List<Revision>();
        await using var select = source.CreateCommand(sql).With(parameters);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            // One of a later version is not to be shown, and no reason to hide the others.
            if (IssueContentJson.Find(rows.GetString(3)) is not { } content) continue;
            revisions.Add(new(rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.IsDBNull(2) ? null : rows.GetString(2),
                DraftPart.WithIds(content)));
        }

        return revisions;
    }
}
