using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Import;

/// <param name="IsNew">False: this very file had been brought in before, and nothing was changed.</param>
/// <param name="PicturesLeftOut">Which lie elsewhere, or are no picture that browsers show.</param>
public sealed record ImportedIssue(string Slug, string Subject, bool IsNew, int Pictures, int PicturesLeftOut);

/// <summary>
/// Brings an issue of before into the archive. It was sent by other means and never is by this service: a constraint of its table
/// (<c>issue_imported_is_never_mailed</c>) refuses every state from which letters go.
/// </summary>
public sealed class IssueImport(NpgsqlDataSource source, MediaLibrary library, IOptions<SiteOptions> site)
{
    /// <param name="name">Of the file.</param>
    /// <exception cref="IssueFileException">Nothing was brought in.</exception>
    public async Task<ImportedIssue> AddAsync(string name, byte[] bytes, IssueFileFacts facts, Actor actor, CancellationToken ct)
    {
        var hash = SHA256.HashData(bytes);
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await FindAsync(connection, hash, ct) is { } before) return before;
        var file = IssueFile.Read(name, bytes, facts);
        var (content, leftOut) = await WithPicturesAsync(file, actor, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two at once wait for each other here, and the second finds what the first has made.
        var slug = await IssueSlug.FreeAsync(connection, content.Year, content.Month, ct);
        if (await FindAsync(connection, hash, ct) is { } meanwhile) return meanwhile;
        await InsertAsync(connection, slug, content, file.SentAt ?? FirstOf(content), hash, ct);
        await AuditLog.NoteAsync(connection, actor, "issue.import", slug, ct);
        await transaction.CommitAsync(ct);
        return new(slug, content.Subject, true, content.Pictures().Count(), leftOut);
    }

    /// <summary>With what is stored; a picture that is not, goes.</summary>
    private async Task<(IssueContent Content, int LeftOut)> WithPicturesAsync(IssueFile file, Actor actor, CancellationToken ct)
    {
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, octets) in file.Pictures)
            if ((await library.AddAsync(octets, actor, ct)).Picture is { } picture) stored[name] = picture.Id;
        var named = file.Content.Pictures().Select(picture => picture.MediaId).Where(id => !stored.ContainsKey(id)).Distinct().ToArray();
        foreach (var id in (await library.SizesAsync(named, ct)).Keys) stored[id] = id;
        var content = ContentPictures.Replace(file.Content,
            picture => stored.TryGetValue(picture.MediaId, out var id) ? picture with { MediaId = id } : null);
        return (DraftPart.WithIds(content), file.PicturesLeftOut + file.Content.Pictures().Count() - content.Pictures().Count());
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection, string slug, IssueContent content, DateTimeOffset sentAt, byte[] hash, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO issue (
                slug, year, month, subject, content, state, audience, started_at, finished_at, imported_at, source_hash, created_at, updated_at)
            VALUES (@slug, @year, @month, @subject, @content, 'sent', 0, @sent, @sent, now(), @hash, now(), now())
            """, connection).With(
            new("slug", slug), new("year", content.Year), new("month", content.Month), new("subject", content.Subject),
            new("content", NpgsqlDbType.Jsonb) { Value = IssueContentJson.Serialize(content) }, new("sent", sentAt.ToUniversalTime()),
            new("hash", hash));
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static async Task<ImportedIssue?> FindAsync(NpgsqlConnection connection, byte[] hash, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand("SELECT slug, subject FROM issue WHERE source_hash = @hash", connection)
            .With(new NpgsqlParameter("hash", hash));
        await using var row = await find.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetString(0), row.GetString(1), false, 0, 0) : null;
    }

    // Of a month, nine in the morning of its first day where the site is.
    private DateTimeOffset FirstOf(IssueContent content)
    {
        var local = new DateTime(content.Year, content.Month, 1, 9, 0, 0);
        return new(local, site.Value.Zone.GetUtcOffset(local));
    }
}
