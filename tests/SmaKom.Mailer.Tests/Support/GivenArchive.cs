using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Issues as the public sees them, or not.</summary>
public static class GivenArchive
{
    /// <summary>An issue in this state, by its own content; one that went out did so at nine on the third of its month.</summary>
    public static async Task<int> PublicIssueAsync(this TestDatabase database, string slug, IssueContent content, string state = "sent")
    {
        var (year, month) = (int.Parse(slug[..4]), int.Parse(slug[5..7]));
        return await database.ScalarAsync<int>(
            """
            INSERT INTO issue (slug, year, month, subject, content, state, scheduled_at, started_at, finished_at, created_at, updated_at)
            SELECT $1, $2, $3, $4, $5::jsonb, $6::issue_state, CASE WHEN $6 = 'queued' THEN at END,
                   CASE WHEN $6 NOT IN ('draft', 'queued') THEN at END,
                   CASE WHEN $6 IN ('sent', 'cancelled') THEN at END, at, at
            FROM (SELECT make_timestamptz($2, $3, 3, 8, 0, 0, 'UTC') AS at) AS sent
            RETURNING id
            """, new() { Value = slug }, new() { Value = year }, new() { Value = month }, new() { Value = content.Subject },
            new() { Value = IssueContentJson.Serialize(content with { Year = year, Month = month }) }, new() { Value = state });
    }
}
