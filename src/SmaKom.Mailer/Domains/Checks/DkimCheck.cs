using System.Security.Cryptography;

namespace SmaKom.Mailer.Domains.Checks;

/// <summary>The published key (RFC 6376 §3.6.1) held against the one that signs.</summary>
public sealed class DkimCheck(DnsResolver dns)
{
    /// <summary>Bits (RFC 8301 §3.2).</summary>
    public const int FewestBits = 2048;

    public async Task<IReadOnlyList<DomainVerdict>> FindAsync(SigningKey? key)
    {
        if (key is null) return [];
        var reply = await dns.TextsAsync(key.RecordName);
        var record = new DnsRecord(key.RecordName, "TXT", $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.PublicKey)}");
        if (reply.Outcome == DnsOutcome.Unanswered) return [DomainVerdict.Unknown(DomainArea.Dkim, key.Domain, key.RecordName)];
        if (reply.IsVoid) return [DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Missing", key.Domain, key.RecordName) with { Record = record }];
        var found = Of(key, reply.Values) with { Published = string.Join('\n', reply.Values) };
        return [found.Result == DomainResult.Problem ? found with { Record = record } : found];
    }

    private static DomainVerdict Of(SigningKey key, IReadOnlyList<string> texts)
    {
        var name = key.RecordName;
        // §3.6.2.2: with several, what a receiver makes of it is undefined.
        if (texts.Count > 1) return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Several", key.Domain, name);
        if (TagList.Parse(texts[0]) is not { } tags || tags.FirstOrDefault(tag => tag.Key == "p").Value is not { } published)
            return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Syntax", key.Domain, name);
        published = string.Concat(published.Where(letter => !char.IsWhiteSpace(letter)));
        if (published == "") return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Revoked", key.Domain, name);
        var values = tags.ToDictionary(tag => tag.Key, tag => tag.Value);
        if (!IsUsable(tags, values)) return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Syntax", key.Domain, name);
        if (Modulus(published) is not { } there) return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Syntax", key.Domain, name);
        using var ours = RSA.Create();
        ours.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        if (!there.SequenceEqual(ours.ExportParameters(false).Modulus!))
            return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Different", key.Domain, name);
        if (ours.KeySize < FewestBits) return DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Short", key.Domain, name, $"{ours.KeySize}");
        return Flags(values).Contains("y") ? DomainVerdict.Problem(DomainArea.Dkim, "Dkim.Testing", key.Domain, name)
            : DomainVerdict.Ok(DomainArea.Dkim, "Dkim.Ok", key.Domain, name, $"{ours.KeySize}");
    }

    /// <summary>A version that stands first, RSA with SHA-256, for mail.</summary>
    private static bool IsUsable(IReadOnlyList<KeyValuePair<string, string>> tags, Dictionary<string, string> values) =>
        (!values.TryGetValue("v", out var version) || version == "DKIM1" && tags[0].Key == "v")
        && (!values.TryGetValue("k", out var kind) || kind == "rsa")
        && (!values.TryGetValue("h", out var hashes) || Words(hashes).Contains("sha256"))
        && (!values.TryGetValue("s", out var services) || Words(services).Any(service => service is "*" or "email"));

    private static string[] Flags(Dictionary<string, string> values) => Words(values.GetValueOrDefault("t", ""));

    private static string[] Words(string list) => list.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Some publish the bare RSAPublicKey (RFC 8017 §A.1.1), which receivers take as well. Null: it is no key.</summary>
    private static byte[]? Modulus(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length)) return null;
        return Modulus(rsa => rsa.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, length), out _))
            ?? Modulus(rsa => rsa.ImportRSAPublicKey(bytes.AsSpan(0, length), out _));
    }

    private static byte[]? Modulus(Action<RSA> import)
    {
        using var rsa = RSA.Create();
        try
        {
            import(rsa);
            return rsa.ExportParameters(false).Modulus;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
