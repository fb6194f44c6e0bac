using System.Net;

namespace SmaKom.Mailer.Domains.Checks;

/// <summary>All checks at once.</summary>
public static class DomainExamination
{
    /// <param name="servers">Null: the system's name servers.</param>
    /// <param name="limit">What is not answered by then is unknown.</param>
    public static async Task<IReadOnlyList<DomainVerdict>> RunAsync(
        SendingSetup setup, IReadOnlyList<IPEndPoint>? servers, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(limit, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        var dns = new DnsResolver(servers, deadline.Token);
        var found = await Task.WhenAll(new SpfCheck(dns).FindAsync(setup), new DkimCheck(dns).FindAsync(setup.Signing),
            new DmarcCheck(dns).FindAsync(setup), new MailServerCheck(dns).FindAsync(setup));
        ct.ThrowIfCancellationRequested();
        return [.. found.SelectMany(verdicts => verdicts), Https(setup)];
    }

    private static DomainVerdict Https(SendingSetup setup) => setup.IsHttps ? DomainVerdict.Ok(DomainArea.Https, "Https.Ok", setup.From)
        : DomainVerdict.Problem(DomainArea.Https, "Https.Missing", setup.From);
}
