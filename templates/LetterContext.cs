namespace SmaKom.Mailer.Templates;

/// <summary>Everything about one variant of a letter that is not its content.</summary>
public sealed record LetterContext
{
    public required Theme Theme { get; init; }

    public required SenderIdentity Sender { get; init; }

    public required LetterSurface Surface { get; init; }

    /// <summary>Of <see cref="Words.Languages"/>: the chrome and the footer. The content keeps its own language.</summary>
    public string Language { get; init; } = "sv";

    /// <summary>Why this reader gets it; not read on <see cref="LetterSurface.Archive"/>.</summary>
    public RecipientReason Reason { get; init; } = RecipientReason.SignedUp;

    /// <summary>The list that it comes by; null: the newsletter (<see cref="Theme.NewsletterName"/>).</summary>
    public string? ListName { get; init; }

    public required LetterLinks Links { get; init; }

    /// <summary>The reader's address, or the slot that becomes it; null leaves the line out.</summary>
    public string? RecipientAddress { get; init; }

    /// <summary>Absolute address of a stored picture, by <see cref="Content.Picture.MediaId"/>.</summary>
    public required Func<string, string> MediaUrl { get; init; }

    /// <summary>Address of an event's calendar file, on a page; null: it has none, as in a mail.</summary>
    public Func<Content.EventItem, string?>? CalendarFile { get; init; }

    /// <summary>
    /// Names content, a section, a block or a contact block for a preview, whose elements then carry it as <c>data-part</c>. Null in what is sent.
    /// </summary>
    public Func<object, string?>? MarkOf { get; init; }
}

public enum LetterSurface
{
    /// <summary>The mail itself.</summary>
    Mail,

    /// <summary>This person's letter in the browser.</summary>
    Browser,

    /// <summary>Public: no personal footer.</summary>
    Archive,
}

public enum RecipientReason
{
    MemberRepresentative,
    SignedUp,
}

/// <summary>
/// Absolute addresses, with slots of ASCII letters and digits where each person's token goes. They are written as given:
/// never wrapped, shortened or re-encoded, and never into a title or an alt text.
/// </summary>
public sealed record LetterLinks
{
    /// <summary>Null only on <see cref="LetterSurface.Archive"/>.</summary>
    public string? Unsubscribe { get; init; }

    public string? Preferences { get; init; }

    public string? ReadInBrowser { get; init; }

    public string? Archive { get; init; }

    public string? Privacy { get; init; }
}
