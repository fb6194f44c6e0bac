using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>Servers that do not keep what they offer, and what is not used though it is offered.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpPipeliningTests(SmtpClientKind client)
{
    [Test]
    public async Task Server_that_loses_pipelined_commands_is_spoken_to_one_by_one([Values] bool chunking)
    {
        await using var relay = new FakeRelay(new() { LiesAboutPipelining = true, Chunking = chunking });
        var time = new ManualTime();
        var transport = Given.Transport(client, time);
        await using var connection = await transport.ConnectAsync(Given.Endpoint(relay), default);

        var sending = SendAsync(connection, 0);
        while (!sending.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(1);
        }
        var failure = Assert.ThrowsAsync<RelayException>(() => sending)!;
        await using var again = await transport.ConnectAsync(Given.Endpoint(relay), default);
        for (var i = 0; i < 3; i++)
            Assert.That(await SendAsync(again, i).WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(SendStatus.Accepted),
                "in a time that stands still nobody waits for a reply that was lost");

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Timeout));
        Assert.That(relay.Messages.Select(m => m.Recipient), Is.EqualTo(new[] { "p0@example.org", "p1@example.org", "p2@example.org" }));
    }

    [Test]
    public async Task What_is_turned_off_is_not_used_though_it_is_offered([Values] bool pipelining, [Values] bool chunking)
    {
        await using var relay = new FakeRelay();
        await using var connection = await Given.Transport(client)
            .ConnectAsync(Given.Endpoint(relay) with { UsePipelining = pipelining, UseChunking = chunking }, default);
        var before = relay.Turns;

        await connection.SendAsync(Given.Letter("p@example.org"), Given.Yes, null, default);

        Assert.That(relay.Commands.Select(command => command[..4]).Where(name => name is "DATA" or "BDAT").Distinct(),
            Is.EqualTo(new[] { chunking ? "BDAT" : "DATA" }));
        // Nobody waits for a chunk's own 250, but it may leave by itself.
        Assert.That(relay.Turns - before, pipelining ? Is.LessThanOrEqualTo(3) : Is.EqualTo(chunking ? 3 : 4),
            "MAIL, RCPT, and the letter after DATA or in its chunk");
    }

    [Test]
    public async Task Gate_is_asked_once_for_each_letter_that_travels()
    {
        await using var relay = new FakeRelay();
        await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);
        var asked = 0;

        for (var i = 0; i < 3; i++)
            await connection.SendAsync(Given.Letter($"p{i}@example.org"), _ => new(++asked > 0), null, default);
        await connection.SendAsync(Given.Letter("permfail@example.org"), _ => new(++asked > 0), null, default);

        Assert.That(asked, Is.EqualTo(3));
    }

    [Test]
    public async Task Relay_that_hangs_up_while_the_gate_thinks_leaves_no_doubt()
    {
        await using var relay = new FakeRelay(new() { Chunking = false });
        await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);

        var failure = Assert.ThrowsAsync<RelayException>(() => connection.SendAsync(Given.Letter("anna@example.org"), async _ =>
        {
            await relay.DisposeAsync();
            return true;
        }, null, default).AsTask())!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.ConnectionLost));
    }

    private static async Task<SendStatus> SendAsync(IMailConnection connection, int i) =>
        (await connection.SendAsync(Given.Letter($"p{i}@example.org"), Given.Yes, Given.To($"p{i + 1}@example.org"), default)).Status;
}
