using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>What only the client does that sends commands ahead.</summary>
public sealed class PipelinedTransportTests
{
    private readonly IMailTransport transport = Given.Transport(SmtpClientKind.Pipelined);

    [Test]
    public async Task Letter_costs_one_round_trip([Values] bool chunking)
    {
        await using var relay = new FakeRelay(new() { Chunking = chunking });
        await using var connection = await transport.ConnectAsync(Given.Endpoint(relay), default);
        await SendAsync(connection, 0);
        var before = relay.Turns;

        for (var i = 1; i <= 20; i++)
            await SendAsync(connection, i);

        // A chunk's own 250 may leave by itself, but nobody waits for it.
        Assert.That(relay.Turns - before, Is.InRange(20, chunking ? 40 : 20));
        Assert.That(relay.Messages, Has.Count.EqualTo(21));
    }

    [Test]
    public async Task Data_started_without_recipient_never_becomes_a_letter()
    {
        await using var relay = new FakeRelay(new() { StartsDataWithoutRecipient = true, Chunking = false });
        await using var connection = await transport.ConnectAsync(Given.Endpoint(relay), default);

        var result = await connection.SendAsync(Given.Letter("permfail@example.org"), Given.Yes, null, default);

        Assert.That(result.Status, Is.EqualTo(SendStatus.Refused));
        Assert.That(connection.IsUsable, Is.False);
        await relay.WaitForQuiet();
        Assert.That(relay.Messages, Is.Empty);
    }

    [Test]
    public async Task Withdrawn_chunk_does_not_cost_the_session()
    {
        await using var relay = new FakeRelay();
        await using var connection = await transport.ConnectAsync(Given.Endpoint(relay), default);

        await connection.SendAsync(Given.Letter("anna@example.org"), Given.No, Given.To("bo@example.org"), default);

        Assert.That(connection.IsUsable, Is.True);
    }

    private static async Task<SendStatus> SendAsync(IMailConnection connection, int i) =>
        (await connection.SendAsync(Given.Letter($"p{i}@example.org"), Given.Yes, Given.To($"p{i + 1}@example.org"), default)).Status;
}
