namespace SmaKom.Mailer.Domains.Checks;

public enum DnsOutcome
{
    Found,
    /// <summary>The name exists and has no record of the kind that was asked for (NODATA, RFC 2308 §2.2).</summary>
    Empty,
    /// <summary>There is no such name (NXDOMAIN).</summary>
    NoName,
    /// <summary>Nobody answered in time, or with a failure: nothing is known.</summary>
    Unanswered,
}

/// <summary>What DNS said of a name.</summary>
/// <param name="Values">Texts, hosts or addresses; empty unless something was found.</param>
public sealed record DnsReply(DnsOutcome Outcome, IReadOnlyList<string> Values)
{
    /// <summary>An answer that holds nothing: what RFC 7208 §4.6.4 calls a void lookup.</summary>
    public bool IsVoid => Outcome is DnsOutcome.Empty or DnsOutcome.NoName;

    public static DnsReply Without(DnsOutcome outcome) => new(outcome, []);
}
