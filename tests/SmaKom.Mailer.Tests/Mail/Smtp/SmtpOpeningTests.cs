using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>From the connection to the end of AUTH.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpOpeningTests(SmtpClientKind client)
{
    private const string Secret = "hemligt lösen";
    private FakeRelayCertificates certificates = null!;

    [OneTimeSetUp]
    public void MakeCertificates() => certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());

    [OneTimeTearDown]
    public void Forget() => certificates.Dispose();

    [Test]
    public async Task Every_mechanism_authenticates_over_tls([Values] AuthMechanism mechanism, [Values] bool implicitTls)
    {
        // Passwords are Unicode; an access token is ASCII (RFC 6750 §2.1).
        var secret = mechanism == AuthMechanism.XOAuth2 ? "ya29.a0-token_" : Secret;
        await using var relay = new FakeRelay(Secure() with { ImplicitTls = implicitTls, AuthRequired = true, Password = secret });
        await using var connection = await Given.Transport(client).ConnectAsync(
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
        await using var connection = await Given.Transport(client).ConnectAsync(Login(relay), default);

        Assert.That(relay.Commands, Has.Some.StartsWith("AUTH SCRAM-SHA-256 "));
    }

    // An old server that knows only what MailKit knows beside the common ones.
    [TestCase("hemligt lösen", true)]
    [TestCase("fel", false)]
    public async Task A_mechanism_that_only_MailKit_knows_is_used_by_MailKit(string password, bool isRight)
    {
        await using var relay = new FakeRelay(Secure() with { AuthMechanisms = "CRAM-MD5 GSSAPI", AuthRequired = true });
        var endpoint = Login(relay) with { Password = password };
        if (client == SmtpClientKind.MailKit && isRight)
        {
            await using var connection = await Given.Transport(client).ConnectAsync(endpoint, default);
            Assert.That((await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default)).Status,
                Is.EqualTo(SendStatus.Accepted));
        }
        else
        {
            var failure = await FailureAsync(endpoint);
            Assert.That((failure.Kind, failure.Reply?.Code),
                Is.EqualTo((RelayFailure.Authentication, client == SmtpClientKind.MailKit ? 535 : (int?)null)));
        }
    }

    [Test]
    public async Task A_mechanism_that_hides_the_password_goes_before_one_that_may_not_be_used()
    {
        await using var relay =
            new FakeRelay(new() { Username = "utskick", Password = Secret, AuthMechanisms = "PLAIN CRAM-MD5", AuthRequired = true });
        var endpoint = Login(relay) with { Tls = TlsMode.None };
        if (client == SmtpClientKind.MailKit) await (await Given.Transport(client).ConnectAsync(endpoint, default)).DisposeAsync();
        else Assert.That((await FailureAsync(endpoint)).Kind, Is.EqualTo(RelayFailure.Authentication));

        Assert.That(relay.Commands.Where(command => command.StartsWith("AUTH", StringComparison.Ordinal)),
            Is.EqualTo(client == SmtpClientKind.MailKit ? new[] { "AUTH CRAM-MD5" } : []));
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

        await using var connection = await Given.Transport(client)
            .ConnectAsync(Login(relay) with { Tls = TlsMode.None, AllowPlaintextAuth = true }, default);

        Assert.That(relay.Commands, Has.Some.EqualTo("AUTH LOGIN"));
    }

    [Test]
    public async Task Scram_needs_no_encryption()
    {
        await using var relay = new FakeRelay(new() { Username = "utskick", Password = Secret });

        await using var connection = await Given.Transport(client).ConnectAsync(Login(relay) with { Tls = TlsMode.None }, default);

        Assert.That(connection.IsUsable, Is.True);
    }

    [Test]
    public async Task Missing_starttls_is_refused_when_required()
    {
        await using var relay = new FakeRelay();

        var failure = await FailureAsync(Given.Endpoint(relay) with { Tls = TlsMode.StartTls });

        Assert.That((failure.Kind, failure.Stage), Is.EqualTo((RelayFailure.TlsNotOffered, "STARTTLS")));
    }

    [Test]
    public async Task Missing_starttls_is_endured_when_only_wished_for()
    {
        await using var relay = new FakeRelay();

        await using var connection = await Given.Transport(client)
            .ConnectAsync(Given.Endpoint(relay) with { Tls = TlsMode.StartTlsWhenOffered }, default);

        Assert.That(connection.IsUsable, Is.True);
    }

    [Test]
    public async Task Starttls_behind_a_thousand_words_is_seen()
    {
        var words = string.Concat(Enumerable.Range(0, 40).Select(i => $"250-X-WORD-{i} {new string('x', 40)}\r\n"));
        await using var relay =
            new FakeRelay(Secure() with
            {
                Faults = [new("EHLO", FakeRelayAct.Answer, Times: 1,
            Reply: $"250-relay.example\r\n{words}250 STARTTLS")]
            });

        await using var connection = await Given.Transport(client).ConnectAsync(Login(relay) with { Tls = TlsMode.StartTlsWhenOffered }, default);

        Assert.That(relay.Commands, Has.One.EqualTo("STARTTLS"));
    }

    [Test]
    public async Task Plaintext_slipped_in_before_the_encryption_is_refused()
    {
        await using var relay = new FakeRelay(Secure() with { InjectsBeforeTls = true });

        var failure = await FailureAsync(Login(relay));

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Tls));
        Assert.That(failure.Message, Does.Contain("interfering"));
    }

    [Test]
    public async Task Unknown_authority_is_refused()
    {
        await using var relay = new FakeRelay(Secure());

        var failure = await FailureAsync(Login(relay) with { TrustedRoots = null });

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Tls));
        Assert.That(failure.Message, Does.Contain("not trusted"));
    }

    [TestCase("connect", "greeting")]
    [TestCase("EHLO", "EHLO")]
    [TestCase("STARTTLS", "STARTTLS")]
    [TestCase("AUTH", "AUTH")]
    public async Task Hung_opening_is_a_timeout(string command, string stage)
    {
        await using var relay = new FakeRelay(Secure() with { Faults = [new(command, FakeRelayAct.Hang)] });
        var time = new ManualTime();
        time.Advance(TimeProvider.System.GetUtcNow() - time.GetUtcNow());

        // The relay may notice the connection before we do: only the later waits are to run out.
        var endpoint = Login(relay) with { Timeouts = new() { Connect = Timeout.InfiniteTimeSpan } };

        var connecting = Given.Transport(client, time).ConnectAsync(endpoint, default);
        await relay.WaitForHang();
        while (!connecting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            await Task.Yield();
        }

        var failure = Assert.ThrowsAsync<RelayException>(() => connecting)!;
        Assert.That((failure.Kind, failure.Stage), Is.EqualTo((RelayFailure.Timeout, stage)));
    }

    [TestCase("connect")]
    [TestCase("EHLO")]
    [TestCase("STARTTLS")]
    [TestCase("AUTH")]
    public async Task Closing_or_dropped_opening_is_the_relays_failure(string command)
    {
        await using var relay =
            new FakeRelay(Secure() with { Faults = [new(command, FakeRelayAct.Closing, Times: 1), new(command, FakeRelayAct.Drop, Skip: 1)] });

        var closing = await FailureAsync(Login(relay));
        var dropped = await FailureAsync(Login(relay));

        Assert.That((closing.Kind, dropped.Kind), Is.EqualTo((RelayFailure.ServiceClosing, RelayFailure.ConnectionLost)));
    }

    [Test]
    public async Task One_connection_too_many_is_the_relays_failure()
    {
        await using var relay = new FakeRelay(new() { MaxConnections = 1 });
        await using var first = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);

        Assert.That((await FailureAsync(Given.Endpoint(relay))).Kind, Is.EqualTo(RelayFailure.ServiceClosing));
    }

    [Test]
    public async Task Closed_port_and_unknown_host_are_unreachable()
    {
        var relay = new FakeRelay();
        await relay.DisposeAsync();

        Assert.That((await FailureAsync(Given.Endpoint(relay))).Kind, Is.EqualTo(RelayFailure.Unreachable));
        Assert.That((await FailureAsync(Given.Endpoint(relay) with { Host = "nowhere.invalid" })).Kind, Is.EqualTo(RelayFailure.Unreachable));
    }

    [Test]
    public async Task Server_without_EHLO_gets_HELO_and_no_parameters()
    {
        await using var relay = new FakeRelay(new() { OnlyHelo = true });
        await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);

        await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default);

        Assert.That(relay.Messages.Single().MailParameters, Is.Empty);
    }

    [TestCase("421 4.3.2 away", RelayFailure.ServiceClosing)]
    [TestCase("450 4.7.0 later", RelayFailure.Busy)]
    [TestCase("554 5.7.1 not you", RelayFailure.Unwelcome)]
    public async Task Refused_EHLO_is_not_tried_again_as_HELO(string reply, RelayFailure kind)
    {
        await using var relay = new FakeRelay(new() { Faults = [new("EHLO", FakeRelayAct.Answer, Reply: reply)] });

        var failure = await FailureAsync(Given.Endpoint(relay));

        Assert.That((failure.Kind, failure.Stage), Is.EqualTo((kind, "EHLO")));
        Assert.That(relay.Commands, Has.None.StartsWith("HELO"));
    }

    [Test]
    public void Endpoint_never_prints_its_password()
    {
        Assert.That(new RelayEndpoint { Host = "relay.example", Username = "utskick", Password = Secret }.ToString(), Does.Not.Contain(Secret));
    }

    [Test]
    public async Task Connection_test_ends_at_the_step_that_failed()
    {
        await using var relay = new FakeRelay(Secure());

        var (steps, speed) = await ConnectionTest.RunAsync(Given.Transport(client), Login(relay) with { Password = "fel" });

        Assert.That(steps.Select(s => (s.Stage, s.Passed)), Is.EqualTo(new[]
        {
            (ConnectionTestStage.Connect, true), (ConnectionTestStage.Tls, true), (ConnectionTestStage.Hello, true),
            (ConnectionTestStage.Authentication, false),
        }));
        Assert.That(speed, Is.Null);
    }

    private FakeRelayOptions Secure() => new() { Certificate = certificates.Good(), Username = "utskick", Password = Secret };

    private RelayEndpoint Login(FakeRelay relay) => Given.Endpoint(relay) with
    {
        Tls = TlsMode.StartTls,
        TrustedRoots = certificates.Roots,
        Username = "utskick",
        Password = Secret,
    };

    private async Task<RelayException> FailureAsync(RelayEndpoint endpoint)
    {
        try
        {
            await (await Given.Transport(client).ConnectAsync(endpoint, default)).DisposeAsync();
        }
        catch (RelayException e)
        {
            return e;
        }
        throw new AssertionException("The relay did not fail");
    }
}
