using System.Net;

namespace SmaKom.Mailer.Domains.Checks;

internal enum SpfAnswer { Allowed, NotAllowed, Unknown }

/// <summary>Whether a record lets an address send (RFC 7208 §4.6): the first mechanism that matches decides.</summary>
internal sealed class SpfMatch(DnsResolver dns, IPAddress address)
{
    private int deep;

    public async Task<SpfAnswer> MatchAsync(string domain, string text) => await ResultAsync(domain, text) switch
    {
        '+' => SpfAnswer.Allowed,
        null => SpfAnswer.Unknown,
        _ => SpfAnswer.NotAllowed,
    };

    /// <summary>The qualifier that decides; ? where none matches (neutral, §4.7), null where it cannot be told.</summary>
    private async Task<char?> ResultAsync(string domain, string text)
    {
        if (++deep > SpfCheck.MostLookups + 1 || SpfRecord.Parse(text, out _) is not { } record) return null;
        foreach (var mechanism in record.Reached)
        {
            if (await MatchesAsync(domain, mechanism) is not { } matches) return null;
            if (matches) return mechanism.Qualifier;
        }

        return record.FollowedRedirect is not { } redirect ? '?' : await LedAsync(redirect);
    }

    private async Task<bool?> MatchesAsync(string domain, SpfMechanism mechanism)
    {
        if (mechanism.HasMacro) return null;
        var target = mechanism.Argument == "" ? domain : mechanism.Argument;
        return mechanism.Name switch
        {
            "all" => true,
            "ip4" or "ip6" => SpfRecord.Network(mechanism.Name, mechanism.Argument)?.Contains(address),
            "a" => Holds(await dns.AddressesAsync(target), mechanism),
            "mx" => await MailServersAsync(target, mechanism),
            "include" => await LedAsync(target) is { } led ? led == '+' : null,
            // ptr asks for the address's own name, exists for the sender's data.
            _ => null,
        };
    }

    private async Task<char?> LedAsync(string domain)
    {
        if (domain.Contains('%', StringComparison.Ordinal)) return null;
        return (await dns.TextsAsync(domain)).Values.Where(SpfRecord.Is).ToList() is [var only] ? await ResultAsync(domain, only) : null;
    }

    private async Task<bool?> MailServersAsync(string domain, SpfMechanism mechanism)
    {
        var servers = await dns.MailServersAsync(domain);
        bool? found = servers.Outcome == DnsOutcome.Unanswered ? null : false;
        foreach (var server in servers.Values)
        {
            var one = Holds(await dns.AddressesAsync(server), mechanism);
            if (one == true) return true;
            if (one is null) found = null;
        }

        return found;
    }

    private bool? Holds(DnsReply reply, SpfMechanism mechanism) => reply.Outcome == DnsOutcome.Unanswered ? null
        : reply.Values.Select(IPAddress.Parse).Any(one => one.AddressFamily == address.AddressFamily
            && SpfRecord.Covering(one, one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? mechanism.Prefix4 : mechanism.Prefix6)
                .Contains(address));
}
