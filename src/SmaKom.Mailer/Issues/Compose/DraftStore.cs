using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What came of a change of a draft.</summary>
public enum ComposeAnswer
{
    Done,
    NoSuchIssue,
    /// <summary>It is queued, under way or sent: its content stands still.</summary>
    NotDraft,
    /// <summary>The part is not there (any more), or this cannot be done to it.</summary>
    NoSuchPart,
    /// <summary>Somebody has changed the part since the form was shown.</summary>
    Conflict,
    /// <summary>A field holds what it cannot hold.</summary>
    Fault,
}

/// <summary>How often a part was changed, and the last time; 0: not since it was made.</summary>
public sealed record PartVersion(int Version, DateTimeOffset? At, string? Who)
{
    public static PartVersion None { get; } = new(0, null, null);
}

/// <summary>A draft as it stands.</summary>
/// <param name="Content">With ids.</param>
/// <param name="Versions">By the part's id; one that is missing is at 0.</param>
public sealed record Draft(int Id, string Slug, IssueState State, IssueContent Content, IReadOnlyDictionary<string, PartVersion> Versions)
{
    public PartVersion VersionOf(string part) => Versions.GetValueOrDefault(part, PartVersion.None);
}

/// <summary>
/// Reads and changes drafts. A change locks the issue, and writes content, the changed parts' versions, the history and the audit log in one
/// transaction. The content stays one document, which renderer, checks and freezer know.
/// </summary>
public sealed class DraftStore(NpgsqlDataSource source)
{
    /// <summary>What one person types within this time is one line of the history and one row of the audit log.</summary>
    public static readonly TimeSpan TypingSpan = TimeSpan.FromMinutes(15);

    /// <summary>Null: there is no such issue, or its content cannot be read.</summary>
    public async Task<Draft?> ReadAsync(int issue, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await ReadAsync(connection, issue, "", ct);
    }

    /// <param name="what">Key in the audit log.</param>
    /// <param name="typed">Only text is changed, as autosave does again and again.</param>
    /// <param name="edit">From the content to the next; null: it cannot be done.</param>
    /// <returns><see cref="ComposeAnswer.NoSuchPart"/> for null; <see cref="ComposeAnswer.Done"/> without a trace when
    /// nothing became another.</returns>
    public async Task<ComposeAnswer> EditAsync(int issue, Actor actor, string what, bool typed, Func<Draft, IssueContent?> edit, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ReadAsync(connection, issue, "FOR UPDATE", ct) is not { } draft) return ComposeAnswer.NoSuchIssue;
        if (draft.State != IssueState.Draft) return ComposeAnswer.NotDraft;
        if (edit(draft) is not { } content) return ComposeAnswer.NoSuchPart;
        content = DraftPart.WithIds(content);
        var (before, after) = (IssueContentJson.Serialize(draft.Content), IssueContentJson.Serialize(content));
        if (before == after) return ComposeAnswer.Done;

        await WriteContentAsync(connection, draft, content, after, ct);
        await CountAsync(connection, issue, ContentDifference.ChangedParts(draft.Content, content), actor, ct);
        if (await NoteRevisionAsync(connection, issue, before, after, typed, actor, ct))
            await AuditLog.NoteAsync(connection, actor, what, draft.Slug, ct);
        await transaction.CommitAsync(ct);
        return ComposeAnswer.Done;
    }

    /// <summary>The first line of an issue's history, in the transaction that makes it.</summary>
    internal static async Task BeginHistoryAsync(NpgsqlConnection connection, int issue, string content, Actor actor, CancellationToken ct) =>
        await AddRevisionAsync(connection, issue, content, false, actor.Name, ct);

    private static async Task<Draft?> ReadAsync(NpgsqlConnection connection, int issue, string locked, CancellationToken ct)
    {
        (string Slug, IssueState State, IssueContent Content) found;
        await using (var find = new NpgsqlCommand($"SELECT slug, state, content FROM issue WHERE id = @issue AND deleted_at IS NULL {locked}",
            connection).With(new NpgsqlParameter("issue", issue)))
        await using (var row = await find.ExecuteReaderAsync(ct))
        {
            if (!await row.ReadAsync(ct) || IssueContentJson.Find(row.GetString(2)) is not { } content) return null;
            found = (row.GetString(0), row.GetFieldValue<IssueState>(1), DraftPart.WithIds(content));
        }

        var versions = new Dictionary<string, PartVersion>(StringComparer.Ordinal);
        await using var select = new NpgsqlCommand("SELECT part, version, changed_at, changed_by FROM issue_part WHERE issue_id = @issue", connection)
            .With(new NpgsqlParameter("issue", issue));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            versions[rows.GetString(0)] = new(rows.GetInt32(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetString(3));
        return new(issue, found.Slug, found.State, found.Content, versions);
    }

    private static async Task WriteContentAsync(NpgsqlConnection connection, Draft draft, IssueContent content, string json, CancellationToken ct)
    {
        var isMoved = (draft.Content.Year, draft.Content.Month) != (content.Year, content.Month);
        await using var update = new NpgsqlCommand(
            """
            UPDATE issue
            SET content = @content, subject = @subject, year = @year, month = @month, slug = @slug, version = version + 1, updated_at = now()
            WHERE id = @issue
            """, connection).With(
            new("issue", draft.Id), new("content", NpgsqlDbType.Jsonb) { Value = json }, new("subject", content.Subject),
            new("year", content.Year), new("month", content.Month),
            new("slug", isMoved ? await IssueSlug.FreeAsync(connection, content.Year, content.Month, ct) : draft.Slug));
        await update.ExecuteNonQueryAsync(ct);
    }

    private static async Task CountAsync(NpgsqlConnection connection, int issue, string[] parts, Actor actor, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(
            """
            INSERT INTO issue_part (issue_id, part, version, changed_at, changed_by)
            SELECT @issue, part, 1, now(), @who
            FROM unnest(@parts) AS part
            ON CONFLICT (issue_id, part) DO UPDATE
            SET version = issue_part.version + 1, changed_at = now(), changed_by = @who
            """, connection).With(new("issue", issue), new("parts", parts), new("who", actor.Name));
        await count.ExecuteNonQueryAsync(ct);
    }

    /// <summary>False: it went on what the same person typed a while ago.</summary>
    private static async Task<bool> NoteRevisionAsync(NpgsqlConnection connection, int issue, string before, string after, bool typed, Actor actor,
        CancellationToken ct)
    {
        if (typed && await GoOnAsync(connection, issue, after, actor, ct)) return false;
        if (!await HasHistoryAsync(connection, issue, ct)) await AddRevisionAsync(connection, issue, before, false, null, ct);
        await AddRevisionAsync(connection, issue, after, typed, actor.Name, ct);
        return true;
    }

    private static async Task<bool> GoOnAsync(NpgsqlConnection connection, int issue, string content, Actor actor, CancellationToken ct)
    {
        await using var update = new NpgsqlCommand(
            """
            UPDATE issue_revision
            SET content = @content, at = now()
            WHERE id = (SELECT max(id) FROM issue_revision WHERE issue_id = @issue) AND typed AND who = @who AND began_at > now() - @span
            """, connection).With(new("issue", issue), new("content", NpgsqlDbType.Jsonb) { Value = content }, new("who", actor.Name), new("span", TypingSpan));
        return await update.ExecuteNonQueryAsync(ct) == 1;
    }

    private static async Task<bool> HasHistoryAsync(NpgsqlConnection connection, int issue, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM issue_revision WHERE issue_id = @issue)", connection)
            .With(new NpgsqlParameter("issue", issue));
        return await exists.ExecuteScalarAsync(ct) is true;
    }

    private static async Task AddRevisionAsync(NpgsqlConnection connection, int issue, string content, bool typed, string? who, CancellationToken ct)
    {
        await using var insert =
            new NpgsqlCommand("INSERT INTO issue_revision (issue_id, who, typed, content) VALUES (@issue, @who, @typed, @content)", connection).With(
                new("issue", issue), new("who", NpgsqlDbType.Text) { Value = (object?)who ?? DBNull.Value }, new("typed", typed),
            new("content", NpgsqlDbType.Jsonb) { Value = content });
        await insert.ExecuteNonQueryAsync(ct);
    }
}
