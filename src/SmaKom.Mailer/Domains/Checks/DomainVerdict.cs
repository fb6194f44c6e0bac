namespace SmaKom.Mailer.Domains.Checks;

/// <summary>What a domain is looked at for. The order is the page's.</summary>
public enum DomainArea { Spf, Dkim, Dmarc, Alignment, Mail, Https }

public enum DomainResult
{
    Ok,
    Problem,
    /// <summary>DNS did not say, or cannot. Never taken for well.</summary>
    Unknown,
}

/// <summary>A record to publish in DNS, as its fields stand in a form.</summary>
/// <param name="Type">TXT or MX.</param>
public sealed record DnsRecord(string Name, string Type, string Value);

/// <summary>What was found of one domain in one respect.</summary>
/// <param name="Kind">Key in <c>DomainWords.resx</c>: what is so; with <c>.Do</c> after it, what to do about a problem.</param>
/// <param name="Domain">{0} of the words.</param>
/// <param name="Facts">{1} and on.</param>
/// <param name="Published">What DNS holds now, as it stands there; null: nothing.</param>
/// <param name="Record">What to publish in its place; null: the words say all that can be said.</param>
public sealed record DomainVerdict(
    DomainArea Area, DomainResult Result, string Kind, string Domain, IReadOnlyList<string> Facts, string? Published = null, DnsRecord? Record = null)
{
    /// <summary>Name servers were asked and did not answer.</summary>
    public const string Unanswered = "Unanswered";

    public static DomainVerdict Ok(DomainArea area, string kind, string domain, params string[] facts) =>
        new(area, DomainResult.Ok, kind, domain, facts);

    public static DomainVerdict Problem(DomainArea area, string kind, string domain, params string[] facts) =>
        new(area, DomainResult.Problem, kind, domain, facts);

    public static DomainVerdict Unknown(DomainArea area, string domain, string name) =>
        new(area, DomainResult.Unknown, Unanswered, domain, [name]);
}
