using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SmaKom.Mailer.Subscribers.Lists;

/// <summary>What letters come by: the newsletter, invitations, member information, … Never deleted: letters that were sent name it.</summary>
public sealed class MailingList
{
    /// <summary>The id of the list that every installation has.</summary>
    public const short Newsletter = 1;

    public short Id { get; private set; }

    /// <summary><c>[a-z0-9-]+</c>, at most 40: names the list in List-Id and on the command line. Stable for ever.</summary>
    public required string Key { get; init; }

    /// <summary>Null: the newsletter's name, of the settings.</summary>
    public string? Name { get; set; }
    public string? Description { get; set; }

    /// <summary>Who gets an issue by several lists gets it by the first.</summary>
    public required short Position { get; set; }

    /// <summary>Anybody may sign up, and its issues stand in the public archive. Otherwise it is for those whom staff put there.</summary>
    public required bool IsOpen { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Nothing goes out by it any more.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailingList>
    {
        public void Configure(EntityTypeBuilder<MailingList> list) => list.ToTable("mailing_list");
    }
}
