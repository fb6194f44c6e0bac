using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>Servers that say no to many people, in the ways that are normal.</summary>
public sealed class ServersSayNoTests
{
    [Test]
    public async Task Greylisted_everybody_gets_the_letter_at_the_second_attempt()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(20, "greylist");
        await database.SubscribersAsync(20);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((40, 0)));
        await Books.AssertBalancedAsync(database, issue, relay);
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM delivery WHERE attempts = CASE WHEN email LIKE 'greylist%' THEN 2 ELSE 1 END"), Is.EqualTo(40));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "greylisting is no failure of the relay");
    }

    [TestCase(true, true)]
    [TestCase(true, false)]
    [TestCase(false, false)]
    public async Task Half_of_the_recipients_refused_the_other_half_gets_theirs(bool pipelining, bool chunking)
    {
        // Fewer than ten are gone: with more the issue is paused for an old list.
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            $"""
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            SELECT a, a, 'gransele.example', 'active', 'member', now()
            FROM (SELECT CASE WHEN n % 2 = 0 THEN 'permfail' ELSE 'p' END || n || '@gransele.example' AS a FROM generate_series(1, 18) AS n) AS people;
            {Given.OnNewsletter}
            """);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Pipelining = pipelining, Chunking = chunking, StartsDataWithoutRecipient = pipelining });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((9, 9)));
        await Books.AssertBalancedAsync(database, issue, relay);
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM delivery WHERE state = 'refused' AND email LIKE 'permfail%' AND attempts = 1 AND reply_code = 550"),
            Is.EqualTo(9));
        Assert.That(relay.Commands.Count(line => line.StartsWith("RCPT TO:<permfail", StringComparison.Ordinal)), Is.EqualTo(9),
            "5xx is never tried again");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_server_that_lies_about_pipelining_still_gets_everything_once(bool chunking)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(30);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { LiesAboutPipelining = true, Chunking = chunking });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 2), ("Smtp:CommandTimeout", "00:00:01.5")]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((30, 0)));
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
