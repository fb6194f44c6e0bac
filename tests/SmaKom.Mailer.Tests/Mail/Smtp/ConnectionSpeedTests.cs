using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>What a connection test says of the speed is what a relay sees.</summary>
public sealed class ConnectionSpeedTests
{
    [Test]
    public async Task Round_trips_of_a_letter_are_those_that_a_relay_counts([Values] SmtpClientKind client, [Values] bool pipelining,
        [Values] bool chunking)
    {
        const int letters = 10;
        await using var relay = new FakeRelay(new() { Pipelining = pipelining, Chunking = chunking });
        await using var connection = await Given.Transport(client).ConnectAsync(Given.Endpoint(relay), default);
        await SendAsync(connection, 0);
        var before = relay.Turns;
        for (var i = 1; i <= letters; i++) await SendAsync(connection, i);

        var each = new ConnectionSpeed(TimeSpan.FromMilliseconds(1), connection.Pipelining, connection.Chunking).RoundTripsPerLetter(client);
        // A chunk's own 250 may leave by itself, but the client that sends on behind it waits for it no longer.
        var unawaited = client == SmtpClientKind.Pipelined && pipelining && chunking ? letters : 0;
        Assert.That(relay.Turns - before, Is.InRange(letters * each, letters * each + unawaited));
    }

    [Test]
    public async Task Round_trip_is_measured_and_commands_are_few([Values] SmtpClientKind client)
    {
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(20) });

        var (steps, speed) = await ConnectionTest.RunAsync(Given.Transport(client), Given.Endpoint(relay));

        Assert.That(steps.Select(step => step.Stage),
            Is.EqualTo(new[] { ConnectionTestStage.Connect, ConnectionTestStage.Hello, ConnectionTestStage.Noop }));
        Assert.That(speed!.RoundTrip.TotalMilliseconds, Is.InRange(15, 5000));
        Assert.That((speed.IsLimit, speed.Pipelining, speed.Chunking), Is.EqualTo((true, true, true)));
        Assert.That(relay.Commands.Skip(1), Is.EqualTo(new[] { "NOOP", "NOOP", "NOOP", "QUIT" }), "and no letter");
    }

    [TestCase(FakeRelayAct.Answer, "451 4.3.0 scripted fault")]
    [TestCase(FakeRelayAct.Drop, "closed the connection at NOOP")]
    [TestCase(FakeRelayAct.Closing, "is closing the connection: 421")]
    public async Task Relay_that_fails_at_the_last_step_fails_the_test(FakeRelayAct act, string detail)
    {
        foreach (var client in Enum.GetValues<SmtpClientKind>())
        {
            await using var relay = new FakeRelay(new() { Faults = [new("NOOP", act)] });

            var (steps, speed) = await ConnectionTest.RunAsync(Given.Transport(client), Given.Endpoint(relay));

            Assert.That((steps[^1].Stage, steps[^1].Passed, speed), Is.EqualTo((ConnectionTestStage.Noop, false, (ConnectionSpeed?)null)),
                $"{client}");
            Assert.That(steps[^1].Detail, Does.Contain(detail), $"{client}");
        }
    }

    [TestCase(FakeRelayAct.Drop)]
    [TestCase(FakeRelayAct.Closing)]
    public async Task Relay_that_tires_of_being_measured_works_all_the_same(FakeRelayAct act)
    {
        foreach (var client in Enum.GetValues<SmtpClientKind>())
        {
            await using var relay = new FakeRelay(new() { Faults = [new("NOOP", act) { Skip = 1 }] });

            var (steps, speed) = await ConnectionTest.RunAsync(Given.Transport(client), Given.Endpoint(relay));

            Assert.That((steps[^1].Passed, speed), Is.EqualTo((true, speed)).And.Not.EqualTo((true, (ConnectionSpeed?)null)), $"{client}");
        }
    }

    [TestCase(SmtpClientKind.MailKit, true, false, 31, 10.75)]
    [TestCase(SmtpClientKind.MailKit, true, true, 31, 16.13)]
    [TestCase(SmtpClientKind.MailKit, false, false, 31, 8.06)]
    [TestCase(SmtpClientKind.Pipelined, true, false, 31, 32.26)]
    [TestCase(SmtpClientKind.Pipelined, true, true, 31, 32.26)]
    [TestCase(SmtpClientKind.Pipelined, false, true, 31, 10.75)]
    public void Letters_a_second_follow_from_the_round_trips(SmtpClientKind client, bool pipelining, bool chunking, int milliseconds,
        double letters) =>
        Assert.That(new ConnectionSpeed(TimeSpan.FromMilliseconds(milliseconds), pipelining, chunking).LettersPerSecond(client),
            Is.EqualTo(letters).Within(0.01));

    private static async Task SendAsync(IMailConnection connection, int i) =>
        await connection.SendAsync(Given.Letter($"p{i}@example.org"), Given.Yes, Given.To($"p{i + 1}@example.org"), default);
}
