namespace SmaKom.Mailer.Mail.Dkim;

public enum DkimStatus
{
    /// <summary>The signature holds for this message.</summary>
    Pass,

    /// <summary>The body, a signed header or the signature has been changed, or the key is another one.</summary>
    Fail,

    /// <summary>The signature or the published key cannot be used: malformed, revoked, too weak, missing.</summary>
    PermanentError,
}

/// <summary>What one DKIM-Signature field is worth. <paramref name="Reason"/> is for people: one clause without a full stop.</summary>
public sealed record DkimVerdict(DkimStatus Status, string? Domain, string? Selector, string Reason);
