using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Issues;

/// <summary>An issue rendered and MIME-encoded for one variant of readers, when it was frozen.</summary>
public sealed class FrozenLetter
{
    public required int IssueId { get; init; }
    public required short Variant { get; init; }
    public required string Language { get; init; }
    public required LegalBasis LegalBasis { get; init; }
    public required LetterFormat Format { get; init; }

    /// <summary>The list that the letter comes by.</summary>
    public required short ListId { get; init; }

    /// <summary>Bytes of a <c>SmaKom.Mailer.Mail.Mime.LetterTemplate</c>.</summary>
    public required byte[] Template { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<FrozenLetter>
    {
        public void Configure(EntityTypeBuilder<FrozenLetter> letter)
        {
            letter.ToTable("frozen_letter");
            letter.HasKey(l => new { l.IssueId, l.Variant });
        }
    }
}
