using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SmaKom.Mailer.Issues.Media;

/// <summary>A picture, stored by the hash of its bytes and served as <c>/bild/{id}</c> with a fixed type.</summary>
public sealed class Media
{
    public required string Id { get; init; }

    /// <summary><c>image/png</c>, <c>image/jpeg</c> or <c>image/gif</c>, as found in the bytes.</summary>
    public required string ContentType { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required byte[] Bytes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Media>
    {
        public void Configure(EntityTypeBuilder<Media> media) => media.ToTable("media");
    }
}
