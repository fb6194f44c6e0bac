using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SmaKom.Mailer.Subscribers.Lists;

/// <summary>One person on one list. What is true of the address is <see cref="Subscriber.Status"/>: letters want both.</summary>
public sealed class ListSubscription
{
    public required long SubscriberId { get; init; }
    public required short ListId { get; init; }

    /// <summary>Why we may write to the person by this list: letters say so.</summary>
    public required LegalBasis LegalBasis { get; set; }
    public required DateTimeOffset Since { get; set; }

    /// <summary>The person left it, or everything.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ListSubscription>
    {
        public void Configure(EntityTypeBuilder<ListSubscription> subscription)
        {
            subscription.ToTable("subscription");
            subscription.HasKey(s => new { s.SubscriberId, s.ListId });
        }
    }
}
