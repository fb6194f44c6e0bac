namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Who a letter is from and to, as SMTP says it; what the letter's headers say is another matter.</summary>
/// <param name="ReturnPath">Where bounces go: <c>local@domain</c> without brackets, or empty for the null path.</param>
/// <param name="Recipient">The one recipient: <c>local@domain</c> without brackets. The domain may be a U-label.</param>
/// <param name="EnvelopeId">DSN ENVID (RFC 3461 §4.4): at most 100 characters once xtext-encoded, printable ASCII.</param>
public sealed record Envelope(string ReturnPath, string Recipient, string? EnvelopeId = null);

/// <summary>One letter for one person.</summary>
/// <param name="Message">
/// Headers and body with CRLF line ends, not dot-stuffed. Must stay unchanged until
/// <see cref="IMailConnection.SendAsync"/> has returned.
/// </param>
public sealed record OutgoingLetter(Envelope Envelope, ReadOnlyMemory<byte> Message);
