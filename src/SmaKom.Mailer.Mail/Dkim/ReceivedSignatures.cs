using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// Verifies the DKIM signatures of a mail (RFC 6376 §6, RFC 8301, RFC 8463): MimeKit does the cryptography, and what it lets pass
/// is refused before: a part of the body, an expired signature, a key that does not allow SHA-256.
/// </summary>
/// <param name="findKey">Selector and domain to the text of the TXT record (its strings joined), null when there is
/// none. What it throws rises.</param>
public sealed class ReceivedSignatures(Func<string, string, string?> findKey)
{
    /// <summary>Each costs a hash of the whole body (RFC 6376 §6.1 allows a limit).</summary>
    public const int Max = 10;

    private const int MinimumKeyBits = 1024; // RFC 8301 §3.2

    /// <summary>One verdict per DKIM-Signature, top down, of the first ten; empty for an unsigned mail.</summary>
    public IReadOnlyList<DkimVerdict> Verify(MimeMessage mail, DateTimeOffset now) =>
        [.. mail.Headers.Where(header => header.Id == HeaderId.DkimSignature).Take(Max).Select(signature => Verify(mail, signature, now))];

    private DkimVerdict Verify(MimeMessage mail, Header signature, DateTimeOffset now)
    {
        var (domain, selector) = (Tag(signature.Value, "d"), Tag(signature.Value, "s"));
        return new(Find(mail, signature, domain, selector, now), domain, selector);
    }

    private DkimFinding Find(MimeMessage mail, Header signature, string? domain, string? selector, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(domain) || string.IsNullOrEmpty(selector))
            return DkimFinding.Malformed;
        if (Tag(signature.Value, "a") is { } algorithm && algorithm.EndsWith("-sha1", StringComparison.OrdinalIgnoreCase))
            return DkimFinding.Malformed; // RFC 8301 §3.1
        if (Tag(signature.Value, "l") is not null)
            return DkimFinding.CoversPart;
        if (Tag(signature.Value, "x") is { } expires && !(long.TryParse(expires, out var seconds) && seconds >= now.ToUnixTimeSeconds()))
            return DkimFinding.Expired;
        if (findKey(selector, domain) is not { } record)
            return DkimFinding.NoKey;
        if (FoundKey.Read(record) is not { } key || key.IsRsa != Tag(signature.Value, "a")?.StartsWith("rsa-", StringComparison.OrdinalIgnoreCase))
            return DkimFinding.UnusableKey;
        try
        {
            return new DkimVerifier(key).Verify(mail, signature) ? DkimFinding.Holds : DkimFinding.Changed;
        }
        catch (FormatException)
        {
            return DkimFinding.Malformed;
        }
    }

    /// <summary>A tag of a list as in signatures and key records (RFC 6376 §3.2).</summary>
    private static string? Tag(string list, string name) =>
        list.Split(';').Select(tag => tag.Split('=', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(tag => tag.Length == 2 && tag[0] == name)?[1];

    /// <summary>The key of one signature, for MimeKit to ask for.</summary>
    private sealed class FoundKey(AsymmetricKeyParameter key) : DkimPublicKeyLocatorBase
    {
        public bool IsRsa => key is RsaKeyParameters;

        public static FoundKey? Read(string record)
        {
            if ((Tag(record, "v") ?? "DKIM1") != "DKIM1" || Tag(record, "h")?.Contains("sha256", StringComparison.Ordinal) == false)
                return null;
            try
            {
                return GetPublicKey(record) is { } key and not RsaKeyParameters { Modulus.BitLength: < MinimumKeyBits } ? new(key) : null;
            }
            catch (Exception e) when (
                e is FormatException or ArgumentException or IOException or InvalidOperationException or GeneralSecurityException or SecurityUtilityException)
            {
                return null;
            }
        }

        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector,
            CancellationToken cancellationToken = default) => key;

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(key);
    }
}
