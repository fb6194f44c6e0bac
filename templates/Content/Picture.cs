namespace SmaKom.Mailer.Templates.Content;

public sealed record Picture
{
    /// <summary>Names the stored file; <see cref="LetterContext.MediaUrl"/> turns it into an address.</summary>
    public required string MediaId { get; init; }

    /// <summary>What the picture shows, for those who do not see it; empty only when <see cref="Decorative"/>.</summary>
    public string Alt { get; init; } = "";

    public bool Decorative { get; init; }

    public string? Caption { get; init; }

    /// <summary>Who made it, in a line under the caption: a name, or words with a colon as "Illustration: Bo Ek". Not shown of a portrait.</summary>
    public string? Credit { get; init; }

    /// <summary>What of it is kept where only a part is shown, as on a page's card; null: the middle.</summary>
    public PictureFocus? Focus { get; init; }

    /// <summary>Pixels of the stored file; the letter scales it down to its column.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels of the stored file.</summary>
    public required int Height { get; init; }
}

/// <summary>The side of a picture that matters.</summary>
public enum PictureFocus
{
    Top,
    Bottom,
    Left,
    Right,
}
