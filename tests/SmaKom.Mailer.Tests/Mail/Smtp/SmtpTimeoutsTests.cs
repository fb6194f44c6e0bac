using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>How long each command may take (RFC 5321 §4.5.3.2).</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpTimeoutsTests(SmtpClientKind client)
{
    [Test]
    public void Unset_they_are_those_of_the_standard()
    {
        var timeouts = new SmtpTimeouts();
        Assert.That(
            new[] { timeouts.Greeting, timeouts.Mail, timeouts.Rcpt, timeouts.DataStart, timeouts.DataBlock,
                timeouts.DataEnd }.Select(wait => wait.TotalMinutes),
            Is.EqualTo(new[] { 5, 5, 5, 2, 3, 10 }));
    }

    [Test]
    public async Task Each_command_has_its_own()
    {
        foreach (var (command, timeouts) in new (string, SmtpTimeouts)[]
        {
            ("MAIL", Long with { Mail = Short }), ("RCPT", Long with { Rcpt = Short }), ("DATA", Long with { DataStart = Short }),
            (".", Long with { DataEnd = Short }),
        })
        {
            await using var relay = new FakeRelay(new() { Chunking = false, Pipelining = false, Faults = [new(command, FakeRelayAct.Hang)] });
            await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay) with { Timeouts = timeouts }, default);

            Assert.That(await EndsAsync(connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default).AsTask()), command);
        }
    }

    [TestCase("connect")]
    [TestCase("RCPT")]
    [TestCase(".")]
    public async Task An_octet_now_and_then_buys_a_reply_no_more_time(string command)
    {
        await using var relay = new FakeRelay(new() { Chunking = false, Faults = [new(command, FakeRelayAct.Drip)] });
        var timeouts = Long with { Greeting = Enough, Rcpt = Enough, DataEnd = Enough, Tls = Enough };

        Assert.That(await EndsAsync(SendAsync()), command);

        async Task<SendResult> SendAsync()
        {
            await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay) with { Timeouts = timeouts }, default);
            return await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, null, default);
        }
    }

    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly SmtpTimeouts Long = new();

    /// <summary>Within the short time, or one of the long ones would keep it for minutes.</summary>
    private static async Task<bool> EndsAsync(Task<SendResult> sending)
    {
        try
        {
            return (await sending.WaitAsync(TimeSpan.FromMinutes(1))).Status == SendStatus.InDoubt;
        }
        catch (RelayException failure)
        {
            return failure.Kind == RelayFailure.Timeout;
        }
    }
}
