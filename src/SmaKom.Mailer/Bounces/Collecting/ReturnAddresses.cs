using Microsoft.Extensions.Options;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>The addresses that mail may come back to: return paths that we have signed, and the mailbox of those who want to leave.</summary>
public sealed class ReturnAddresses(LinkSigner links, IOptions<SenderOptions> sender)
{
    private const string Prefix = "studs-";

    /// <summary>The token in an address that is or quotes a return path, as it stands there; null: it is none.</summary>
    public static string? TokenOf(string address)
    {
        var last = address.Split('@')[0].Trim('<', ' ').Split('+')[^1];
        return last.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? last[Prefix.Length..] : null;
    }

    /// <param name="recipient">
    /// Of the envelope. A return path is <c>studs-TOKEN@…</c>, or <c>mailbox+studs-TOKEN@…</c> in a hosted mailbox.
    /// </param>
    public bool IsOurs(string recipient)
    {
        if (recipient.Split('@') is not [var local, var domain]) return false;
        if (TokenOf(recipient) is { } token && links.TryRead(LinkPurpose.ReturnPath, token, out _)) return true;
        return sender.Value.UnsubscribeMailbox?.Split('@') is [var name, var of]
            && string.Equals(domain, of, StringComparison.OrdinalIgnoreCase)
            && (Is(local, name) || Is(local.Split('+')[0], name));
    }

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
