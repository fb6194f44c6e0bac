namespace SmaKom.Mailer.Mail.Mime;

/// <summary>What is the same for everybody who gets the letter.</summary>
public sealed record LetterDraft
{
    public required Mailbox From { get; init; }

    public Mailbox? ReplyTo { get; init; }

    public required string Subject { get; init; }

    /// <summary>The plain part. Any line ends; trailing blank lines become one line end.</summary>
    public required string Text { get; init; }

    /// <summary>The html part; null makes the letter text/plain only.</summary>
    public string? Html { get; init; }

    /// <summary>Null: it belongs to none, as a notice to one person.</summary>
    public ListIdentity? List { get; init; }

    /// <summary>
    /// Further headers in their order, each name once: List-Unsubscribe, Precedence, Feedback-ID… Runs of spaces become
    /// one; long values are folded at spaces. Of ASCII.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public required SlotMarkers Markers { get; init; }

    public required IReadOnlyList<Slot> Slots { get; init; }
}
