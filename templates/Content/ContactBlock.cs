namespace SmaKom.Mailer.Templates.Content;

/// <summary>Whom to turn to, last in the letter.</summary>
public sealed record ContactBlock
{
    public required string Name { get; init; }

    public string? Role { get; init; }

    /// <summary>A sentence of invitation, plain text.</summary>
    public string? Text { get; init; }

    public string? Email { get; init; }

    public string? Phone { get; init; }

    /// <summary>http or https.</summary>
    public string? Site { get; init; }

    public Picture? Portrait { get; init; }

    public IReadOnlyList<SocialLink> SocialLinks { get; init; } = [];
}

public sealed record SocialLink
{
    /// <summary>The network's name, shown as the link's words.</summary>
    public required string Name { get; init; }

    /// <summary>http or https.</summary>
    public required string Url { get; init; }
}
