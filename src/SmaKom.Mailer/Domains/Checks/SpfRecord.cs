using System.Net;
using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Domains.Checks;

/// <summary>One of the mechanisms of an SPF record (RFC 7208 §5).</summary>
/// <param name="Qualifier">+ - ~ or ?</param>
/// <param name="Argument">A domain, or of ip4 and ip6 a network; empty: the record's own domain.</param>
/// <param name="Prefix4">Bits of an IPv4 address that count, for a and mx; so for IPv6.</param>
internal sealed record SpfMechanism(char Qualifier, string Name, string Argument, int Prefix4, int Prefix6)
{
    /// <summary>It is filled in with the sender's address by whoever asks (§7): nothing that can be asked here.</summary>
    public bool HasMacro => Argument.Contains('%', StringComparison.Ordinal);
}

/// <summary>An SPF record, read (RFC 7208 §4.5, §12).</summary>
internal sealed partial record SpfRecord(string Text, IReadOnlyList<SpfMechanism> Mechanisms, string? Redirect)
{
    /// <summary>A text is one by its first word alone.</summary>
    public static bool Is(string text) => Version().IsMatch(text);

    /// <summary>What counts: nothing after <c>all</c> is ever looked at (§5.1).</summary>
    public IEnumerable<SpfMechanism> Reached
    {
        get
        {
            foreach (var mechanism in Mechanisms)
            {
                yield return mechanism;
                if (mechanism.Name == "all") yield break;
            }
        }
    }

    /// <summary>Where <c>all</c> stands, <c>redirect=</c> is ignored (§6.1).</summary>
    public string? FollowedRedirect => Mechanisms.Any(mechanism => mechanism.Name == "all") ? null : Redirect;

    /// <param name="wrong">The word that cannot be read.</param>
    public static SpfRecord? Parse(string text, out string wrong)
    {
        var mechanisms = new List<SpfMechanism>();
        string? redirect = null;
        wrong = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (Modifier().Match(word) is { Success: true } modifier)
            {
                if (!modifier.Groups[1].Value.Equals("redirect", StringComparison.OrdinalIgnoreCase)) continue;
                if (redirect is not null || modifier.Groups[2].Length == 0) wrong = word;
                redirect = modifier.Groups[2].Value.ToLowerInvariant();
            }
            else if (Read(word) is { } mechanism) mechanisms.Add(mechanism);
            else wrong = word;
            if (wrong != "") return null;
        }

        return new(text, mechanisms, redirect);
    }

    private static SpfMechanism? Read(string word)
    {
        if (Mechanism().Match(word) is not { Success: true } match) return null;
        var (name, argument) = (match.Groups[2].Value.ToLowerInvariant(), match.Groups[3].Value.ToLowerInvariant());
        var (four, six) = (Bits(match.Groups[4].Value, 32), Bits(match.Groups[5].Value, 128));
        var sound = name switch
        {
            "all" => argument == "" && match.Groups[4].Length + match.Groups[5].Length == 0,
            "include" or "exists" => argument != "" && match.Groups[4].Length + match.Groups[5].Length == 0,
            "ip4" or "ip6" => Network(name, argument + match.Groups[4].Value) is not null && match.Groups[5].Length == 0,
            _ => four >= 0 && six >= 0,
        };
        if (name is "ip4" or "ip6") argument += match.Groups[4].Value;
        return sound ? new(match.Groups[1].Length == 0 ? '+' : match.Groups[1].ValueSpan[0], name, argument, four, six) : null;
    }

    /// <summary>Null: it is none of that kind.</summary>
    public static IPNetwork? Network(string name, string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (address, bits) = slash < 0 ? (text, "") : (text.Remove(slash), text.Remove(0, slash));
        if (!IPAddress.TryParse(address, out var parsed)) return null;
        var longest = name == "ip4" ? 32 : 128;
        var prefix = Bits(bits, longest);
        if (prefix < 0 || parsed.GetAddressBytes().Length * 8 != longest) return null;
        return Covering(parsed, prefix);
    }

    /// <summary>The network of so many bits that the address is in.</summary>
    public static IPNetwork Covering(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(new IPAddress(bytes), prefix);
    }

    private static int Bits(string slashed, int longest) => slashed == "" ? longest
        : int.TryParse(slashed.TrimStart('/'), out var bits) && bits <= longest ? bits : -1;

    [GeneratedRegex("^v=spf1( |$)", RegexOptions.IgnoreCase)]
    private static partial Regex Version();

    [GeneratedRegex(@"^([a-z][a-z0-9._-]*)=(\S*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Modifier();

    [GeneratedRegex(@"^([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/\s]+))?(/\d{1,3})?(//\d{1,3})?$", RegexOptions.IgnoreCase)]
    private static partial Regex Mechanism();
}
