namespace SmaKom.Mailer.Settings;

/// <summary>Domains that nobody can own.</summary>
public static class ReservedDomain
{
    private static readonly string[] Examples = [".example", ".example.com", ".example.net", ".example.org"];

    private static readonly string[] Local = [".test", ".invalid", ".localhost", ".local"];

    /// <summary>RFC 2606. A letter from one is refused everywhere.</summary>
    public static bool IsExample(string domain) => IsUnder(domain, Examples);

    /// <summary>
    /// The public DNS holds nothing of it and is not to be asked (RFC 6761, RFC 6762): an example, or a name of one machine or network.
    /// </summary>
    public static bool IsOutsideDns(string domain) => !domain.Contains('.', StringComparison.Ordinal) || IsExample(domain) || IsUnder(domain, Local);

    private static bool IsUnder(string domain, string[] reserved) =>
        reserved.Any(one => $".{domain}".EndsWith(one, StringComparison.OrdinalIgnoreCase));
}
