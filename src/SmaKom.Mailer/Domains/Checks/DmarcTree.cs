namespace SmaKom.Mailer.Domains.Checks;

/// <summary>A DMARC policy record (RFC 9989 §4.7).</summary>
/// <param name="Domain">Whose it is: without <c>_dmarc.</c></param>
internal sealed record DmarcRecord(string Domain, string Text, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Null: it is no record of this version.</summary>
    public static DmarcRecord? Parse(string domain, string text) =>
        TagList.Parse(text) is { } tags && tags.Count > 0 && tags[0] is { Key: "v", Value: "DMARC1" }
            ? new(domain, text, tags.ToDictionary(tag => tag.Key, tag => tag.Value.ToLowerInvariant())) : null;

    public string? this[string tag] => Tags.GetValueOrDefault(tag);
}

/// <summary>What stands in DNS from a domain upwards (RFC 9989 §4.10), which took the place of a list of public suffixes.</summary>
/// <param name="Records">From the domain itself upwards.</param>
/// <param name="HasSeveral">The domain itself has more than one, and receivers drop them all.</param>
/// <param name="Silent">The name that nobody answered for; what is above it may be missing.</param>
internal sealed record DmarcTree(string Domain, IReadOnlyList<DmarcRecord> Records, bool HasSeveral, string? Silent)
{
    /// <summary>Queries for one domain, however long its name.</summary>
    private const int MostQueries = 8;

    public static async Task<DmarcTree> WalkAsync(DnsResolver dns, string domain)
    {
        var records = new List<DmarcRecord>();
        var (several, silent) = (false, (string?)null);
        foreach (var name in Names(domain))
        {
            var reply = await dns.TextsAsync($"_dmarc.{name}");
            if (reply.Outcome == DnsOutcome.Unanswered) silent ??= $"_dmarc.{name}";
            List<DmarcRecord> found = [.. reply.Values.Select(text => DmarcRecord.Parse(name, text)).OfType<DmarcRecord>()];
            several |= name == domain && found.Count > 1;
            if (found is not [var only]) continue;
            records.Add(only);
            if (only["psd"] is "y" or "n") break;
        }

        return new(domain, records, several, silent);
    }

    /// <summary>The domain, then each above it; of very long names those of seven labels and fewer.</summary>
    internal static IEnumerable<string> Names(string domain)
    {
        var labels = domain.Split('.');
        yield return domain;
        for (var left = Math.Min(labels.Length - 1, MostQueries - 1); left > 0; left--) yield return string.Join('.', labels[^left..]);
    }

    /// <summary>The record of the domain itself, and of the organisation, or of the registry above it, where it has none (§4.10.1).</summary>
    public DmarcRecord? Policy => Records.FirstOrDefault(record => record.Domain == Domain)
        ?? Records.FirstOrDefault(record => record.Domain == Organisation) ?? Records.LastOrDefault(record => record["psd"] == "y");

    /// <summary>The organisational domain (§4.10.2): two domains belong together when they have the same.</summary>
    public string Organisation =>
        Records.FirstOrDefault(record => record["psd"] == "n")?.Domain
        ?? Records.Where(record => record["psd"] == "y" && record.Domain != Domain).Select(Below).FirstOrDefault()
        ?? Records.MinBy(record => record.Domain.Count(letter => letter == '.'))?.Domain
        ?? Domain;

    private string Below(DmarcRecord registry)
    {
        var labels = Domain.Split('.');
        return string.Join('.', labels[^(registry.Domain.Split('.').Length + 1)..]);
    }
}
