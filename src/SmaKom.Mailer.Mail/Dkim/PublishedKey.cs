using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>The public key in a TXT record at <c>selector._domainkey.domain</c> (RFC 6376 §3.6.1).</summary>
internal static class PublishedKey
{
    private const int MinimumBits = 1024; // RFC 8301 §3.2

    /// <summary>The key, to be disposed by the caller; on failure the reason.</summary>
    public static (RSA? Key, string Problem) Read(string? record)
    {
        if (record is null)
            return (null, "no key is published");
        if (TagList.Parse(record) is not { } tags || (tags["v"] ?? "DKIM1") != "DKIM1" || (tags["k"] ?? "rsa") != "rsa")
            return (null, "the published record holds no RSA key for DKIM");
        if (tags.Compact("h") is { } hashes && !hashes.Split(':').Contains("sha256", StringComparer.Ordinal))
            return (null, "the published key does not allow sha256");
        if (tags.Compact("p") is "")
            return (null, "the key has been revoked");
        return Import(SignatureTags.Base64(tags.Compact("p")));
    }

    private static (RSA? Key, string Problem) Import(byte[]? encoded)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(encoded, out _);
            if (rsa.KeySize >= MinimumBits)
                return (rsa, "");
            rsa.Dispose();
            return (null, $"the published key is shorter than {MinimumBits} bits");
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return (null, "the published key cannot be read");
        }
    }
}
