using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>How we log in, and to whom a password is shown (RFC 4954).</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpAuthenticationTests(SmtpClientKind client) : SmtpOpeningFixture(client)
{
    [Test]
    public async Task Every_mechanism_authenticates_over_tls([Values] AuthMechanism mechanism, [Values] bool implicitTls)
    {
        // Passwords are Unicode; an access token is ASCII (RFC 6750 §2.1).
        var secret = mechanism == AuthMechanism.XOAuth2 ? "ya29.a0-token_" : Secret;
        await using var relay = new FakeRelay(Secure() with { ImplicitTls = implicitTls, AuthRequired = true, Password = secret });
        await using var connection = await Given.Transport(Client).ConnectAsync(
            Login(relay) with { Auth = mechanism, Password = secret, Tls = implicitTls ? TlsMode.Implicit : TlsMode.StartTls }, default);

        Assert.That((await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default)).Status, Is.EqualTo(SendStatus.Accepted));
    }

    [Test]
    public async Task Wrong_password_is_refused_by_every_mechanism_and_not_repeated([Values] AuthMechanism mechanism)
    {
        await using var relay = new FakeRelay(Secure());

        var failure = await FailureAsync(Login(relay) with { Auth = mechanism, Password = "fel" });

        Assert.That((failure.Kind, failure.Stage, failure.Reply!.Code), Is.EqualTo((RelayFailure.Authentication, "AUTH", 535)));
        Assert.That(failure.ToString(), Does.Not.Contain("fel\"").And.Not.Contain("AGZlbA=="));
        Assert.That(relay.Commands.Count(c => c.StartsWith("AUTH", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Strongest_mechanism_is_chosen()
    {
        await using var relay = new FakeRelay(Secure());
        await using var connection = await Given.Transport(Client).ConnectAsync(Login(relay), default);

        Assert.That(relay.Commands, Has.Some.StartsWith("AUTH SCRAM-SHA-256 "));
    }

    // An old server that knows only what MailKit knows beside the common ones.
    [TestCase("hemligt lösen", true)]
    [TestCase("fel", false)]
    public async Task A_mechanism_that_only_MailKit_knows_is_used_by_MailKit(string password, bool isRight)
    {
        await using var relay = new FakeRelay(Secure() with { AuthMechanisms = "CRAM-MD5 GSSAPI", AuthRequired = true });
        var endpoint = Login(relay) with { Password = password };
        if (Client == SmtpClientKind.MailKit && isRight)
        {
            await using var connection = await Given.Transport(Client).ConnectAsync(endpoint, default);
            Assert.That((await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default)).Status,
                Is.EqualTo(SendStatus.Accepted));
        }
        else
        {
            var failure = await FailureAsync(endpoint);
            Assert.That((failure.Kind, failure.Reply?.Code),
                Is.EqualTo((RelayFailure.Authentication, Client == SmtpClientKind.MailKit ? 535 : (int?)null)));
        }
    }

    [Test]
    public async Task A_mechanism_that_hides_the_password_goes_before_one_that_may_not_be_used()
    {
        await using var relay =
            new FakeRelay(new() { Username = "utskick", Password = Secret, AuthMechanisms = "PLAIN CRAM-MD5", AuthRequired = true });
        var endpoint = Login(relay) with { Tls = TlsMode.None };
        if (Client == SmtpClientKind.MailKit) await (await Given.Transport(Client).ConnectAsync(endpoint, default)).DisposeAsync();
        else Assert.That((await FailureAsync(endpoint)).Kind, Is.EqualTo(RelayFailure.Authentication));

        Assert.That(relay.Commands.Where(command => command.StartsWith("AUTH", StringComparison.Ordinal)),
            Is.EqualTo(Client == SmtpClientKind.MailKit ? new[] { "AUTH CRAM-MD5" } : []));
    }

    [TestCase(AuthMechanism.Plain)]
    [TestCase(AuthMechanism.Login)]
    [TestCase(AuthMechanism.XOAuth2)]
    public async Task Password_is_not_shown_without_tls(AuthMechanism mechanism)
    {
        await using var relay = new FakeRelay(new() { Username = "utskick", Password = Secret });

        var failure = await FailureAsync(Login(relay) with { Auth = mechanism, Tls = TlsMode.None });

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Authentication));
        Assert.That(relay.Commands, Has.None.StartsWith("AUTH"));
    }

    [Test]
    public async Task Password_may_be_shown_on_this_machine_when_allowed()
    {
        await using var relay = new FakeRelay(new() { Username = "utskick", Password = Secret, AuthMechanisms = "LOGIN" });

        await using var connection = await Given.Transport(Client)
            .ConnectAsync(Login(relay) with { Tls = TlsMode.None, AllowPlaintextAuth = true }, default);

        Assert.That(relay.Commands, Has.Some.EqualTo("AUTH LOGIN"));
    }

    [Test]
    public async Task Scram_needs_no_encryption()
    {
        await using var relay = new FakeRelay(new() { Username = "utskick", Password = Secret });

        await using var connection = await Given.Transport(Client).ConnectAsync(Login(relay) with { Tls = TlsMode.None }, default);

        Assert.That(connection.IsUsable, Is.True);
    }

    [Test]
    public void Endpoint_never_prints_its_password()
    {
        Assert.That(new RelayEndpoint { Host = "relay.example", Username = "utskick", Password = Secret }.ToString(), Does.Not.Contain(Secret));
    }
}
