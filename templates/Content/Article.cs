using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

public sealed record Article : Block
{
    /// <summary>The small line above the heading: the organisation that is credited.</summary>
    public string? Kicker { get; init; }

    public required string Heading { get; init; }

    /// <summary>Markdown: paragraphs, bold, italic, links, lists, quotes, subheadings. Raw HTML is text.</summary>
    public required string Body { get; init; }

    public ArticleLayout Layout { get; init; }

    /// <summary>The first one takes the layout's place; the others follow the text at full width.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];

    public Signature? Signature { get; init; }

    public IReadOnlyList<CallToAction> CallsToAction { get; init; } = [];

    [JsonIgnore]
    public override bool IsEmpty =>
        string.IsNullOrWhiteSpace(Kicker + Heading + Body) && Pictures.Count == 0 && Signature is null && CallsToAction.Count == 0;
}

public enum ArticleLayout
{
    FullWidth,
    PictureLeft,
    PictureRight,
    Box,
}

/// <summary>Who wrote it, under the text.</summary>
public sealed record Signature
{
    public required string Name { get; init; }

    public string? Role { get; init; }

    /// <summary>Shown at 72 × 72 px: send a square one.</summary>
    public Picture? Portrait { get; init; }
}

/// <summary>A link with words of its own; the primary one is drawn as a button.</summary>
public sealed record CallToAction
{
    /// <summary>Says where it leads: never "läs mer".</summary>
    public required string Text { get; init; }

    /// <summary>http, https, mailto or tel.</summary>
    public required string Url { get; init; }

    public bool Primary { get; init; }
}
