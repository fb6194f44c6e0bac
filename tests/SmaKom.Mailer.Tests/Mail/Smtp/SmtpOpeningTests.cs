using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>From the connection to the end of EHLO, and what goes wrong until a letter can be sent.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpOpeningTests(SmtpClientKind client) : SmtpOpeningFixture(client)
{
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

        await using var connection = await Given.Transport(Client)
            .ConnectAsync(Given.Endpoint(relay) with { Tls = TlsMode.StartTlsWhenOffered }, default);

        Assert.That(connection.IsUsable, Is.True);
    }

    [Test]
    public async Task Starttls_behind_a_thousand_words_is_seen()
    {
        var words = string.Concat(Enumerable.Range(0, 40).Select(i => $"250-X-WORD-{i} {new string('x', 40)}\r\n"));
        await using var relay = new FakeRelay(
            Secure() with { Faults = [new("EHLO", FakeRelayAct.Answer, Times: 1, Reply: $"250-relay.example\r\n{words}250 STARTTLS")] });

        await using var connection = await Given.Transport(Client).ConnectAsync(Login(relay) with { Tls = TlsMode.StartTlsWhenOffered }, default);

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

        var connecting = Given.Transport(Client, time).ConnectAsync(endpoint, default);
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
        await using var first = await Given.Transport(Client).ConnectAsync(Given.Endpoint(relay), default);

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
        await using var connection = await Given.Transport(Client).ConnectAsync(Given.Endpoint(relay), default);

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
    public async Task Connection_test_ends_at_the_step_that_failed()
    {
        await using var relay = new FakeRelay(Secure());

        var (steps, speed) = await ConnectionTest.RunAsync(Given.Transport(Client), Login(relay) with { Password = "fel" });

        Assert.That(steps.Select(s => (s.Stage, s.Passed)), Is.EqualTo(new[]
        {
            (ConnectionTestStage.Connect, true), (ConnectionTestStage.Tls, true), (ConnectionTestStage.Hello, true),
            (ConnectionTestStage.Authentication, false),
        }));
        Assert.That(speed, Is.Null);
    }
}
