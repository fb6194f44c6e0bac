using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SmaKom.Mailer.Subscribers;

/// <summary>One thing that happened to a subscription. The table is append-only; it never holds an address.</summary>
public sealed class SubscriberEvent
{
    public long Id { get; private set; }
    public required long SubscriberId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="SubscriberEventKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Facts of the event: the wording consented to and its version, the form's address, a reason.</summary>
    public JsonDocument Detail { get; init; } = JsonDocument.Parse("{}");

    internal sealed class Mapping : IEntityTypeConfiguration<SubscriberEvent>
    {
        public void Configure(EntityTypeBuilder<SubscriberEvent> entry)
        {
            entry.ToTable("subscriber_event");
            entry.Property(e => e.Detail).HasColumnType("jsonb");
        }
    }
}

/// <summary>The kinds of <see cref="SubscriberEvent"/>.</summary>
public static class SubscriberEventKind
{
    public const string SignedUp = "signed_up";
    public const string Confirmed = "confirmed";
    public const string Imported = "imported";
    public const string AddedByStaff = "added_by_staff";
    public const string Unsubscribed = "unsubscribed";
    public const string UnsubscribeUndone = "unsubscribe_undone";
    public const string UnsubscribeReason = "unsubscribe_reason";
    public const string Changed = "changed";
    public const string Erased = "erased";

    /// <summary>One list of several; <see cref="Unsubscribed"/> is leaving the last, or all.</summary>
    public const string LeftList = "left_list";
    public const string JoinedList = "joined_list";
    public const string Paused = "paused";
    public const string PauseEnded = "pause_ended";
    public const string AddressChangeRequested = "address_change_requested";
    public const string AddressChangeStopped = "address_change_stopped";

    /// <summary>At the new address; the old one is <see cref="Unsubscribed"/> by <c>moved</c>.</summary>
    public const string MovedHere = "moved_here";

    /// <summary>The address takes no letters; <c>reason</c> is <c>hard</c>, <c>ambiguous</c> or <c>soft</c>.</summary>
    public const string Bounced = "bounced";

    /// <summary>It was the whole domain that took none.</summary>
    public const string BounceUndone = "bounce_undone";

    /// <summary>Staff try again.</summary>
    public const string BounceRetried = "bounce_retried";
    public const string Complained = "complained";
}
