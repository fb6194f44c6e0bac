using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Subscribers;

/// <summary>Where a subscription stands. Only <see cref="Active"/> people get letters.</summary>
public enum SubscriberStatus { Pending, Active, Unsubscribed, Bounced, Complained, Erased }

/// <summary>Why we may write to a person: GDPR article 6.1 f (<see cref="Member"/>) or 6.1 a (<see cref="Consent"/>).</summary>
public enum LegalBasis { Member, Consent }

/// <summary>What a person wants to get: HTML with a plain text part, or plain text only.</summary>
public enum LetterFormat { Html, Text }

/// <summary>One address and what we know of the person behind it.</summary>
public sealed class Subscriber
{
    public long Id { get; private set; }

    /// <summary>As the person wrote it; letters are sent to it.</summary>
    public required string Email { get; set; }

    /// <summary><see cref="EmailAddress.Key"/>: unique, so that one person has one row.</summary>
    public required string EmailKey { get; set; }

    /// <summary>Lower-case A-label of the domain.</summary>
    public required string Domain { get; set; }

    public string? Name { get; set; }
    public string? Municipality { get; set; }

    /// <summary>BCP 47 language of interface texts, one of those that there are words in.</summary>
    public string Language { get; set; } = "sv";
    public LetterFormat Format { get; set; }
    public required SubscriberStatus Status { get; set; }

    /// <summary>By which we came to know the address; that of a letter is <see cref="Lists.ListSubscription.LegalBasis"/>.</summary>
    public required LegalBasis LegalBasis { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; set; }
    public DateTimeOffset? LeftAt { get; set; }

    /// <summary>No letters until then: the person's own wish.</summary>
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>The row that speaks for this person since both were found to be one; null: this one does.</summary>
    public long? SameAs { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Subscriber>
    {
        public void Configure(EntityTypeBuilder<Subscriber> subscriber) => subscriber.ToTable("subscriber");
    }
}
