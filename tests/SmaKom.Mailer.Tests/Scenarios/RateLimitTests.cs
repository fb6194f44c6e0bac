using SmaKom.Mailer.Tests.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>Limits hold, and what they hold back holds up nobody else.</summary>
public sealed class RateLimitTests
{
    [Test]
    public async Task Who_is_limited_for_long_waits_and_the_others_get_theirs_also_over_a_restart()
    {
        await using var database = await PeopleAsync(slow: 40, fast: 120);
        await database.ExecuteAsync("INSERT INTO rate_limit (destination_group, count, per) VALUES ('slow.example', 5, '1 day')");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using (var host = await TestHost.StartAsync(database, Support.Given.Relay(relay)))
        {
            await host.PlanAsync();
            await database.UntilAsync(issue, r => r.Accepted == 125);
            await database.UntilAsync("SELECT count(*) > 0 AND bool_and(claim_id IS NULL AND due_at > now() + interval '30 seconds') FROM slice");
        }

        await using var restarted = await TestHost.StartAsync(database, Support.Given.Relay(relay));
        await database.ExecuteAsync("UPDATE slice SET due_at = now(); NOTIFY mailer");
        await database.UntilAsync("SELECT bool_and(claim_id IS NULL AND due_at > now() + interval '30 seconds') FROM slice");
        Assert.That(relay.Messages.Count(m => m.Recipient.EndsWith("@slow.example", StringComparison.Ordinal)), Is.EqualTo(5),
            "a restart forgets nothing");

        await database.ExecuteAsync("UPDATE rate_limit SET count = 8");
        await database.UntilAsync(issue, r => r.Accepted == 128);
        await database.UntilAsync("SELECT bool_and(claim_id IS NULL AND due_at > now() + interval '30 seconds') FROM slice");
        await database.ExecuteAsync("DELETE FROM rate_limit");
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((160, 160)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE attempts <> 1"), Is.Zero, "waiting is no attempt");
    }

    [Test]
    public async Task Who_is_limited_for_moments_comes_in_turn()
    {
        await using var database = await PeopleAsync(slow: 50, fast: 60);
        await database.ExecuteAsync("INSERT INTO rate_limit (destination_group, count, per) VALUES ('slow.example', 10, '1 second')");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Support.Given.Relay(relay));

        var began = TimeProvider.System.GetUtcNow();
        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((110, 110)));
        var slow = relay.Messages.Where(m => m.Recipient.EndsWith("@slow.example", StringComparison.Ordinal)).Select(m => m.Time).ToList();
        var fast = relay.Messages.Where(m => m.Recipient.EndsWith("@fast.example", StringComparison.Ordinal)).Select(m => m.Time).ToList();
        Assert.That(slow[^1] - began, Is.GreaterThan(TimeSpan.FromSeconds(4)), "ten in a second: the last ten come after four");
        Assert.That(fast[^1], Is.LessThan(slow[30]), "nobody waits behind them: the thirtieth comes after three seconds");
    }

    [Test]
    public async Task Letters_that_were_left_for_a_limit_go_at_once_when_it_falls_also_those_whose_slice_was_held_then()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(192, "slow");
        await database.ExecuteAsync("INSERT INTO rate_limit (count, per) VALUES (1, '1 day')");
        await database.IssueAsync(queued: true);
        var time = new ManualTime();
        await using var relay = new FakeRelay(new() { Time = time });
        await using var host = await TestHost.StartAsync(database, Support.Given.Relay(relay));
        await host.PlanAsync();
        await relay.WaitFor(1);
        // The others have been left by now, and the reply to the first is still awaited.
        await Task.Delay(TimeSpan.FromSeconds(1));

        await database.ExecuteAsync("DELETE FROM rate_limit");
        relay.Options = relay.Options with { SlowFor = TimeSpan.Zero };
        time.Advance(TimeSpan.FromMinutes(1));

        await relay.WaitFor(192);
    }

    [Test]
    public async Task Cancelled_while_letters_wait_for_permits_nothing_is_left_over()
    {
        await using var database = await PeopleAsync(slow: 60, fast: 10);
        await database.ExecuteAsync(
            "INSERT INTO rate_limit (destination_group, count, per) VALUES ('slow.example', 2, '1 second'), (NULL, 20, '1 day')");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Support.Given.Relay(relay));
        await host.PlanAsync();
        await relay.WaitFor(12);

        await host.Get<SmaKom.Mailer.Issues.IssueCommands>().CancelAsync(issue, Support.Given.Editor, default);
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Accepted, Is.EqualTo(relay.Messages.Count));
        Assert.That(receipt.Accepted + receipt.Excluded, Is.EqualTo(70));
    }

    internal static async Task<TestDatabase> PeopleAsync(int slow, int fast, string slowDomain = "slow.example")
    {
        var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            $"""
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            SELECT name || '@' || domain, name || '@' || domain, domain, 'active', 'member', now()
            FROM (SELECT 's' || n AS name, '{slowDomain}' AS domain, n FROM generate_series(1, {slow}) AS n
                  UNION ALL SELECT 'f' || n, 'fast.example', n FROM generate_series(1, {fast}) AS n) AS people
            ORDER BY domain = 'fast.example', n;
            {Support.Given.OnNewsletter}
            """);
        return database;
    }
}
