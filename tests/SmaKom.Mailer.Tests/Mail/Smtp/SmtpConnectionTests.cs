using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>Each kind of failure at each stage, with and without PIPELINING and CHUNKING.</summary>
public sealed class SmtpConnectionTests(SmtpClientKind client, bool pipelining, bool chunking) : SmtpConnectionFixture(client, pipelining, chunking)
{
    [Test]
    public async Task Accepted_letter_arrives_with_every_byte()
    {
        const string body = ".\r\n..\r\n.dot\r\n\r\nline\r\n.";
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "anna@example.org", body);

        Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(result.Reply!.Text, Does.StartWith("ok queued"));
        Assert.That(Relay.Messages.Single().Text, Is.EqualTo(System.Text.Encoding.UTF8.GetString(Given.Bytes("anna@example.org", body)) + "\r\n"));
        Assert.That(Relay.Messages.Single().MailFrom, Is.EqualTo("bounce+7@lista.example.org"));
        // Parameters come in any order, and ORCPT may be among them (RFC 3461 §4.2).
        Assert.That(Relay.Messages.Single().RcptParameters.Split(' '),
            Has.One.EqualTo("NOTIFY=FAILURE").And.All.Match("^NOTIFY=FAILURE$|^ORCPT=rfc822;anna@example.org$"));
        Assert.That(Relay.Messages.Single().MailParameters.Split(' ').Order(), Is.EqualTo(new[]
        {
            "ENVID=issue-1.7", "RET=HDRS", $"SIZE={Given.Bytes("anna@example.org", body).Length + 2}",
        }));
    }

    // Without the word a relay may cut off the eighth bit, or refuse (RFC 6152 §3).
    [Test]
    public async Task Letter_of_eight_bits_says_so()
    {
        await using var connection = await ConnectAsync();

        await SendAsync(connection, "anna@example.org", "åäö\r\n");

        Assert.That(Relay.Messages.Single().MailParameters.Split(' '), Has.One.EqualTo("BODY=8BITMIME"));
    }

    [TestCase("permfail@example.org", SendStatus.Refused, "RCPT TO", 550)]
    [TestCase("tempfail@example.org", SendStatus.Deferred, "RCPT TO", 450)]
    [TestCase("greylist@example.org", SendStatus.Deferred, "RCPT TO", 451)]
    [TestCase("permfail-data@example.org", SendStatus.Refused, "end of data", 554)]
    [TestCase("tempfail-data@example.org", SendStatus.Deferred, "end of data", 451)]
    public async Task Failure_of_a_person_is_a_value_and_the_session_goes_on(string recipient, SendStatus status, string stage, int code)
    {
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, recipient, next: "next@example.org");
        var after = await SendAsync(connection, "next@example.org");

        Assert.That((result.Status, result.Stage, result.Reply!.Code), Is.EqualTo((status, stage, code)));
        Assert.That(after.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(Relay.Connections, Is.EqualTo(1));
    }

    [TestCase("MAIL", "MAIL FROM")]
    [TestCase("RCPT", "RCPT TO")]
    public async Task Closing_reply_is_the_relays_failure(string command, string stage)
    {
        Relay.Options = Relay.Options with { Faults = [new(command, FakeRelayAct.Closing)] };
        await using var connection = await ConnectAsync();

        var failure = Assert.ThrowsAsync<RelayException>(() => SendAsync(connection, "anna@example.org"))!;

        Assert.That((failure.Kind, failure.Stage, failure.Reply!.Code), Is.EqualTo((RelayFailure.ServiceClosing, stage, 421)));
        Assert.That(connection.IsUsable, Is.False);
    }

    [Test]
    public async Task Closing_reply_to_data_or_to_its_end_is_the_relays_failure([Values("body", ".")] string at)
    {
        Relay.Options = Relay.Options with { Faults = [new(at == "body" ? BodyCommand : ".", FakeRelayAct.Closing)] };
        await using var connection = await ConnectAsync();

        var failure = Assert.ThrowsAsync<RelayException>(() => SendAsync(connection, "anna@example.org"))!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.ServiceClosing));
        Assert.That(Relay.Messages, Is.Empty);
    }

    [Test]
    public async Task Connection_lost_before_the_end_of_data_is_not_a_doubt([Values("MAIL", "RCPT")] string at)
    {
        Relay.Options = Relay.Options with { Faults = [new(at, FakeRelayAct.Drop)] };
        await using var connection = await ConnectAsync();

        var failure = Assert.ThrowsAsync<RelayException>(() => SendAsync(connection, "anna@example.org"))!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.ConnectionLost));
        Assert.That(connection.IsUsable, Is.False);
    }

    [Test]
    public async Task Lost_reply_after_the_end_of_data_is_in_doubt()
    {
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "hangup-after-data@example.org", next: "next@example.org");

        Assert.That((result.Status, result.Reply, result.Stage), Is.EqualTo((SendStatus.InDoubt, (SmtpReply?)null, "end of data")));
        Assert.That(connection.IsUsable, Is.False);
        Assert.That(Relay.Messages, Has.Count.EqualTo(1));
    }

    [TestCase("550 5.2.1 The mailbox is disabled", SendStatus.Refused, "5.2.1")]
    [TestCase("550 5.2.1 The user is receiving mail at a rate that prevents delivery", SendStatus.Refused, "5.2.1")]
    [TestCase("550 4.2.1 Of two minds", SendStatus.Refused, null)]
    [TestCase("450 5.2.1 Of two minds", SendStatus.Deferred, null)]
    [TestCase("452 4.5.3 Too many recipients", SendStatus.Deferred, "4.5.3")]
    public async Task The_basic_code_decides_and_the_enhanced_one_refines(string reply, SendStatus status, string? enhanced)
    {
        Relay.Options = Relay.Options with { Faults = [new("RCPT", FakeRelayAct.Answer, Times: 1, Reply: reply)] };
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "anna@example.org");

        Assert.That((result.Status, result.Reply!.Enhanced?.ToString()), Is.EqualTo((status, enhanced)));
    }

    [TestCase("MAIL", 5)]
    [TestCase("RCPT", 5)]
    public async Task Hung_relay_is_a_timeout_before_the_end_of_data(string command, int minutes)
    {
        Relay.Options = Relay.Options with { Faults = [new(command, FakeRelayAct.Hang)] };
        await using var connection = await ConnectAsync();
        var sending = SendAsync(connection, "anna@example.org");
        await Relay.WaitForHang();

        Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.That(sending.IsCompleted, Is.False);
        var failure = Assert.ThrowsAsync<RelayException>(() => Cranked(sending))!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Timeout));
    }

    [Test]
    public async Task Hung_relay_after_the_end_of_data_leaves_a_doubt_after_ten_minutes()
    {
        Relay.Options = Relay.Options with { Faults = [new(".", FakeRelayAct.Hang)] };
        await using var connection = await ConnectAsync();
        var sending = SendAsync(connection, "anna@example.org");
        await Relay.WaitForHang();

        Assert.That((await Cranked(sending)).Status, Is.EqualTo(SendStatus.InDoubt));
    }

    [Test]
    public async Task Withdrawn_letter_is_not_accepted()
    {
        await using var connection = await ConnectAsync();

        var result = await connection.SendAsync(Given.Letter("anna@example.org"), Given.No, Given.To("bo@example.org"), default);
        var usable = connection.IsUsable;
        if (usable)
            await SendAsync(connection, "bo@example.org");
        await connection.DisposeAsync();
        // At once: another connection may be opened in its place, and the relay may allow no more.
        Assert.That(Relay.Open, Is.Zero);

        Assert.That(result.Status, Is.EqualTo(SendStatus.Withdrawn));
        Assert.That(Relay.Messages.Select(m => m.Recipient), Does.Not.Contain("anna@example.org"));
        Assert.That(Relay.Messages, Has.Count.EqualTo(usable ? 1 : 0));
    }

    [Test]
    public async Task Connection_whose_gate_failed_is_gone_for_the_relay_when_it_is_for_us()
    {
        var connection = await ConnectAsync();

        Assert.ThrowsAsync<IOException>(async () =>
            await connection.SendAsync(Given.Letter("anna@example.org"), _ => throw new IOException("no database"), Given.To("bo@example.org"),
                default));
        await connection.DisposeAsync();

        Assert.That((Relay.Open, Relay.Messages.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task End_of_data_waits_for_the_gate()
    {
        await using var connection = await ConnectAsync();
        var commit = new TaskCompletionSource<bool>();
        var asked = new TaskCompletionSource();

        var sending = connection.SendAsync(Given.Letter("anna@example.org"), _ => { asked.SetResult(); return new(commit.Task); }, null, default)
            .AsTask();
        await asked.Task;
        Assert.That(Relay.Messages, Is.Empty);
        commit.SetResult(true);

        Assert.That((await sending).Status, Is.EqualTo(SendStatus.Accepted));
    }

    [Test]
    public async Task Throwing_gate_sends_nothing_and_its_exception_comes_through()
    {
        await using var connection = await ConnectAsync();

        Assert.ThrowsAsync<TimeZoneNotFoundException>(() =>
            connection.SendAsync(Given.Letter("anna@example.org"), _ => throw new TimeZoneNotFoundException(), null, default).AsTask());

        await Relay.WaitForQuiet();
        Assert.That(Relay.Messages, Is.Empty);
        Assert.That(connection.IsUsable, Is.False);
    }

    [TestCase("452 4.3.1 disk full", RelayFailure.Busy)]
    [TestCase("550 5.7.1 not from you", RelayFailure.SenderRefused)]
    [TestCase("530 5.7.0 authenticate first", RelayFailure.Authentication)]
    [TestCase("503 5.5.1 out of step", RelayFailure.Protocol)]
    [TestCase("what", RelayFailure.Protocol)]
    public async Task Refused_sender_is_the_relays_failure(string reply, RelayFailure kind)
    {
        Relay.Options = Relay.Options with { Faults = [new("MAIL", FakeRelayAct.Answer, Reply: reply)] };
        await using var connection = await ConnectAsync();

        var failure = Assert.ThrowsAsync<RelayException>(() => SendAsync(connection, "anna@example.org"))!;

        Assert.That(failure.Kind, Is.EqualTo(kind));
        Assert.That(failure.Message, Does.Contain($"127.0.0.1:{Relay.Port}"));
    }

    [Test]
    public async Task Deferred_sender_defers_this_letter_only()
    {
        Relay.Options = Relay.Options with { Faults = [new("MAIL", FakeRelayAct.Answer, Times: 1, Reply: "451 4.4.3 cannot look up your domain")] };
        await using var connection = await ConnectAsync();

        Assert.That((await SendAsync(connection, "anna@example.org")).Status, Is.EqualTo(SendStatus.Deferred));
        Assert.That((await SendAsync(connection, "bo@example.org")).Status, Is.EqualTo(SendStatus.Accepted));
    }

    [Test]
    public async Task Cancelled_before_the_end_of_data_sends_nothing()
    {
        await using var connection = await ConnectAsync();
        using var cancelling = new CancellationTokenSource();
        var never = new TaskCompletionSource<bool>();

        var sending = connection.SendAsync(Given.Letter("anna@example.org"), async ct =>
        {
            await cancelling.CancelAsync();
            return await never.Task.WaitAsync(ct);
        }, null, cancelling.Token).AsTask();

        Assert.CatchAsync<OperationCanceledException>(() => sending);
        await Relay.WaitForQuiet();
        Assert.That(Relay.Messages, Is.Empty);
    }

    [Test]
    public async Task Cancelled_after_the_end_of_data_still_waits_for_the_reply()
    {
        using var cancelling = new CancellationTokenSource();
        Relay.Options = Relay.Options with { SlowFor = TimeSpan.FromMilliseconds(50) };
        await using var connection = await ConnectAsync();

        var sending = connection.SendAsync(Given.Letter("slow@example.org"), Given.Yes, null, cancelling.Token).AsTask();
        await Relay.WaitFor(1);
        await cancelling.CancelAsync();

        Assert.That((await sending).Status, Is.EqualTo(SendStatus.Accepted));
    }

    // The client arms its timer a moment after the relay has noticed the command: crank until it strikes.
    private async Task<SendResult> Cranked(Task<SendResult> sending)
    {
        while (!sending.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMinutes(11));
            await Task.Yield();
        }
        return await sending;
    }
}
