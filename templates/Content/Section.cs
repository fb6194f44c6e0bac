using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>An "avdelning": a heading and what stands under it, in the editor's order.</summary>
public sealed record Section
{
    /// <summary>Names the section to those who edit it; of no meaning to the letter.</summary>
    public string? Id { get; init; }

    /// <summary>Empty: what stands under it stands without one.</summary>
    public required string Heading { get; init; }

    public IReadOnlyList<Block> Blocks { get; init; } = [];

    [JsonIgnore]
    public bool HasHeading => !string.IsNullOrWhiteSpace(Heading);
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

    /// <summary>Nobody has filled in anything.</summary>
    [JsonIgnore]
    public virtual bool IsEmpty => false;
}

/// <summary>The issue's own events in order of time. Holds nothing of its own: an event that changes, changes here.</summary>
public sealed record CalendarBlock : Block;

/// <summary>Two short articles or events side by side; under each other on a phone. Articles' layouts are not used.</summary>
public sealed record TipsPair : Block
{
    [JsonConverter(typeof(HalfJson))]
    public required Block Left { get; init; }

    [JsonConverter(typeof(HalfJson))]
    public required Block Right { get; init; }

    /// <summary>The half that says something where the other is empty; null: both do, or neither.</summary>
    [JsonIgnore]
    public Block? Only => Left.IsEmpty == Right.IsEmpty ? null : Left.IsEmpty ? Right : Left;
}
