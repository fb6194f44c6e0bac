using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>Some filters hang up, or say 421, at one recipient or one letter only, every time.</summary>
public sealed class OneLetterFellsTheRelayTests
{
    [TestCase("closing")]
    [TestCase("hangup-before-data")]
    public async Task Those_behind_it_get_theirs_and_it_is_given_up_in_the_end(string behaviour)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3, behaviour);
        await database.SubscribersAsync(30);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Chunking = false });
        await using var host = await TestHost.StartAsync(database,
            [.. Given.Relay(relay, connections: 1), ("Smtp:LongestBackOff", "00:00:00.2"), ("Dispatch:GiveUpAfter", "00:00:15"),
                ("Dispatch:RetryAfter:0", "00:00:01")]);

        await host.PlanAsync();
        var others = await database.UntilAsync(issue, r => r.Accepted == 30);
        Assert.That((others.Refused, others.Unknown, others.Waiting), Is.EqualTo((0, 0, 3)), "recipients are not penalised at once (RFC 5321 §3.8)");

        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((30, 3)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE reason = 'gave_up'"), Is.EqualTo(3));
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
