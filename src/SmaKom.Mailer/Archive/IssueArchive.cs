using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Archive;

/// <summary>An issue as the lists show it.</summary>
public sealed record ArchivedIssue(string Slug, int Year, int Month, string Subject, IssueContent Content)
{
    public string Path => ArchivePath.Of(Slug);
}

/// <summary>
/// What the public may read: issues of an open list from the moment they began to be sent. Drafts, queued and cancelled issues are never here.
/// </summary>
public sealed class IssueArchive(IDbContextFactory<MailerDb> contexts)
{
    private static readonly IssueState[] Published = [IssueState.Sending, IssueState.Paused, IssueState.Sent];

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ArchivedIssue>> NewestAsync(int count, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var issues = await PublishedIn(db).Take(count).ToListAsync(ct);
        return [.. issues.Select(Archived)];
    }

    public async Task<ArchivedIssue?> FindAsync(string slug, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await PublishedIn(db).FirstOrDefaultAsync(issue => issue.Slug == slug, ct) is { } issue ? Archived(issue) : null;
    }

    /// <summary>For a letter that was sent, also of an issue that was cancelled on its way.</summary>
    public async Task<ArchivedIssue?> FindSentAsync(int issueId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Issues.AsNoTracking().FirstOrDefaultAsync(issue => issue.Id == issueId && issue.StartedAt != null, ct) is { } issue
            ? Archived(issue) : null;
    }

    private static IQueryable<Issue> PublishedIn(MailerDb db) => db.Issues.AsNoTracking()
        .Where(issue => Published.Contains(issue.State) && db.MailingLists.Any(list => list.IsOpen && issue.Lists.Contains(list.Id)))
        .OrderByDescending(issue => issue.Year).ThenByDescending(issue => issue.Month).ThenByDescending(issue => issue.StartedAt);

    private static ArchivedIssue Archived(Issue issue) =>
        new(issue.Slug, issue.Year, issue.Month, issue.Subject, IssueContentJson.Deserialize(issue.Content));
}
