using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A receiver that says "too fast" rests and recovers; the relay is well and no person is marked.</summary>
public sealed class TooFastTests
{
    [TestCase(".", "421 4.7.28 Gmail has detected an unusual rate of mail")]
    [TestCase("MAIL", "421 4.7.28 Gmail has detected an unusual rate of mail")]
    [TestCase("RCPT", "450 4.7.28 Gmail has detected an unusual rate of mail")]
    public async Task The_group_rests_ten_minutes_and_recovers_by_one_connection_after_the_other(string command, string reply)
    {
        await using var database = await RateLimitTests.PeopleAsync(slow: 40, fast: 30, slowDomain: "googlemail.com");
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(5), Faults = [new(command, FakeRelayAct.Answer, Times: 1, Reply: reply)] });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 1), ("Dispatch:SlowDownStep", "00:00:00.02")]);

        await host.PlanAsync();
        await database.UntilAsync(issue, r => r.Accepted == 30);
        await database.UntilAsync("SELECT bool_and(claim_id IS NULL AND due_at > now() + interval '30 seconds') FROM slice");

        Assert.That(await database.ScalarAsync<bool>(
            "SELECT paused_until BETWEEN now() + interval '9 minutes' AND now() + interval '10 minutes' AND destination_group = 'google' AND max_connections = 1 FROM destination_state"));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "the relay is never marked");
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM delivery WHERE domain = 'googlemail.com' AND state IN ('waiting', 'deferred')"), Is.EqualTo(40));

        await database.ExecuteAsync("UPDATE destination_state SET paused_until = now(); UPDATE slice SET due_at = now(); NOTIFY mailer");
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((70, 70)));
        await database.UntilAsync("SELECT count(*) = 0 FROM destination_state");
    }
}
