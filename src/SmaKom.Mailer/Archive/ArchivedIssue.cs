using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Archive;

/// <summary>An issue as the lists show it.</summary>
public sealed record ArchiveEntry(string Slug, int Year, int Month, string Subject, string Language, string Preheader, DateTimeOffset? CorrectedAt)
{
    public string Path => ArchivePath.Of(Slug);
}

/// <summary>A whole issue.</summary>
/// <param name="Correction">What was wrong, in a sentence to the reader; null: nothing was.</param>
/// <param name="SentElsewhere">Brought in from a file: it was sent by other means.</param>
public sealed record ArchivedIssue(
    string Slug, int Year, int Month, string Subject, IssueContent Content, DateTimeOffset PublishedAt, DateTimeOffset? CorrectedAt,
    string? Correction, bool SentElsewhere)
{
    public string Path => ArchivePath.Of(Slug);

    public ArchiveEntry Entry => new(Slug, Year, Month, Subject, Content.Language, Content.Preheader, CorrectedAt);
}

/// <summary>The issue before or after another.</summary>
public sealed record NeighbourIssue(string Slug, int Year, int Month, string Subject, string Language)
{
    public string Path => ArchivePath.Of(Slug);
}

/// <summary>What an issue's page shows.</summary>
/// <param name="PictureType">Of the lead picture's file; null: there is none, or it is not stored.</param>
public sealed record IssuePageContent(ArchivedIssue Issue, string? PictureType, NeighbourIssue? Before, NeighbourIssue? After);
