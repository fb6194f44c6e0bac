using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A relay that allows fewer connections than are set.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class FewerConnectionsTests(SmtpClientKind client)
{
    [TestCase(1)]
    [TestCase(2)]
    public async Task Those_that_work_go_on_the_number_is_learned_and_told_and_more_are_tried_later(int allowed)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(150);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { MaxConnections = allowed, Latency = TimeSpan.FromMilliseconds(5) });
        await using var host =
            await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 4, client), ("Smtp:FirstBackOff", "01:00:00")]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((150, 150)));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "it has not failed");
        await SendUntilAsync(database, host, 2127, $"SELECT working_connections = {allowed} FROM relay");
        var told = (await host.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.RelayConnections);
        Assert.That(told.Facts.Skip(2).Take(2), Is.EqualTo(new object[] { allowed, 4 }));

        relay.Options = relay.Options with { MaxConnections = null };
        await database.ExecuteAsync("UPDATE relay SET more_connections_at = now()");
        await SendUntilAsync(database, host, 2128, "SELECT working_connections IS NULL FROM relay");
    }

    [Test]
    public async Task A_relay_that_still_counts_a_connection_which_we_have_closed_has_not_failed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(30);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { MaxConnections = 1, CountedAfterwards = TimeSpan.FromMilliseconds(300) });
        await using var host = await TestHost.StartAsync(database,
            [.. Given.Relay(relay, connections: 1, client), ("Smtp:FirstBackOff", "01:00:00"), ("Smtp:MaxMessagesPerConnection", "10")]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue, TimeSpan.FromMinutes(3));

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((30, 30)));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "it has not failed");
    }

    // The connections that work may take an issue's last letter before a further one is tried: then the next issue does.
    private static async Task SendUntilAsync(TestDatabase database, TestHost host, int year, string learned)
    {
        for (var month = 1; !await database.ScalarAsync<bool>(learned); month++)
        {
            Assert.That(month, Is.AtMost(12), learned);
            var next = await database.IssueAsync($"{year}-{month:00}", queued: true);
            await host.PlanAsync();
            await database.UntilSettledAsync(next);
        }
    }
}
