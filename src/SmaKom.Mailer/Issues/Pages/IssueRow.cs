namespace SmaKom.Mailer.Issues.Pages;

/// <summary>An issue in the list of all.</summary>
public sealed record IssueRow(int Id, int Year, int Month, string Subject, IssueState State, DateTimeOffset? ScheduledAt, DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt, int? Audience, DateTimeOffset UpdatedAt);
