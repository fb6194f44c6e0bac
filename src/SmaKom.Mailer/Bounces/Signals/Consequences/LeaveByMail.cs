using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Subscribers.Unsubscribe;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>
/// Somebody leaves by mail (RFC 2369 §3.2): the subject is the token that the letter's head named. It means the letter's list, as one click does. No
/// machine's answer leaves for anybody.
/// </summary>
public sealed class LeaveByMail(LinkSigner signer, Unsubscribing unsubscribing)
{
    /// <returns>Who has left; null: the mail is no such wish.</returns>
    public async Task<long?> TryAsync(ReturnedMail mail, CancellationToken ct)
    {
        if (mail.Kind != ReturnKind.Other || !signer.TryRead(LinkPurpose.Unsubscribe, mail.Subject.Trim(), out var who)) return null;
        await unsubscribing.LeaveAsync(who, "mail", everything: false, ct);
        return who.SubscriberId;
    }
}
