using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Archive;

/// <summary>
/// What the public may read: the view <c>public_issue</c>, which alone says who is in it. Search, feeds, calendar and site map read it too.
/// </summary>
public sealed class IssueArchive(NpgsqlDataSource source)
{
    // As people count: by month, and within one by when it was sent.
    private const string Newest = "year DESC, month DESC, published_at DESC, id DESC";

    private const string Whole =
        "i.slug, i.year, i.month, i.subject, i.content, i.published_at, i.corrected_at, i.correction, i.imported_at IS NOT NULL";

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ArchivedIssue>> NewestAsync(int count, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT {Whole}
            FROM public_issue AS i
            ORDER BY {Newest}
            LIMIT @count
            """).With(new NpgsqlParameter("count", count));
        return await ReadAsync(select, Archived, ct);
    }

    /// <summary>Of one year, or of the newest year there is and the one before it; newest first.</summary>
    public async Task<IReadOnlyList<ArchiveEntry>> EntriesAsync(int? year, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT slug, year, month, subject, COALESCE(content ->> 'language', 'sv'), content ->> 'preheader', corrected_at
            FROM public_issue
            WHERE CASE WHEN @year = 0 THEN year > (SELECT max(year) FROM public_issue) - 2 ELSE year = @year END
            ORDER BY {Newest}
            """).With(new NpgsqlParameter("year", year ?? 0));
        return await ReadAsync(select, Entry, ct);
    }

    /// <summary>Newest first, with the number of their issues.</summary>
    public async Task<IReadOnlyList<(int Year, int Issues)>> YearsAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT year, count(*)::int FROM public_issue GROUP BY year ORDER BY year DESC");
        return await ReadAsync(select, row => (row.GetInt32(0), row.GetInt32(1)), ct);
    }

    /// <summary>All there are, newest first, with when each was sent or corrected.</summary>
    public async Task<IReadOnlyList<(string Slug, DateTimeOffset ChangedAt)>> AddressesAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"SELECT slug, COALESCE(corrected_at, published_at) FROM public_issue ORDER BY {Newest}");
        return await ReadAsync(select, row => (row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)), ct);
    }

    /// <summary>One issue, with its neighbours and what is known of its lead picture's file.</summary>
    public async Task<IssuePageContent?> FindAsync(string slug, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT {Whole}, m.content_type, before.slug, before.year, before.month, before.subject, before.language,
                   after.slug, after.year, after.month, after.subject, after.language
            FROM public_issue AS i
            LEFT JOIN media AS m ON m.id = i.content #>> '{"{leadPicture,mediaId}"}'
            LEFT JOIN LATERAL (
                SELECT slug, year, month, subject, COALESCE(content ->> 'language', 'sv') AS language
                FROM public_issue AS b
                WHERE (b.year, b.month, b.published_at, b.id) < (i.year, i.month, i.published_at, i.id)
                ORDER BY {Newest}
                LIMIT 1) AS before ON true
            LEFT JOIN LATERAL (
                SELECT slug, year, month, subject, COALESCE(content ->> 'language', 'sv') AS language
                FROM public_issue AS a
                WHERE (a.year, a.month, a.published_at, a.id) > (i.year, i.month, i.published_at, i.id)
                ORDER BY year, month, published_at, id
                LIMIT 1) AS after ON true
            WHERE i.slug = @slug
            """).With(new NpgsqlParameter("slug", slug));
        return (await ReadAsync(select, row => new IssuePageContent(
            Archived(row), Text(row, 9), Neighbour(row, 10), Neighbour(row, 15)), ct)).FirstOrDefault();
    }

    /// <summary>For a letter that was sent, to whoever has its link: also of an issue that was cancelled on its way.</summary>
    public async Task<ArchivedIssue?> FindSentAsync(int issueId, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT slug, year, month, subject, content, started_at, corrected_at, correction, imported_at IS NOT NULL
            FROM issue
            WHERE id = @issue AND started_at IS NOT NULL AND deleted_at IS NULL
            """).With(new NpgsqlParameter("issue", issueId));
        return (await ReadAsync(select, Archived, ct)).FirstOrDefault();
    }

    private static ArchivedIssue Archived(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), IssueContentJson.Deserialize(row.GetString(4)),
        row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6), Text(row, 7), row.GetBoolean(8));

    private static ArchiveEntry Entry(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetString(4), Text(row, 5) ?? "",
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6));

    private static NeighbourIssue? Neighbour(NpgsqlDataReader row, int at) =>
        row.IsDBNull(at) ? null : new(row.GetString(at), row.GetInt32(at + 1), row.GetInt32(at + 2), row.GetString(at + 3), row.GetString(at + 4));

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlCommand select, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var found = new List<T>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) found.Add(read(rows));
        return found;
    }
}
