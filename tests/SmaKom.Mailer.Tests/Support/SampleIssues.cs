using System.Runtime.CompilerServices;
using Npgsql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>The repository's sample issues, with their pictures, as sent.</summary>
public static class SampleIssues
{
    public static readonly string Folder = Path.GetFullPath(Path.Combine(Here(), "../../../samples/issues"));

    public static async Task SentIssuesAsync(this TestDatabase database)
    {
        foreach (var folder in Directory.GetDirectories(Folder).Order(StringComparer.Ordinal))
            await SentIssueAsync(database, folder);
    }

    private static async Task SentIssueAsync(TestDatabase database, string folder)
    {
        var content = IssueContentJson.Deserialize(await File.ReadAllTextAsync(Path.Combine(folder, "issue.json")));
        foreach (var picture in content.Pictures())
            await database.ScalarAsync<long>(
                """
                WITH added AS (
                    INSERT INTO media (id, content_type, width, height, bytes, created_at)
                    VALUES ($1, 'image/jpeg', $2, $3, $4, now())
                    ON CONFLICT (id) DO NOTHING)
                SELECT 1::bigint
                """, Value(picture.MediaId), Value(picture.Width), Value(picture.Height), Value(await File.ReadAllBytesAsync(Path.Combine(folder, picture.MediaId))));
        await database.ScalarAsync<int>(
            """
            INSERT INTO issue (slug, year, month, subject, content, state, started_at, finished_at, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5::jsonb, 'sent', now(), now(), now(), now())
            RETURNING id
            """, Value(Path.GetFileName(folder)), Value(content.Year), Value(content.Month), Value(content.Subject), Value(IssueContentJson.Serialize(content)));
    }

    private static NpgsqlParameter Value(object value) => new() { Value = value };
    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
