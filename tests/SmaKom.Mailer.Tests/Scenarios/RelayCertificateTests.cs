using System.Security.Cryptography.X509Certificates;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// A relay whose certificate is not its own, or has run out: it gets no password and no letter, and nobody is marked but the relay.
/// </summary>
public sealed class RelayCertificateTests
{
    [TestCase("expired", false)]
    [TestCase("wrong name", false)]
    [TestCase("expired", true)]
    [TestCase("wrong name", true)]
    public async Task The_relay_is_marked_and_the_letters_go_out_once_it_is_mended(string fault, bool implicitTls)
    {
        using var certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        var rootsFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(rootsFile, certificates.Authority.ExportCertificatePem());
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(10);
        var issue = await database.IssueAsync(queued: true);
        X509Certificate2 bad = fault == "expired" ? certificates.Expired() : certificates.WrongName();
        await using var relay =
            new FakeRelay(new() { Certificate = bad, ImplicitTls = implicitTls, Username = "smakom", Password = "hemligt", AuthRequired = true });
        await using var host = await TestHost.StartAsync(database,
        [
            .. Given.Relay(relay), ("Smtp:Tls", implicitTls ? "Implicit" : "StartTls"), ("Smtp:TrustedRootsFile", rootsFile),
            ("Smtp:Username", "smakom"), ("Smtp:Password", "hemligt"),
            ("Smtp:LongestBackOff", "00:00:00.3"),
        ]);

        await host.PlanAsync();
        await database.UntilAsync("SELECT bool_or(last_failure_at IS NOT NULL) FROM relay");
        var stopped = await database.UntilAsync(issue, r => r.Sending == 0);
        Assert.That((stopped.Waiting, relay.Messages.Count), Is.EqualTo((10, 0)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE attempts > 0"), Is.Zero, "no person is marked");
        Assert.That(relay.Commands, Has.None.StartsWith("AUTH").And.None.StartsWith("MAIL"), "neither password nor letter");
        Assert.That(await database.ScalarAsync<string>("SELECT last_failure FROM relay"), Does.Contain("127.0.0.1"));

        relay.Options = relay.Options with { Certificate = certificates.Good() };
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That(receipt.Accepted, Is.EqualTo(10));
        await Books.AssertBalancedAsync(database, issue, relay);
        File.Delete(rootsFile);
    }
}
