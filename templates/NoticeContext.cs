namespace SmaKom.Mailer.Templates;

/// <summary>A short mail about the subscription itself: it holds no word that the person typed.</summary>
public sealed record NoticeContext
{
    public required Theme Theme { get; init; }

    public required SenderIdentity Sender { get; init; }

    /// <summary>"sv" or "en".</summary>
    public string Language { get; init; } = "sv";

    /// <summary>The one button's address: confirm, or undo. May hold slots.</summary>
    public required string ActionUrl { get; init; }

    public string? PrivacyUrl { get; init; }

    /// <summary>Of a receipt: the one list that was left; null: everything.</summary>
    public string? ListName { get; init; }

    /// <summary>How long the button works, whole hours; null leaves the sentence out.</summary>
    public TimeSpan? ValidFor { get; init; }
}
