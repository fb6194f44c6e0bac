using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A worker is replaced by a newer one in the middle of an issue: nobody is lost, doubled or unknown.</summary>
public sealed class UpgradeInTheMiddleTests
{
    private static readonly FakeRelayOptions Slow = new() { Latency = TimeSpan.FromMilliseconds(3) };

    [Test]
    public async Task The_old_worker_is_told_to_stop_while_the_new_one_starts()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(600);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(Slow);
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"));
        await using var old = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Smtp:HeloName", "gammal.example")]);
        await desk.PlanAsync();
        await relay.WaitFor(60);

        var fresh = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Smtp:HeloName", "ny.example")]);
        await using (fresh)
        {
            var ended = await old.TerminateAsync();
            var receipt = await database.UntilSettledAsync(issue);

            // 130: on a busy machine letters leave before the start is over, and it was told to stop in the middle of it.
            Assert.That(ended, Is.EqualTo(0).Or.EqualTo(130));
            Assert.That((receipt.Audience, receipt.Accepted, receipt.Unknown), Is.EqualTo((600, 600, 0)));
            await Books.AssertBalancedAsync(database, issue, relay);
            Assert.That(relay.Messages.Select(message => message.Helo).Distinct(), Is.EquivalentTo(new[] { "gammal.example", "ny.example" }), "both had their part");
        }
    }
}
