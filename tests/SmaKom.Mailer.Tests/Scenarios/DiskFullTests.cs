using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The database's disk is full in the middle of an issue. On a server of its own, whose files may not grow for a while.</summary>
public sealed class DiskFullTests
{
    private const int Megabyte = 1 << 20;

    [Test]
    public async Task Nothing_is_sent_while_nothing_can_be_recorded_and_then_all_of_it()
    {
        // The log is written in files of a megabyte, which the limit lets through: it is the tables that cannot grow.
        using var server = new TestPostgres(durable: false, "--wal-segsize=1");
        await using var database = await TestDatabase.CreateOnAsync(server);
        // No room in the pages, and tables beyond the limit already: every further row version needs a page that does not exist.
        await database.ExecuteAsync("ALTER TABLE delivery SET (fillfactor = 100)");
        await OldIssueAsync(database);
        await database.SubscribersAsync(200);
        var issue = await database.IssueAsync("2026-12", queued: true);
        // Forty letters a second: the disk is full long before the last.
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(25) });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 1), ("Smtp:IdleTimeout", "00:00:00.2")]);
        await host.PlanAsync();
        await relay.WaitFor(20);

        server.LimitFiles(Megabyte);
        await database.UntilAsync(issue, r => Full(database));
        await relay.WaitForQuiet();
        var sentWithout = relay.Messages.Count;
        var full = await database.ReceiptAsync(issue);
        server.LimitFiles(null);
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(sentWithout, Is.LessThan(200), "nothing is sent without a committed intent");
        Assert.That(full.AddsUp);
        Assert.That(full.Unknown, Is.Zero);
        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((200, 0)));
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    /// <summary>True when the server says that a table cannot grow.</summary>
    private static bool Full(TestDatabase database)
    {
        try
        {
            using var command = database.Source.CreateCommand(
                "CREATE TABLE IF NOT EXISTS ballast AS SELECT repeat('x', 500) AS a FROM generate_series(1, 4000)");
            command.ExecuteNonQuery();
            return false;
        }
        catch (Npgsql.PostgresException)
        {
            return true;
        }
    }

    private static async Task OldIssueAsync(TestDatabase database)
    {
        var issue = await database.IssueAsync();
        await database.ExecuteAsync(
            $"""
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            SELECT 'old' || n || '@gransele.example', 'old' || n || '@gransele.example', 'gransele.example', 'unsubscribed', 'member', now()
            FROM generate_series(1, 9000) AS n;
            INSERT INTO delivery (issue_id, subscriber_id, variant, state, email, domain)
            SELECT {issue}, id, 0, 'excluded', email, domain
            FROM subscriber
            """);
    }
}
