namespace SmaKom.Mailer.Mail.Dkim;

public enum DkimFinding
{
    /// <summary>The signature holds for this message.</summary>
    Holds,

    /// <summary>The body, a signed header or the signature has been changed, or the key is another one.</summary>
    Changed,

    /// <summary>The field is malformed, or asks for what RFC 8301 forbids.</summary>
    Malformed,

    /// <summary>It covers a part of the body only (<c>l=</c>; RFC 6376 §8.2: anything can be added after that part).</summary>
    CoversPart,

    Expired,

    /// <summary>No key is published under its selector and domain.</summary>
    NoKey,

    /// <summary>The published key is revoked, too short, of another kind or not readable.</summary>
    UnusableKey,
}

/// <summary>What one DKIM-Signature field is worth.</summary>
/// <param name="Domain">That signed (<c>d=</c>); null when the field names none.</param>
/// <param name="Selector">Of the key (<c>s=</c>); null when the field names none.</param>
public sealed record DkimVerdict(DkimFinding Finding, string? Domain, string? Selector);
