namespace SmaKom.Mailer.Domains.Checks;

/// <summary>
/// Follows an SPF record to all that it leads to, and counts as a receiver does that no earlier mechanism has satisfied: the most that any
/// letter makes it ask (RFC 7208 §4.6.4).
/// </summary>
internal sealed class SpfWalk(DnsResolver dns)
{
    /// <summary>Receivers have given up long before; a record that leads to itself ends here.</summary>
    private const int Enough = 3 * SpfCheck.MostLookups;

    /// <summary>Names that one mx may have (§4.6.4).</summary>
    private const int MostMailServers = 10;

    public int Lookups { get; private set; }

    public int Voids => VoidNames.Count;

    public List<string> VoidNames { get; } = [];

    /// <summary>What makes it fail for every letter (permerror, §2.6.7): key of the words, and where or which word.</summary>
    public (string Kind, string Name)? Broken { get; private set; }

    /// <summary>The domain whose record ends with +all.</summary>
    public string? OpenToAll { get; private set; }

    /// <summary>The name that nobody answered for.</summary>
    public string? Silent { get; private set; }

    public async Task FollowAsync(string domain, string text)
    {
        if (SpfRecord.Parse(text, out var wrong) is not { } record)
        {
            Broken ??= ("Spf.Syntax", wrong);
            return;
        }

        foreach (var mechanism in record.Reached)
        {
            if (Lookups > Enough) return;
            if (mechanism is { Name: "all", Qualifier: '+' }) OpenToAll ??= domain;
            if (mechanism.Name is "include" or "a" or "mx" or "ptr" or "exists") Lookups++;
            if (mechanism.HasMacro) continue;
            var target = mechanism.Argument == "" ? domain : mechanism.Argument;
            if (mechanism.Name == "include") await LeadAsync(target);
            else if (mechanism.Name is "a" or "exists") Count(target, await dns.AddressesAsync(target));
            else if (mechanism.Name == "mx") await MailServersAsync(target);
        }

        if (record.FollowedRedirect is not { } redirect || Lookups > Enough) return;
        Lookups++;
        if (!redirect.Contains('%', StringComparison.Ordinal)) await LeadAsync(redirect);
    }

    /// <summary>Into another domain's record, without which this one fails (§5.2, §6.1).</summary>
    private async Task LeadAsync(string domain)
    {
        var reply = await dns.TextsAsync(domain);
        Count(domain, reply);
        if (reply.Outcome == DnsOutcome.Unanswered) return;
        string[] records = [.. reply.Values.Where(SpfRecord.Is)];
        if (records.Length == 1) await FollowAsync(domain, records[0]);
        else Broken ??= (records.Length == 0 ? "Spf.IncludeMissing" : "Spf.IncludeSeveral", domain);
    }

    private async Task MailServersAsync(string domain)
    {
        var reply = await dns.MailServersAsync(domain);
        Count(domain, reply);
        if (reply.Values.Count > MostMailServers) Broken ??= ("Spf.MailServers", domain);
    }

    private void Count(string name, DnsReply reply)
    {
        if (reply.IsVoid) VoidNames.Add(name);
        else if (reply.Outcome == DnsOutcome.Unanswered) Silent ??= name;
    }
}
