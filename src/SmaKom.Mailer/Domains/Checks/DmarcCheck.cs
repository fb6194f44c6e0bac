namespace SmaKom.Mailer.Domains.Checks;

/// <summary>The policy for the sender's domain, and whether the other domains of a letter belong to it (RFC 9989 §4.4).</summary>
public sealed class DmarcCheck(DnsResolver dns)
{
    public async Task<IReadOnlyList<DomainVerdict>> FindAsync(SendingSetup setup)
    {
        var from = await DmarcTree.WalkAsync(dns, setup.From);
        var verdicts = new List<DomainVerdict> { PolicyOf(setup, from), await ReturnPathAsync(setup, from) };
        if (setup.Signing is { } key) verdicts.Add(await SignatureAsync(key, from));
        return verdicts;
    }

    private static DomainVerdict PolicyOf(SendingSetup setup, DmarcTree tree)
    {
        var name = $"_dmarc.{setup.From}";
        var suggested = new DnsRecord(name, "TXT", $"v=DMARC1; p=none; rua=mailto:{setup.Reports}");
        if (tree.HasSeveral) return DomainVerdict.Problem(DomainArea.Dmarc, "Dmarc.Several", setup.From, name) with { Record = suggested };
        if (tree.Silent is { } silent && tree.Records.All(record => record.Domain != setup.From))
            return DomainVerdict.Unknown(DomainArea.Dmarc, setup.From, silent);
        if (tree.Policy is not { } record)
            return DomainVerdict.Problem(DomainArea.Dmarc, "Dmarc.Missing", setup.From, name) with { Record = suggested };
        var policy = PolicyFor(setup.From, record);
        var found = (policy, record["rua"]) switch
        {
            (null, _) => DomainVerdict.Problem(DomainArea.Dmarc, "Dmarc.Syntax", setup.From, $"_dmarc.{record.Domain}") with { Record = suggested },
            (_, null or "") => DomainVerdict.Ok(DomainArea.Dmarc, "Dmarc.NoReports", setup.From, policy) with
            {
                Record = new($"_dmarc.{record.Domain}", "TXT", $"{record.Text.TrimEnd(' ', ';')}; rua=mailto:{setup.Reports}"),
            },
            ("none", _) => DomainVerdict.Ok(DomainArea.Dmarc, "Dmarc.None", setup.From),
            _ => DomainVerdict.Ok(DomainArea.Dmarc, "Dmarc.Ok", setup.From, policy),
        };
        return found with { Published = record.Text };
    }

    /// <summary>Null: none that receivers know. A record without a policy means none (§4.7).</summary>
    private static string? PolicyFor(string domain, DmarcRecord record) =>
        ((record.Domain == domain ? null : record["sp"]) ?? record["p"] ?? "none") is ("none" or "quarantine" or "reject") and var policy
            ? policy : null;

    private async Task<DomainVerdict> ReturnPathAsync(SendingSetup setup, DmarcTree from) =>
        await BelongsAsync(setup.ReturnPath, from, "aspf") switch
        {
            null => DomainVerdict.Unknown(DomainArea.Alignment, setup.ReturnPath, from.Silent ?? setup.ReturnPath),
            true => DomainVerdict.Ok(DomainArea.Alignment, "Alignment.ReturnPath.Ok", setup.ReturnPath, setup.From),
            false => DomainVerdict.Problem(DomainArea.Alignment, "Alignment.ReturnPath", setup.ReturnPath, setup.From),
        };

    private async Task<DomainVerdict> SignatureAsync(SigningKey key, DmarcTree from) =>
        await BelongsAsync(key.Domain, from, "adkim") switch
        {
            null => DomainVerdict.Unknown(DomainArea.Alignment, key.Domain, from.Silent ?? key.Domain),
            true => DomainVerdict.Ok(DomainArea.Alignment, "Alignment.Dkim.Ok", key.Domain, from.Domain),
            false => DomainVerdict.Problem(DomainArea.Alignment, "Alignment.Dkim", key.Domain, from.Domain),
        };

    /// <summary>The same domain always does; another when it is of the same organisation, unless the policy says strictly. Null: not known.</summary>
    private async Task<bool?> BelongsAsync(string domain, DmarcTree from, string mode)
    {
        if (domain == from.Domain) return true;
        if (from.Policy?[mode] == "s") return false;
        var other = await DmarcTree.WalkAsync(dns, domain);
        if (other.Organisation == from.Organisation && other.Organisation != domain) return true;
        return from.Silent is null && other.Silent is null ? other.Organisation == from.Organisation : null;
    }
}
