using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>An "avdelning": a heading and what stands under it, in the editor's order.</summary>
public sealed record Section
{
    /// <summary>Names the section to those who edit it; of no meaning to the letter.</summary>
    public string? Id { get; init; }

    public required string Heading { get; init; }

    public IReadOnlyList<Block> Blocks { get; init; } = [];
}

/// <summary>One thing in a section; told apart in JSON by "kind".</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Article), "article")]
[JsonDerivedType(typeof(EventItem), "event")]
[JsonDerivedType(typeof(TipsPair), "tips")]
[JsonDerivedType(typeof(CalendarBlock), "calendar")]
public abstract record Block
{
    /// <summary>Names the block to those who edit it, unique in its issue; of no meaning to the letter.</summary>
    public string? Id { get; init; }
}

/// <summary>The issue's own events in order of time. Holds nothing of its own: an event that changes, changes here.</summary>
public sealed record CalendarBlock : Block;

/// <summary>Two short articles side by side; under each other on a phone. Their layouts are not used.</summary>
public sealed record TipsPair : Block
{
    public required Article Left { get; init; }

    public required Article Right { get; init; }

    /// <summary>The half that says something where the other is empty; null: both do, or neither.</summary>
    [JsonIgnore]
    public Article? Only => Left.IsEmpty == Right.IsEmpty ? null : Left.IsEmpty ? Right : Left;
}
