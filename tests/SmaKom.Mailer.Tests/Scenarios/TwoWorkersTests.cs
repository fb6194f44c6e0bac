using SmaKom.Mailer.Tests.Mail.Smtp;
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
            await using var one = WorkerProcess.Start(database, Support.Given.Relay(relay));
            await using var two = WorkerProcess.Start(database, Support.Given.Relay(relay));
            await using var three = WorkerProcess.Start(database, Support.Given.Relay(relay));

            await database.UntilAsync("SELECT count(*) = 3 FROM worker");
        }
    }

    [Test]
    public async Task Two_workers_share_an_issue_and_each_person_gets_one_letter()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(1000);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(20) });
        await using var one = await TestHost.StartAsync(database, [.. Support.Given.Relay(relay), ("Smtp:HeloName", "ett.example")]);
        await using var two = await TestHost.StartAsync(database, [.. Support.Given.Relay(relay), ("Smtp:HeloName", "tva.example")]);

        await Task.WhenAll(one.PlanAsync(), two.PlanAsync());
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Audience, receipt.Accepted, relay.Messages.Count), Is.EqualTo((1000, 1000, 1000)));
        await Books.AssertBalancedAsync(database, issue, relay);
        var shares = relay.Messages.CountBy(m => m.Helo).ToDictionary();
        Assert.That(shares.Keys, Is.EquivalentTo(new[] { "ett.example", "tva.example" }));
        Assert.That(shares.Values, Is.All.GreaterThan(100), "both did a good part");
        await database.UntilStateAsync(issue, Mailer.Issues.IssueState.Sent);
    }

    [TestCase(null, 4)]
    [TestCase(3, 3)]
    public async Task A_second_worker_adds_no_connection_until_the_relay_allows_more_and_no_letter_above_a_limit(int? limit, int together)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(600, "slow");
        if (limit is { } most) await database.ExecuteAsync($"INSERT INTO rate_limit (count, per) VALUES ({most}, '1 day')");
        var issue = await database.IssueAsync(queued: true);
        // The relay keeps each letter, and every reply until the crank is turned: what it has is what is under way at once.
        var time = new ManualTime();
        await using var relay = new FakeRelay(new() { Time = time });
        await using var one = await TestHost.StartAsync(database, Support.Given.Relay(relay, connections: 2));
        await one.PlanAsync();
        await relay.WaitFor(2);
        await using var two = await TestHost.StartAsync(database, Support.Given.Relay(relay, connections: 2));
        await database.UntilAsync(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 1399671553)");
        Assert.That((relay.Messages.Count, relay.Peak), Is.EqualTo((2, 2)), "the second would like to");
        Assert.That(await database.ScalarAsync<long>("SELECT count(DISTINCT worker_id) FROM slice WHERE worker_id IS NOT NULL"), Is.EqualTo(1),
            "and takes no letters that it could not send");

        await database.ExecuteAsync("UPDATE relay SET max_connections = 4; NOTIFY mailer");
        await relay.WaitFor(together);
        if (limit is not null)
            await database.UntilAsync("SELECT count(*) > 0 FROM slice WHERE claim_id IS NULL AND due_at > now() + interval '30 seconds'");
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.That(relay.Messages, Has.Count.EqualTo(together));

        await database.ExecuteAsync("DELETE FROM rate_limit");
        relay.Options = relay.Options with { SlowFor = TimeSpan.Zero };
        await Until.TrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await database.ReceiptAsync(issue)).Waiting == 0;
        });
        var receipt = await database.ReceiptAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((600, 600)));
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
