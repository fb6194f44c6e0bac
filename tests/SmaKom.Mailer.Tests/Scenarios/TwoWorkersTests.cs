using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

public sealed class TwoWorkersTests
{
    [Test]
    public async Task Workers_that_start_together_on_a_new_database_all_start()
    {
        await using var relay = new FakeRelay();
        for (var round = 0; round < 4; round++)
        {
            await using var database = await TestDatabase.CreateAsync();
            await using var one = WorkerProcess.Start(database, Given.Relay(relay));
            await using var two = WorkerProcess.Start(database, Given.Relay(relay));
            await using var three = WorkerProcess.Start(database, Given.Relay(relay));

            await database.UntilAsync("SELECT count(*) = 3 FROM worker");
        }
    }

    [Test]
    public async Task Two_workers_share_an_issue_and_each_person_gets_one_letter()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(1000);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(2) });
        await using var one = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Smtp:HeloName", "ett.example")]);
        await using var two = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Smtp:HeloName", "tva.example")]);

        await Task.WhenAll(one.PlanAsync(), two.PlanAsync());
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Audience, receipt.Accepted, relay.Messages.Count), Is.EqualTo((1000, 1000, 1000)));
        await Books.AssertBalancedAsync(database, issue, relay);
        var shares = relay.Messages.CountBy(m => m.Helo).ToDictionary();
        Assert.That(shares.Keys, Is.EquivalentTo(new[] { "ett.example", "tva.example" }));
        Assert.That(shares.Values, Is.All.GreaterThan(100), "both did a good part");
        await database.UntilStateAsync(issue, Issues.IssueState.Sent);
    }
}
