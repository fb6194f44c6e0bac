namespace SmaKom.Mailer.Mail.Mime;

/// <summary>What makes one person's letter.</summary>
/// <param name="MessageId"><c>left@domain</c> without &lt;&gt;, ASCII, at most 250 characters, unique per letter (RFC 5322 §3.6.4).</param>
/// <param name="Date">Written with its own offset (RFC 5322 §3.3).</param>
/// <param name="SlotValues">In the order of <see cref="LetterTemplate.Slots"/>.</param>
public readonly record struct PersonalLetter(Mailbox To, string MessageId, DateTimeOffset Date, IReadOnlyList<string> SlotValues);
