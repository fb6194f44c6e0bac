namespace SmaKom.Mailer.Notices;

/// <summary>What a single mail outside of an issue tells.</summary>
public enum NoticeKind { Confirmation, UnsubscribeReceipt, TestLetter, Links, FaultReport, AddressConfirmation, AddressNotice }

/// <summary>A mail to be sent once. <paramref name="Link"/> is secret: it is stored encrypted, and forgotten when the mail is done with.</summary>
/// <param name="SubscriberId">Null before somebody is one.</param>
/// <param name="Link">Address of the mail's one button; of a test letter, what it is made of
/// (<see cref="Issues.Compose.TestLetterContent"/> as JSON); of a report of a fault, what was written.</param>
/// <param name="IssueId">Of a test letter.</param>
/// <param name="RequestedBy">Who asked for a test letter.</param>
/// <param name="ContentHash">Of a test letter: what of its issue it shows.</param>
/// <param name="ListId">Of a receipt: the list that was left; null: everything.</param>
public sealed record Notice(NoticeKind Kind, long? SubscriberId, string Email, string Language, string Link, int? IssueId = null,
    string? RequestedBy = null, string? ContentHash = null, short? ListId = null)
{
    /// <summary>What stands beside <see cref="Link"/> in a mail with several of them, in order. As secret.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    /// <summary>When it may go out; null = now.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
