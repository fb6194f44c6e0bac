using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>People press buttons and leave at any moment of an issue.</summary>
public sealed class RandomMomentsTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Paused_resumed_left_and_at_last_cancelled_the_receipt_adds_up(int seed)
    {
        var random = new Random(seed);
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(600);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(2) });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Smtp:IdleTimeout", "00:00:00.05")]);
        var desk = host.Get<IssueCommands>();
        await host.PlanAsync();

        for (var round = 0; round < 6; round++)
        {
            // However late this test gets its turn, the issue has not ended by then.
            var moment = relay.Messages.Count + random.Next(1, 40);
            relay.Options = relay.Options with { MostMessages = moment };
            await relay.WaitFor(moment);
            switch (random.Next(3))
            {
                case 0:
                    Assert.That(await desk.PauseAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
                    relay.Options = relay.Options with { MostMessages = null };
                    await relay.WaitForQuiet();
                    var paused = relay.Messages.Count;
                    await database.UntilAsync(issue, r => r.Sending == 0);
                    Assert.That(relay.Messages, Has.Count.EqualTo(paused), "nothing after the pause");
                    relay.Options = relay.Options with { MostMessages = paused };
                    await desk.ResumeAsync(issue, Given.Editor, default);
                    break;
                case 1:
                    await desk.PauseAsync(issue, Given.Editor, default);
                    await desk.ResumeAsync(issue, Given.Editor, default);
                    break;
                default:
                    await database.ExecuteAsync($"UPDATE subscriber SET status = 'unsubscribed', left_at = now() WHERE id % 17 = {random.Next(17)}");
                    break;
            }
        }

        var cancelled = await desk.CancelAsync(issue, Given.Editor, default);
        relay.Options = relay.Options with { MostMessages = null };
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(cancelled, Is.EqualTo(CommandAnswer.Done));
        Assert.That(receipt.Accepted + receipt.Excluded, Is.EqualTo(600));
        await relay.WaitForQuiet();
        Assert.That(relay.Messages, Has.Count.EqualTo(receipt.Accepted));
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
