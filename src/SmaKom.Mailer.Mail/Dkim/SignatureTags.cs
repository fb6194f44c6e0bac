using System.Globalization;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>The tags of a DKIM-Signature that has been found usable (RFC 6376 §6.1.1).</summary>
internal sealed record SignatureTags(string Domain, string Selector, string[] SignedNames, byte[] BodyHash, byte[] Signature, bool RelaxedHeaders, bool RelaxedBody)
{
    /// <summary>Reads the tags; on failure the reason.</summary>
    public static (SignatureTags? Tags, string Problem) Read(TagList tags, DateTimeOffset now)
    {
        if (tags["v"] != "1")
            return (null, "the signature is not of version 1");
        if (tags["a"] != "rsa-sha256")
            return (null, $"the algorithm “{tags["a"]}” is not accepted, only rsa-sha256");
        if (tags["l"] is not null)
            return (null, "the signature covers only a part of the body (l=)");
        if (tags["d"] is not { Length: > 0 } domain || tags["s"] is not { Length: > 0 } selector)
            return (null, "the signature names no domain or selector");
        if (tags.Compact("i") is { } identity && !IsWithin(identity, domain))
            return (null, "the identity (i=) is outside the domain (d=)");
        if (long.TryParse(tags["x"], CultureInfo.InvariantCulture, out var expires) && expires < now.ToUnixTimeSeconds())
            return (null, "the signature has expired");
        if (Canonicalization(tags.Compact("c")) is not { } relaxed)
            return (null, "the canonicalisation is unknown");
        var names = tags.Compact("h")?.Split(':') ?? [];
        if (!names.Contains("From", StringComparer.OrdinalIgnoreCase))
            return (null, "the From header is not signed");
        if (Base64(tags.Compact("bh")) is not { } bodyHash || Base64(tags.Compact("b")) is not { } signature)
            return (null, "the signature or body hash is no base64");
        return (new SignatureTags(domain, selector, names, bodyHash, signature, relaxed.Headers, relaxed.Body), "");
    }

    public static byte[]? Base64(string? text)
    {
        var buffer = new byte[text?.Length ?? 0];
        return text is { Length: > 0 } && Convert.TryFromBase64String(text, buffer, out var written) ? buffer[..written] : null;
    }

    private static bool IsWithin(string identity, string domain)
    {
        var of = identity[(identity.LastIndexOf('@') + 1)..];
        return of.Equals(domain, StringComparison.OrdinalIgnoreCase) || of.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
    }

    private static (bool Headers, bool Body)? Canonicalization(string? c) => (c ?? "simple/simple") switch
    {
        "relaxed/relaxed" => (true, true),
        "relaxed" or "relaxed/simple" => (true, false),
        "simple/relaxed" => (false, true),
        "simple" or "simple/simple" => (false, false),
        _ => null,
    };
}
