using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

public sealed class UnsubscribeDuringSendTests
{
    [Test]
    public async Task Whoever_leaves_while_the_issue_is_sent_gets_nothing_more()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(200);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(5) });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 2));
        await host.PlanAsync();
        await relay.WaitFor(20);

        // In one statement with the wish to know: who had no intent when they left must get nothing.
        await database.ExecuteAsync("UPDATE subscriber SET status = 'unsubscribed', left_at = now() WHERE id % 2 = 0");
        var left = relay.Messages.Count;
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Excluded, Is.GreaterThan(50));
        Assert.That(receipt.Accepted + receipt.Excluded, Is.EqualTo(200));
        var excluded = await database.ScalarAsync<string[]>("SELECT array_agg(email) FROM delivery WHERE state = 'excluded'");
        Assert.That(relay.Messages.Select(m => m.Recipient), Has.None.AnyOf(excluded.Cast<object>().ToArray()));
        var late = relay.Messages.Skip(left).Count(m => int.Parse(m.Recipient.Split('@')[0][1..]) % 2 == 0);
        Assert.That(late, Is.LessThanOrEqualTo(2), "at most the letters whose intent was committed before: one a connection");
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'excluded' AND reason = 'unsubscribed'"),
            Is.EqualTo(receipt.Excluded));
    }
}
