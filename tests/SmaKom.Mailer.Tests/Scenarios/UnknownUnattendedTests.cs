using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>An installation that nobody watches decides about unknown letters by its setting.</summary>
public sealed class UnknownUnattendedTests
{
    private static readonly (string, string) ShortLease = ("Dispatch:Lease", "00:00:20");

    [Test]
    public async Task Sent_again_so_many_times_and_then_asked_about()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host =
            await TestHost.StartAsync(database,
                [.. Given.Relay(relay, connections: 1), ShortLease, ("Dispatch:Unknown", "SendAgain"), ("Dispatch:UnknownAttempts", "2")]);
        var issue = await LoseReplyAsync(database, host);
        var policy = host.Get<UnknownPolicy>();

        await policy.ApplyAsync(default);
        Assert.That(relay.Messages, Has.Count.EqualTo(1), "a worker that was only slow has a lease's time to report");
        for (var again = 1; again <= 3; again++)
        {
            await ALeaseLaterAsync(database);
            await policy.ApplyAsync(default);
            await database.UntilSettledAsync(issue);
        }

        Assert.That(relay.Messages, Has.Count.EqualTo(3), "the first and two more");
        Assert.That(relay.Messages.Select(m => Convert.ToHexString(m.Bytes)).Distinct().Count(), Is.EqualTo(1), "the same bytes");
        Assert.That(await host.Get<UnknownDeliveries>().ListAsync(issue, default), Has.Count.EqualTo(1), "a person is asked");
    }

    [TestCase("Ask", 1)]
    [TestCase("Leave", 0)]
    public async Task Asked_about_or_left_it_is_not_sent(string choice, int asked)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 1), ShortLease, ("Dispatch:Unknown", choice)]);
        var issue = await LoseReplyAsync(database, host);

        await ALeaseLaterAsync(database);
        await host.Get<UnknownPolicy>().ApplyAsync(default);

        Assert.That(await host.Get<UnknownDeliveries>().ListAsync(issue, default), Has.Count.EqualTo(asked));
        Assert.That((await database.ReceiptAsync(issue)).Unknown, Is.EqualTo(1));
        Assert.That(relay.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sent_again_it_does_not_wait_for_those_deferred_around_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscriberAsync("tempfail1@gransele.example");
        await database.SubscriberAsync("hangup-after-data1@gransele.example");
        await database.SubscriberAsync("tempfail2@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 1), ("Dispatch:RetryAfter:0", "01:00:00")]);
        await host.PlanAsync();
        await database.UntilAsync(issue, r => (r.Deferred, r.Unknown) == (2, 1));
        await database.UntilAsync("SELECT bool_and(claim_id IS NULL) FROM slice");

        Assert.That(await host.Get<UnknownDeliveries>().SendAgainAsync(issue, null, Actor.CommandLine, default), Is.EqualTo(1));

        await relay.WaitFor(2);
        await database.UntilAsync(issue, r => (r.Deferred, r.Unknown) == (2, 1));
    }

    private static async Task<int> LoseReplyAsync(TestDatabase database, TestHost host)
    {
        await database.SubscriberAsync("hangup-after-data1@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        await database.UntilAsync("SELECT NOT EXISTS (SELECT FROM slice)");
        return issue;
    }

    private static Task ALeaseLaterAsync(TestDatabase database) =>
        database.ExecuteAsync("UPDATE delivery SET finished_at = finished_at - interval '30 seconds'");
}
