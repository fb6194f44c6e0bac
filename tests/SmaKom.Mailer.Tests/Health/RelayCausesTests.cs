using System.Globalization;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Tests.Support;

using Mails = SmaKom.Mailer.Tests.Mail.Smtp.Given;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>From the cause to the sentence: what a relay does, the finding that is made of it, and what is to be done, in both languages.</summary>
public sealed class RelayCausesTests : CheckupFixture
{
    private FakeRelayCertificates certificates = null!;

    [OneTimeSetUp]
    public void Issue() => certificates = new(TimeProvider.System.GetUtcNow());

    [OneTimeTearDown]
    public void Forget() => certificates.Dispose();

    [TestCase(SmtpClientKind.MailKit)]
    [TestCase(SmtpClientKind.Pipelined)]
    public async Task Each_cause_has_its_own_words(SmtpClientKind client)
    {
        var encrypted = new FakeRelayOptions { Certificate = certificates.Good() };
        (string Cause, FakeRelayOptions Relay, TlsMode Tls, FindingKind Kind, string Swedish, string English)[] table =
        [
            ("530 at MAIL", Says("MAIL", "530 5.7.0 Must issue a STARTTLS command first"), TlsMode.None, FindingKind.RelayWantsTls,
                "Tls till StartTls", "Tls to StartTls"),
            ("530 at EHLO", Says("EHLO", "530 5.7.0 Must issue a STARTTLS command first"), TlsMode.None, FindingKind.RelayWantsTls,
                "Tls till StartTls", "Tls to StartTls"),
            ("530 for a login", Says("MAIL", "530 5.7.0 Authentication required"), TlsMode.None, FindingKind.RelayPassword, "Smtp__Password",
                "Smtp__Password"),
            ("554 at the greeting", Says("connect", "554 5.7.1 You are not welcome"), TlsMode.None, FindingKind.RelayUnwelcome, "IP-adress",
                "IP address"),
            ("return path refused", Says("MAIL", "550 5.7.1 Sender address rejected"), TlsMode.None, FindingKind.RelaySender, "ReturnPathDomain",
                "ReturnPathDomain"),
            ("STARTTLS on an implicit port", encrypted with { ImplicitTls = true }, TlsMode.StartTls, FindingKind.RelayTlsFromStart,
                "Tls till Implicit", "Tls to Implicit"),
            ("implicit on a STARTTLS port", encrypted, TlsMode.Implicit, FindingKind.RelayTlsAfterGreeting, "Tls till StartTls", "Tls to StartTls"),
            ("old TLS only, STARTTLS", encrypted with { OnlyOldTls = true }, TlsMode.StartTls, FindingKind.RelayTlsOld, "uppdatera dess TLS",
                "TLS up to date"),
            ("old TLS only, implicit", encrypted with { OnlyOldTls = true, ImplicitTls = true }, TlsMode.Implicit, FindingKind.RelayTlsOld,
                "uppdatera dess TLS", "TLS up to date"),
            ("no STARTTLS", new(), TlsMode.StartTls, FindingKind.RelayOffersNoTls, "587", "587"),
            ("certificate of nobody", encrypted, TlsMode.StartTls, FindingKind.RelayCertificate, "certifikat", "certificate"),
            ("451 at the greeting", Says("connect", "451 4.3.2 Later"), TlsMode.None, FindingKind.RelayFailing, "Vänta", "Wait"),
        ];
        await using var host = await StartCommandsAsync();
        foreach (var (cause, options, tls, kind, swedish, english) in table)
        {
            await using var relay = new FakeRelay(options);
            await host.Get<RelayDirectory>().MarkFailedAsync(1, await FailureAsync(client, relay, tls), default);
            var found = (await host.Get<Checkup>().LookAsync(default))
                .Where(finding => $"{finding.Kind}".StartsWith("Relay", StringComparison.Ordinal)).ToList();

            Assert.That(found.Select(finding => finding.Kind), Is.EqualTo(new[] { kind }), cause);
            Assert.That(Remedy(host, found[0], "sv"), Does.Contain(swedish), cause);
            Assert.That(Remedy(host, found[0], "en"), Does.Contain(english), cause);
        }
    }

    [Test]
    public async Task A_relay_that_puts_everybody_off_is_told()
    {
        await Database.SubscribersAsync(5, "tempfail");
        await using var host = await StartAsync(("Dispatch:RetryAfter:0", "01:00:00"));
        var issue = await Database.IssueAsync(queued: true);
        await host.PlanAsync();
        await Database.UntilAsync(issue, receipt => receipt.Deferred == 5);

        var told = (await host.Get<Checkup>().LookAsync(default)).Single();

        Assert.That((told.Kind, told.Facts[1], told.Facts[2]), Is.EqualTo((FindingKind.LettersPutOff, (object)5L, (object)"450 4.2.1")));
        Assert.That(Remedy(host, told, "sv"), Does.Contain("grålistning"));
        Assert.That(Remedy(host, told, "en"), Does.Contain("greylisting"));
    }

    private static FakeRelayOptions Says(string at, string reply) => new() { Faults = [new(at, FakeRelayAct.Answer, Reply: reply)] };

    private static async Task<RelayException> FailureAsync(SmtpClientKind client, FakeRelay relay, TlsMode tls)
    {
        try
        {
            var endpoint = Mails.Endpoint(relay) with { Tls = tls, Timeouts = new SmtpTimeouts { Greeting = TimeSpan.FromMilliseconds(300) } };
            await using var connection = await Mails.Transport(client).ConnectAsync(endpoint, default);
            var result = await connection.SendAsync(Mails.Letter("anna@example.org"), Mails.Yes, null, default);
            throw new AssertionException($"The relay did not fail: {result}");
        }
        catch (RelayException e)
        {
            return e;
        }
    }

    private static string Remedy(TestHost host, Finding finding, string language)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return host.Get<FindingTexts>().Of(finding).Do;
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
