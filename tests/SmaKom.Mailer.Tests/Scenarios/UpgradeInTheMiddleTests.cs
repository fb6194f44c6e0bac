using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A worker is replaced by a newer one in the middle of an issue: nobody is lost, doubled or unknown.</summary>
public sealed class UpgradeInTheMiddleTests
{
    private const int People = 4000;

    private static readonly FakeRelayOptions Slow = new() { Latency = TimeSpan.FromMilliseconds(3) };

    [Test]
    public async Task The_old_worker_is_told_to_stop_while_the_new_one_starts()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(600);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(Slow);
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"));
        await using var old = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Smtp:HeloName", "gammal.example")]);
        await old.UntilStartedAsync();
        await desk.PlanAsync();
        await relay.WaitFor(60);

        var fresh = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Smtp:HeloName", "ny.example")]);
        await using (fresh)
        {
            var ended = await old.TerminateAsync();
            var receipt = await database.UntilSettledAsync(issue);

            Assert.That(ended, Is.Zero);
            Assert.That((receipt.Audience, receipt.Accepted, receipt.Unknown), Is.EqualTo((600, 600, 0)));
            await Books.AssertBalancedAsync(database, issue, relay);
            Assert.That(relay.Messages.Select(message => message.Helo).Distinct(), Is.EquivalentTo(new[] { "gammal.example", "ny.example" }),
                "both had their part");
        }
    }

    [Test]
    public async Task The_new_version_changes_tables_while_the_old_one_sends()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(People);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(Slow);
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"));
        await using var old = WorkerProcess.Start(database, [.. Given.Relay(relay)]);
        await old.UntilStartedAsync();
        await desk.PlanAsync();
        await relay.WaitFor(60);

        // As a migration does: several tables in one transaction, columns added, and one of our own run again by a real start.
        var before = relay.Messages.Count;
        foreach (var table in new[] { "issue", "subscriber", "slice", "relay", "worker", "job_run", "delivery" })
            await database.ExecuteAsync($"ALTER TABLE {table} ADD COLUMN of_tomorrow text NOT NULL DEFAULT ''");
        await database.ExecuteAsync(
            "ALTER TABLE delivery ADD COLUMN of_next_year integer; ALTER TABLE slice ADD COLUMN of_next_year integer; ALTER TABLE issue ADD COLUMN of_next_year integer; CREATE INDEX ON delivery (issue_id, of_next_year)");
        await database.ExecuteAsync("""DELETE FROM migration WHERE "MigrationId" = '0010_delivery_room'; ALTER TABLE delivery RESET (fillfactor)""");
        await desk.Get<SmaKom.Mailer.Database.Migrator>().MigrateAsync(default);
        var after = relay.Messages.Count;

        Assert.That(await database.ScalarAsync<string[]>("SELECT reloptions FROM pg_class WHERE oid = 'delivery'::regclass"),
            Is.EqualTo(new[] { "fillfactor=45" }), "the migration has run");
        Assert.That(after, Is.InRange(before, People - 1), "the issue was still going out");
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Audience, receipt.Accepted, receipt.Unknown), Is.EqualTo((People, People, 0)));
        await Books.AssertBalancedAsync(database, issue, relay);
        Assert.That(await old.TerminateAsync(), Is.Zero);
    }
}
