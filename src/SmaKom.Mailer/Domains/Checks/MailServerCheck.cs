namespace SmaKom.Mailer.Domains.Checks;

/// <summary>Whether mail reaches the domains that answers and bounces go to (RFC 5321 §5.1).</summary>
public sealed class MailServerCheck(DnsResolver dns)
{
    public async Task<IReadOnlyList<DomainVerdict>> FindAsync(SendingSetup setup)
    {
        var from = await OfAsync(setup.From, "Mail.From", null);
        if (setup.ReturnPath == setup.From) return [await OfAsync(setup.From, "Mail.ReturnPath", null)];
        // What takes mail for the sender most often takes it for the bounces, too.
        var servers = (await dns.MailServersAsync(setup.From)).Values;
        return [from, await OfAsync(setup.ReturnPath, "Mail.ReturnPath", servers.FirstOrDefault(server => server != "."))];
    }

    /// <param name="whose">Beginning of the words' key.</param>
    /// <param name="other">A mail server that could be named here.</param>
    private async Task<DomainVerdict> OfAsync(string domain, string whose, string? other)
    {
        var reply = await dns.MailServersAsync(domain);
        if (reply.Outcome == DnsOutcome.Unanswered) return DomainVerdict.Unknown(DomainArea.Mail, domain, domain);
        var record = other is null ? null : new DnsRecord(domain, "MX", $"10 {other}.");
        if (reply.Outcome == DnsOutcome.NoName) return DomainVerdict.Problem(DomainArea.Mail, $"{whose}.NoName", domain) with { Record = record };
        if (reply.Values is ["."])
            return DomainVerdict.Problem(DomainArea.Mail, $"{whose}.TakesNone", domain) with { Published = "0 .", Record = record };
        // Without MX the domain's own address takes its mail.
        var servers = reply.Outcome == DnsOutcome.Empty ? [domain] : reply.Values;
        var addresses = await Task.WhenAll(servers.Select(dns.AddressesAsync));
        var names = string.Join(", ", servers);
        if (addresses.Any(one => one.Outcome == DnsOutcome.Found)) return DomainVerdict.Ok(DomainArea.Mail, $"{whose}.Ok", domain, names);
        if (addresses.Any(one => one.Outcome == DnsOutcome.Unanswered)) return DomainVerdict.Unknown(DomainArea.Mail, domain, names);
        return reply.Outcome == DnsOutcome.Empty ? DomainVerdict.Problem(DomainArea.Mail, $"{whose}.Missing", domain) with { Record = record }
            : DomainVerdict.Problem(DomainArea.Mail, $"{whose}.NoAddress", domain, names) with { Record = record };
    }
}
