using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SmaKom.Mailer.Deliveries;

/// <summary>Where one letter to one person stands; docs/delivery-states.md draws the ways between them.</summary>
public enum DeliveryState
{
    /// <summary>Not tried yet.</summary>
    Waiting,
    /// <summary>The server said 4xx; tried again at <see cref="Delivery.NextAttemptAt"/>.</summary>
    Deferred,
    /// <summary>The intent is committed, the outcome is not.</summary>
    Sending,
    /// <summary>The relay took responsibility (RFC 5321 §4.2.5).</summary>
    Accepted,
    /// <summary>The server said 5xx, or the retries ran out.</summary>
    Refused,
    /// <summary>The final dot may have been sent and the reply was lost: a person decides.</summary>
    Unknown,
    /// <summary>Not sent, for <see cref="Delivery.Reason"/>.</summary>
    Excluded,
}

/// <summary>One letter to one person. Read here; written by the hot path's SQL (see Recorder).</summary>
public sealed class Delivery
{
    public long Id { get; private set; }
    public int IssueId { get; private set; }
    public long SubscriberId { get; private set; }
    public short Variant { get; private set; }
    public DeliveryState State { get; private set; }
    public short Attempts { get; private set; }
    public short? RelayId { get; private set; }

    /// <summary>Basic reply code (RFC 5321 §4.2).</summary>
    public short? ReplyCode { get; private set; }
    public long? ClaimId { get; private set; }
    public DateTimeOffset? FirstAttemptAt { get; private set; }
    public DateTimeOffset? LastAttemptAt { get; private set; }
    public DateTimeOffset? NextAttemptAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }
    public string Email { get; private set; } = "";
    public string? Name { get; private set; }
    public string Domain { get; private set; } = "";
    public string? Reason { get; private set; }

    /// <summary>Enhanced status code (RFC 3463), as <c>5.1.1</c>.</summary>
    public string? ReplyEnhanced { get; private set; }

    /// <summary>The server's own words.</summary>
    public string? ReplyText { get; private set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Delivery>
    {
        public void Configure(EntityTypeBuilder<Delivery> delivery) => delivery.ToTable("delivery");
    }
}
