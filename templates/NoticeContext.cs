namespace SmaKom.Mailer.Templates;

/// <summary>A short mail about the subscription itself, or to the office. To a reader it holds no word that anybody typed.</summary>
public sealed record NoticeContext
{
    public required Theme Theme { get; init; }

    public required SenderIdentity Sender { get; init; }

    /// <summary>Of <see cref="Words.Languages"/>.</summary>
    public string Language { get; init; } = "sv";

    /// <summary>The one button's address: confirm, or undo. May hold slots. Null: there is nothing to press.</summary>
    public required string? ActionUrl { get; init; }

    /// <summary>A second link under the button, to leave; null leaves it out.</summary>
    public string? LeaveUrl { get; init; }

    /// <summary>A third one, to all that is held about the reader; null leaves it out.</summary>
    public string? MyDataUrl { get; init; }

    /// <summary>When what it tells of happened, by the clock on the wall; null: it tells no time.</summary>
    public DateTime? At { get; init; }

    /// <summary>What somebody wrote on a page, each text for itself: only in a mail to the office.</summary>
    public IReadOnlyList<string> Written { get; init; } = [];

    public string? PrivacyUrl { get; init; }

    /// <summary>Of a receipt: the one list that was left; null: everything.</summary>
    public string? ListName { get; init; }

    /// <summary>How long the button (where there are several, the last link) works; null leaves the sentence out.</summary>
    public TimeSpan? ValidFor { get; init; }
}
