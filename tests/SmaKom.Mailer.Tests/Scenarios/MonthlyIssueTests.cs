using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The way of a letter, when nothing goes wrong and when people or servers say no.</summary>
public sealed class MonthlyIssueTests
{
    [Test]
    public async Task Everybody_gets_one_letter_of_their_own()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(200);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.Multiple(() =>
        {
            Assert.That(receipt, Has.Property("Audience").EqualTo(200).And.Property("Accepted").EqualTo(200));
            Assert.That(relay.Messages.Select(m => m.Recipient).Distinct().Count(), Is.EqualTo(200));
            Assert.That(relay.Messages, Has.Count.EqualTo(200));
            Assert.That(Unsubscribe(relay.Messages).Distinct().Count(), Is.EqualTo(200), "everybody has a link of their own");
        });
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM slice"), Is.Zero);
    }

    [Test]
    public async Task Refused_is_final_and_deferred_is_tried_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscriberAsync("anna@gransele.example");
        await database.SubscriberAsync("permfail1@gransele.example");
        await database.SubscriberAsync("permfail-data1@gransele.example");
        await database.SubscriberAsync("greylist1@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((2, 2)));
        Assert.That(await database.ScalarAsync<string>("SELECT reply_code || ' ' || reply_enhanced FROM delivery WHERE email LIKE 'permfail1%'"),
            Is.EqualTo("550 5.1.1"));
        Assert.That(await database.ScalarAsync<short>("SELECT attempts FROM delivery WHERE email LIKE 'greylist%'"), Is.EqualTo(2));
        Assert.That(await database.ScalarAsync<string>(
            "SELECT outcome::text FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id WHERE email LIKE 'greylist%'"),
            Is.EqualTo("deferred"));
    }

    [Test]
    public async Task A_person_deferred_for_too_long_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscriberAsync("tempfail1@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Dispatch:GiveUpAfter", "00:00:00.3")]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Refused, Is.EqualTo(1));
        Assert.That(await database.ScalarAsync<string>("SELECT reason FROM delivery"), Is.EqualTo("gave_up"));
        Assert.That(await database.ScalarAsync<short>("SELECT attempts FROM delivery"), Is.GreaterThan((short)1));
    }

    [Test]
    public async Task A_second_attempt_carries_the_first_ones_date()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscriberAsync("anna@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        // The first dot is answered 451 after the letter was seen; the second is accepted.
        await using var relay = new FakeRelay(new() { Faults = [new(".", FakeRelayAct.Answer, Times: 1)] });
        await using var host =
            await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Dispatch:RetryAfter:0", "00:00:01.5"), ("Dispatch:RetryJitter", "0")]);

        await host.PlanAsync();
        await database.UntilSettledAsync(issue);

        var date = relay.Messages.Single().Text.Split("\r\n").Single(line => line.StartsWith("Date:", StringComparison.Ordinal));
        var deferred = new DateTimeOffset(await database.ScalarAsync<DateTime>("SELECT at FROM delivery_attempt"));
        Assert.That(DateTimeOffset.Parse(date[5..].Trim()), Is.LessThanOrEqualTo(deferred),
            "the first attempt's time, not that of the second, 1.5 s later");
    }

    [Test]
    public async Task Nobody_to_send_to_is_an_issue_that_is_sent()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.IssueAsync(queued: true);
        await using var host = await TestHost.StartAsync(database);

        await host.PlanAsync();

        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sent));
    }

    [Test]
    public async Task Two_planners_at_once_freeze_one_audience()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(50);
        var issue = await database.IssueAsync(queued: true);
        await using var one = await TestHost.StartAsync(database, ("Roles", "web"));
        await using var two = await TestHost.StartAsync(database, ("Roles", "web"));

        await Task.WhenAll(one.PlanAsync(), two.PlanAsync());

        Assert.That((await database.ReceiptAsync(issue)).Waiting, Is.EqualTo(50));
    }

    [Test]
    public async Task Restarting_sends_nothing_twice()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(20);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using (var host = await TestHost.StartAsync(database, Given.Relay(relay)))
        {
            await host.PlanAsync();
            await database.UntilSettledAsync(issue);
        }

        await using (var host = await TestHost.StartAsync(database, Given.Relay(relay)))
        {
            await host.PlanAsync();
            await host.Get<SmaKom.Mailer.Deliveries.Dispatch.ExpiredLeases>().RescueAsync(default);
        }

        Assert.That(relay.Messages, Has.Count.EqualTo(20));
    }

    private static IEnumerable<string> Unsubscribe(IEnumerable<FakeRelayMessage> messages) =>
        messages.Select(m =>
            System.Text.RegularExpressions.Regex.Match(m.Text, "^List-Unsubscribe:\\s*<([^>]+)>",
                System.Text.RegularExpressions.RegexOptions.Multiline).Groups[1].Value);
}
