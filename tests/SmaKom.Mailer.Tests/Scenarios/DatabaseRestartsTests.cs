using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>On a server of its own, since it is stopped in the middle.</summary>
public sealed class DatabaseRestartsTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_database_that_restarts_mid_issue_loses_and_doubles_nothing(bool asCrash)
    {
        using var server = new TestPostgres();
        await using var database = await TestDatabase.CreateOnAsync(server);
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(2) });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        await host.PlanAsync();
        await relay.WaitFor(40);

        server.Stop(immediate: asCrash);
        var sentWithout = relay.Messages.Count;
        server.Start();
        database.Source.Clear(); // the test's own connections are gone too
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(sentWithout, Is.LessThan(300), "nothing is sent without a committed intent");
        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((300, 0)));
        Assert.That(relay.Messages.GroupBy(m => m.Recipient).Select(g => g.Count()), Is.All.EqualTo(1));
        Assert.That(relay.Messages, Has.Count.EqualTo(300));
    }
}
