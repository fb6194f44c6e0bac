using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>A draft that was deleted and can be brought back.</summary>
/// <param name="DaysLeft">Until it is gone.</param>
public sealed record DeletedDraft(int Id, int Year, int Month, string Subject, DateTimeOffset At, string Who, int DaysLeft);

/// <summary>
/// Whole issues: begins one, moves it to another month, deletes a draft and brings it back. Each is noted with who did it, in the same transaction.
/// </summary>
public sealed class IssueDrafts(NpgsqlDataSource source, DraftStore drafts, MediaLibrary library, MonthlySlot slot,
    IOptions<ComposeOptions> options, IOptions<SiteOptions> site, DatabaseClock time)
{
    /// <summary>How long a deleted draft can be brought back.</summary>
    public const int KeptDays = 30;

    private const string Newest = "WHERE deleted_at IS NULL ORDER BY year DESC, month DESC, id DESC";

    /// <param name="month">Null: that of the next monthly slot which has no issue yet.</param>
    /// <param name="copied">What <see cref="NewIssueFrom.Copy"/> is of.</param>
    /// <returns>Its id; null: there is nothing to begin from.</returns>
    public async Task<int?> CreateAsync(NewIssueFrom from, int? copied, (int Year, int Month)? month, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await BeginningAsync(connection, from, copied, ct) is not { } begun) return null;
        var like = from switch
        {
            NewIssueFrom.Copy => copied,
            NewIssueFrom.Last => await NewestIdAsync(connection, ct),
            _ => null,
        };
        var made = await AddAsync(connection, begun, like, month, actor, ct);
        await transaction.CommitAsync(ct);
        return made;
    }

    /// <param name="month">Null: that of the next monthly slot which has no issue yet.</param>
    /// <returns>Its id; null: a picture that the document names is not stored.</returns>
    public async Task<int?> CreateAsync(WordDocument document, (int Year, int Month)? month, Actor actor, CancellationToken ct)
    {
        var named = document.Pictures.Select(picture => picture.Id).Distinct(StringComparer.Ordinal).ToArray();
        var sizes = await library.SizesAsync(named, ct);
        if (named.Any(id => !sizes.ContainsKey(id))) return null;
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var last = (await NewestAsync(connection, 1, ct)).FirstOrDefault();
        var begun = NewContent.FromDocument(document, options.Value.Headings[0], last, id => sizes.TryGetValue(id, out var size) ? size : null);
        var made = await AddAsync(connection, begun, null, month, actor, ct);
        await transaction.CommitAsync(ct);
        return made;
    }

    /// <summary>The month, and with it the short name.</summary>
    /// <param name="year">2000–2999.</param>
    /// <param name="month">1–12.</param>
    public Task<ComposeAnswer> MoveToMonthAsync(int issue, int year, int month, Actor actor, CancellationToken ct) =>
        drafts.EditAsync(issue, actor, "issue.month", typed: false,
            draft => year is < 2000 or > 2999 || month is < 1 or > 12 ? null : draft.Content with { Year = year, Month = month }, ct);

    /// <param name="lists">Ids of one list at least by which something still goes out.</param>
    /// <returns><see cref="ComposeAnswer.NoSuchPart"/>: none is, or one is not there.</returns>
    public Task<ComposeAnswer> GoToAsync(int issue, IReadOnlyCollection<short> lists, Actor actor, CancellationToken ct) =>
        ChangeAsync(issue, deleted: false, actor, "issue.lists",
        async (connection, found) =>
        {
            await using var choose = new NpgsqlCommand(
                """
                UPDATE issue
                SET lists = @lists, version = version + 1, updated_at = now()
                WHERE id = @issue AND cardinality(@lists) > 0
                    AND NOT EXISTS (SELECT FROM unnest(@lists) AS c (id) WHERE c.id NOT IN (SELECT id FROM mailing_list WHERE closed_at IS NULL))
                """, connection).With(new("issue", issue), new("lists", lists.Order().ToArray()));
            return await choose.ExecuteNonQueryAsync(ct) == 1 ? found.Slug : null;
        }, ct);

    /// <summary>draft → deleted, for <see cref="KeptDays"/>. Its short name is free at once.</summary>
    public Task<ComposeAnswer> DeleteAsync(int issue, Actor actor, CancellationToken ct) => ChangeAsync(issue, deleted: false, actor, "issue.delete",
        async (connection, found) =>
        {
            await using var delete = new NpgsqlCommand(
                """
                UPDATE issue
                SET deleted_at = now(), deleted_by = @who, slug = @slug, version = version + 1
                WHERE id = @issue
                """, connection).With(
                new("issue", issue), new("who", actor.Name), new("slug", IssueSlug.OfDeleted(found.Year, found.Month, issue)));
            await delete.ExecuteNonQueryAsync(ct);
            return found.Slug;
        }, ct);

    /// <summary>deleted → draft.</summary>
    public Task<ComposeAnswer> BringBackAsync(int issue, Actor actor, CancellationToken ct) =>
        ChangeAsync(issue, deleted: true, actor, "issue.bring-back",
        async (connection, found) =>
        {
            var slug = await IssueSlug.FreeAsync(connection, found.Year, found.Month, ct);
            await using var back = new NpgsqlCommand(
                """
                UPDATE issue
                SET deleted_at = NULL, deleted_by = NULL, slug = @slug, version = version + 1, updated_at = now()
                WHERE id = @issue
                """, connection).With(new("issue", issue), new("slug", slug));
            await back.ExecuteNonQueryAsync(ct);
            return slug;
        }, ct);

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<DeletedDraft>> DeletedAsync(CancellationToken ct)
    {
        var deleted = new List<DeletedDraft>();
        await using var select = source.CreateCommand(
            """
            SELECT id, year, month, subject, deleted_at, deleted_by, ceil(extract(epoch FROM deleted_at + make_interval(days => @days) - now()) / 86400)::int
            FROM issue
            WHERE deleted_at > now() - make_interval(days => @days)
            ORDER BY deleted_at DESC
            """).With(new NpgsqlParameter("days", KeptDays));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            deleted.Add(new(rows.GetInt32(0), rows.GetInt32(1), rows.GetInt32(2), rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4),
                rows.GetString(5), rows.GetInt32(6)));
        return deleted;
    }

    /// <param name="like">The issue whose lists it goes to; null: the newsletter.</param>
    private async Task<int> AddAsync(NpgsqlConnection connection, IssueContent begun, int? like, (int Year, int Month)? month, Actor actor,
        CancellationToken ct)
    {
        var (year, number) = month ?? await NextMonthAsync(connection, ct);
        var content = DraftPart.WithIds(begun with { Year = year, Month = number });
        var json = IssueContentJson.Serialize(content);
        var slug = await IssueSlug.FreeAsync(connection, year, number, ct);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO issue (slug, year, month, subject, content, lists, created_at, updated_at)
            SELECT @slug, @year, @month, @subject, @content, COALESCE((SELECT lists FROM issue WHERE id = @like), '{1}'), now(), now()
            RETURNING id
            """, connection).With(
            new("like", NpgsqlDbType.Integer) { Value = (object?)like ?? DBNull.Value },
            new("slug", slug), new("year", year), new("month", number), new("subject", content.Subject),
            new("content", NpgsqlDbType.Jsonb) { Value = json });
        var id = (int)(await insert.ExecuteScalarAsync(ct))!;
        await DraftStore.BeginHistoryAsync(connection, id, json, actor, ct);
        await AuditLog.NoteAsync(connection, actor, "issue.create", slug, ct);
        return id;
    }

    private async Task<ComposeAnswer> ChangeAsync(int issue, bool deleted, Actor actor, string what,
        Func<NpgsqlConnection, Found, Task<string?>> change, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await FindAsync(connection, issue, deleted, ct) is not { } found) return ComposeAnswer.NoSuchIssue;
        if (found.State != IssueState.Draft) return ComposeAnswer.NotDraft;
        if (await change(connection, found) is not { } slug) return ComposeAnswer.NoSuchPart;
        await AuditLog.NoteAsync(connection, actor, what, slug, ct);
        await transaction.CommitAsync(ct);
        return ComposeAnswer.Done;
    }

    private static async Task<Found?> FindAsync(NpgsqlConnection connection, int issue, bool deleted, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand(
            """
            SELECT slug, year, month, state
            FROM issue
            WHERE id = @issue AND (deleted_at IS NOT NULL) = @deleted
            FOR UPDATE
            """, connection).With(new("issue", issue), new("deleted", deleted));
        await using var row = await find.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetFieldValue<IssueState>(3)) : null;
    }

    private async Task<IssueContent?> BeginningAsync(NpgsqlConnection connection, NewIssueFrom from, int? copied, CancellationToken ct)
    {
        if (from == NewIssueFrom.Copy)
            return (await ContentsAsync(connection, "WHERE id = @copied AND deleted_at IS NULL", copied ?? 0, ct)).FirstOrDefault();
        var newest = await NewestAsync(connection, 2, ct);
        return from == NewIssueFrom.Last
            ? newest.Count == 0 ? null : NewContent.LikeLast(newest[0], newest.ElementAtOrDefault(1), Today)
            : NewContent.FromSkeleton(options.Value.Headings, newest.FirstOrDefault());
    }

    private static async Task<int?> NewestIdAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT id FROM issue {Newest} LIMIT 1", connection);
        return await select.ExecuteScalarAsync(ct) as int?;
    }

    private static Task<List<IssueContent>> NewestAsync(NpgsqlConnection connection, int most, CancellationToken ct) =>
        ContentsAsync(connection, $"{Newest} LIMIT {most}", 0, ct);

    private static async Task<List<IssueContent>> ContentsAsync(NpgsqlConnection connection, string which, int copied, CancellationToken ct)
    {
        var contents = new List<IssueContent>();
        await using var select = new NpgsqlCommand($"SELECT content FROM issue {which}", connection).With(new NpgsqlParameter("copied", copied));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) contents.Add(IssueContentJson.Deserialize(rows.GetString(0)));
        return contents;
    }

    private async Task<(int Year, int Month)> NextMonthAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var taken = new HashSet<(int, int)>();
        await using var select = new NpgsqlCommand("SELECT DISTINCT year, month FROM issue WHERE deleted_at IS NULL", connection);
        await using (var rows = await select.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) taken.Add((rows.GetInt32(0), rows.GetInt32(1)));
        // A slot may lie in the month before its own, or after: months are counted on from the next one.
        for (var month = new DateOnly(NextSlot.Year, NextSlot.Month, 1); ; month = month.AddMonths(1))
            if (!taken.Contains((month.Year, month.Month)) && slot.In(month.Year, month.Month) is not null) return (month.Year, month.Month);
    }

    private DateTimeOffset NextSlot => slot.Next(time.GetUtcNow());
    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), site.Value.Zone).Date);

    private sealed record Found(string Slug, int Year, int Month, IssueState State);
}
