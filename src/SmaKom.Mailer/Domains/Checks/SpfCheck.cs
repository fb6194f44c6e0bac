using System.Net;

namespace SmaKom.Mailer.Domains.Checks;

/// <summary>The SPF record of the return path's domain (RFC 7208), with all that it leads to.</summary>
public sealed class SpfCheck(DnsResolver dns)
{
    /// <summary>
    /// Mechanisms that make a receiver ask DNS, in all; and answers that hold nothing (§4.6.4). Beyond, SPF fails for every letter.
    /// </summary>
    public const int MostLookups = 10, MostVoid = 2;

    public async Task<IReadOnlyList<DomainVerdict>> FindAsync(SendingSetup setup)
    {
        var domain = setup.ReturnPath;
        var reply = await dns.TextsAsync(domain);
        if (reply.Outcome == DnsOutcome.Unanswered) return [DomainVerdict.Unknown(DomainArea.Spf, domain, domain)];
        if (reply.Outcome == DnsOutcome.NoName)
            return [DomainVerdict.Problem(DomainArea.Spf, "Spf.NoName", domain) with { Record = Suggested(setup) }];
        string[] records = [.. reply.Values.Where(SpfRecord.Is)];
        if (records.Length == 0) return [DomainVerdict.Problem(DomainArea.Spf, "Spf.Missing", domain) with { Record = Suggested(setup) }];
        var published = string.Join('\n', records);
        if (records.Length > 1)
            return [DomainVerdict.Problem(DomainArea.Spf, "Spf.Several", domain) with { Published = published, Record = Merged(domain, records) }];

        var walk = new SpfWalk(dns);
        await walk.FollowAsync(domain, records[0]);
        var found = Of(domain, records[0], walk);
        return [.. (found.Result == DomainResult.Ok ? [.. await CoverageAsync(setup, records[0]), found] : new[] { found })
            .Select(verdict => verdict with { Published = published })];
    }

    private static DomainVerdict Of(string domain, string text, SpfWalk walk) => walk switch
    {
        { Broken: { } broken } => DomainVerdict.Problem(DomainArea.Spf, broken.Kind, domain, broken.Name),
        { Lookups: > MostLookups } => DomainVerdict.Problem(DomainArea.Spf, "Spf.Lookups", domain, Number(walk.Lookups)),
        { Voids: > MostVoid } => DomainVerdict.Problem(DomainArea.Spf, "Spf.Void", domain, string.Join(", ", walk.VoidNames)),
        { OpenToAll: { } where } when where == domain =>
            DomainVerdict.Problem(DomainArea.Spf, "Spf.OpenToAll", domain) with { Record = new(domain, "TXT", Closed(text)) },
        { OpenToAll: { } where } => DomainVerdict.Problem(DomainArea.Spf, "Spf.OpenToAllBelow", domain, where),
        { Silent: { } name } => DomainVerdict.Unknown(DomainArea.Spf, domain, name),
        _ => DomainVerdict.Ok(DomainArea.Spf, "Spf.Ok", domain, Number(walk.Lookups)),
    };

    /// <summary>Whether the record lets the relays in. Known of those only that are named by a public address.</summary>
    private async Task<IReadOnlyList<DomainVerdict>> CoverageAsync(SendingSetup setup, string text)
    {
        var verdicts = new List<DomainVerdict>();
        foreach (var host in setup.RelayHosts)
        {
            var covered = IPAddress.TryParse(host, out var address) && IsPublic(address)
                ? await new SpfMatch(dns, address).MatchAsync(setup.ReturnPath, text) : SpfAnswer.Unknown;
            verdicts.Add(covered switch
            {
                SpfAnswer.Allowed => DomainVerdict.Ok(DomainArea.Spf, "Spf.Covers", setup.ReturnPath, host),
                SpfAnswer.NotAllowed => DomainVerdict.Problem(DomainArea.Spf, "Spf.NotCovered", setup.ReturnPath, host) with
                {
                    Record = new(setup.ReturnPath, "TXT", text.Trim().Insert("v=spf1".Length, $" {Mechanism(host)}")),
                },
                _ => new(DomainArea.Spf, DomainResult.Unknown, "Spf.RelayUnknown", setup.ReturnPath, [host]),
            });
        }

        return verdicts;
    }

    /// <summary>A relay on this machine or behind a firewall sends on from an address that we do not know.</summary>
    private static bool IsPublic(IPAddress address) => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6UniqueLocal
        && !Private.Any(network => network.Contains(address));

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("169.254.0.0/16"),
    ];

    private static DnsRecord Suggested(SendingSetup setup) =>
        new(setup.ReturnPath, "TXT", string.Join(' ', ["v=spf1", "mx", .. setup.RelayHosts.Select(Mechanism).OfType<string>(), "~all"]));

    /// <summary>What lets a relay in; null where its name says nothing to others.</summary>
    private static string? Mechanism(string host) => IPAddress.TryParse(host, out var address)
        ? !IsPublic(address) ? null : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? $"ip4:{host}" : $"ip6:{host}"
        : host.Contains('.', StringComparison.Ordinal) ? $"a:{host}" : null;

    /// <summary>All that any of them allows, in one.</summary>
    private static DnsRecord? Merged(string domain, string[] records)
    {
        var words = records.SelectMany(record => record.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        // Two ways on cannot be one record: somebody must choose.
        if (words.Exists(word => word.StartsWith("redirect=", StringComparison.OrdinalIgnoreCase))) return null;
        return new(domain, "TXT", string.Join(' ', ["v=spf1", .. words.Where(word => !IsAll(word)), "~all"]));
    }

    private static string Closed(string text) =>
        string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => IsAll(word) ? "~all" : word));

    private static bool IsAll(string word) => word.TrimStart('+', '-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase);

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
