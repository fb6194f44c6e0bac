namespace SmaKom.Mailer.Notices;

/// <summary>What a single mail outside of an issue tells.</summary>
public enum NoticeKind { Confirmation, UnsubscribeReceipt }

/// <summary>A mail to be sent once. <paramref name="Link"/> is secret: it is stored encrypted, and forgotten when the mail is done with.</summary>
/// <param name="SubscriberId">Null before somebody is one.</param>
/// <param name="Link">Address of the mail's one button.</param>
public sealed record Notice(NoticeKind Kind, long? SubscriberId, string Email, string Language, string Link);
