using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Issues;

/// <summary>draft → queued → sending ⇄ paused → sent | cancelled. See docs/delivery-states.md.</summary>
public enum IssueState { Draft, Queued, Sending, Paused, Sent, Cancelled }

/// <summary>One monthly newsletter: its content, and where it stands on its way out.</summary>
public sealed class Issue
{
    public int Id { get; private set; }

    /// <summary><c>2026-12</c>, or <c>2026-12-extra</c>: names the issue in addresses and on the command line.</summary>
    public required string Slug { get; set; }
    public required int Year { get; set; }
    public required int Month { get; set; }
    public required string Subject { get; set; }

    /// <summary>The structured document as JSON (<c>SmaKom.Mailer.Templates.Content.IssueContent</c>).</summary>
    public required string Content { get; set; }

    public IssueState State { get; private set; }

    /// <summary>Ids of the lists that it goes to, one at least. A person on several gets one letter, by the first of them.</summary>
    public short[] Lists { get; set; } = [MailingList.Newsletter];

    /// <summary>Grows with every edit: the second of two editors is told.</summary>
    public int Version { get; set; } = 1;
    public DateTimeOffset? ScheduledAt { get; private set; }

    /// <summary>When content and audience were frozen.</summary>
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>Number of people frozen in; null before.</summary>
    public int? Audience { get; private set; }

    /// <summary>Hangfire's id of the job that sends it; null: it has none (see IssueJobs).</summary>
    public string? JobId { get; private set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>A draft that was removed, and can be brought back for 30 days; no list and no page knows it.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>What was wrong in an issue that is out, in a sentence to the reader; null: nothing is said to be.</summary>
    public string? Correction { get; private set; }
    public DateTimeOffset? CorrectedAt { get; private set; }

    /// <summary>When it was brought in from a file: it was sent by other means, and never is by this service. Null: it is one of ours.</summary>
    public DateTimeOffset? ImportedAt { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Issue>
    {
        public void Configure(EntityTypeBuilder<Issue> issue)
        {
            issue.ToTable("issue");
            issue.Property(i => i.Content).HasColumnType("jsonb");
            issue.Property(i => i.Version).IsConcurrencyToken();
            issue.HasQueryFilter(i => i.DeletedAt == null);
        }
    }
}
