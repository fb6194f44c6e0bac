using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Halts;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// A backup of the middle of an issue is restored: what it takes for waiting may have been sent since, so nothing goes
/// out until somebody has decided.
/// </summary>
public sealed class DatabaseRestoredTests
{
    private static readonly FakeRelayOptions Slow = new() { Latency = TimeSpan.FromMilliseconds(3) };

    [Test]
    public async Task Dumped_at_a_thousand_killed_at_two_thousand_and_restored_nothing_goes_out_before_the_decision_which_is_kept_to()
    {
        await using var lost = await TestDatabase.CreateAsync();
        await lost.SubscribersAsync(3000);
        var issue = await lost.IssueAsync(queued: true);
        await using var relay = new FakeRelay(Slow);
        Backup backup;
        await using (var desk = await TestHost.StartAsync(lost, ("Roles", "web"))) await desk.PlanAsync();
        await using (var worker = WorkerProcess.Start(lost, Given.Relay(relay)))
        {
            await worker.UntilStartedAsync();
            await relay.WaitFor(1000);
            backup = await Backup.OfAsync(lost);
            await relay.WaitFor(2000);
            await worker.KillAsync();
        }

        using (backup)
        {
            await using var restored = await backup.RestoreAsync();
            var (certain, sent) = (await restored.ReceiptAsync(issue), relay.Messages.Count);
            Assert.That(certain.Accepted, Is.InRange(900, 2000));

            await using (var host = await TestHost.StartAsync(restored, [.. Given.Relay(relay), GivenRestored.OftenAlive]))
            {
                await restored.UntilLookedAsync();
                Assert.That(relay.Messages, Has.Count.EqualTo(sent), "nothing before the decision");
                var halt = (await host.Get<HaltList>().ListAsync(default)).Single();
                Assert.That((halt.IssueId, halt.Cause, halt.Before), Is.EqualTo(((int?)issue, HaltCause.Restored, (IssueState?)IssueState.Sending)));
                Assert.That(halt.Accepted, Is.EqualTo(certain.Accepted));
                Assert.That(halt.Waiting, Is.InRange(certain.Waiting - 4, certain.Waiting));
                Assert.That(halt.Likely, Is.InRange(1, halt.Waiting));
                Assert.That(halt.LastActiveAt, Is.LessThan(halt.At));
                Assert.That((await host.Get<Readiness>().LookAsync(default)).Ready, "the pages are there");

                var letters = await host.Get<HaltCommands>().TreatAsUnknownAsync(issue, Given.Editor, default);
                Assert.That(letters, Is.EqualTo(halt.Waiting));
                await restored.UntilStateAsync(issue, IssueState.Sent);
            }

            await using (await TestHost.StartAsync(restored, [.. Given.Relay(relay), GivenRestored.OftenAlive]))
            {
                await restored.UntilLookedAsync();
                var receipt = await restored.UntilSettledAsync(issue);

                Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((certain.Accepted, 3000 - certain.Accepted)),
                    "kept to after another start");
                Assert.That((receipt.Waiting, relay.Messages.Count), Is.EqualTo((0, sent)));
                await Books.AssertBalancedAsync(restored, issue, relay);
            }
        }
    }

    [Test]
    public async Task A_move_to_another_database_while_nothing_goes_out_asks_nothing_and_is_told()
    {
        await using var old = await TestDatabase.CreateAsync();
        await old.SubscribersAsync(5);
        await using var relay = new FakeRelay();
        int planned;
        await using (var before = await TestHost.StartAsync(old, Given.Relay(relay)))
        {
            var first = await old.IssueAsync("2026-11", queued: true);
            await before.PlanAsync();
            await old.UntilStateAsync(first, IssueState.Sent);
            planned = await old.IssueAsync("2026-12", queued: true);
            await old.ExecuteAsync($"UPDATE issue SET scheduled_at = now() + interval '2 hours' WHERE id = {planned}");
        }

        using var backup = await Backup.OfAsync(old);
        await using var moved = await backup.RestoreAsync();
        await using var host = await TestHost.StartAsync(moved, Given.Relay(relay));
        var extra = await moved.IssueAsync("2026-12-extra", queued: true);
        await host.PlanAsync();
        await moved.UntilStateAsync(extra, IssueState.Sent);

        Assert.That(relay.Messages, Has.Count.EqualTo(10));
        Assert.That(await host.Get<HaltList>().ListAsync(default), Is.Empty);
        var told = (await host.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.DatabaseMoved);
        Assert.That(told.Severity, Is.EqualTo(Severity.Note));
        Assert.That(await moved.StateAsync(planned), Is.EqualTo(IssueState.Queued));
        var number = await moved.SubscriberAsync("ny@gransele.example");
        Assert.That(number, Is.GreaterThan(10_000), "a link in a letter of after the backup is nobody else's here");
    }

    [Test]
    public async Task Restored_over_a_database_whose_worker_lives_that_worker_sends_nothing_twice()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(80);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(30) });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 2), GivenRestored.OftenAlive]);
        await host.PlanAsync();
        await relay.WaitFor(10);
        using var backup = await Backup.OfAsync(database);
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(relay.Messages, Has.Count.EqualTo(80));

        await backup.RestoreOverAsync(database);
        database.Source.Clear();
        await database.Source.ReloadTypesAsync();
        await database.UntilAsync("SELECT EXISTS (SELECT FROM halt WHERE decided_at IS NULL)");
        await database.UntilLookedAsync();

        Assert.That(relay.Messages, Has.Count.EqualTo(80));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Paused));
    }

    [Test]
    public async Task Two_workers_that_meet_a_restored_database_at_once_halt_it_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.HalfSentAsync();
        await database.RestoredAsync();
        await using var relay = new FakeRelay();

        (string, string)[] settings = [.. Given.Relay(relay), GivenRestored.OftenAlive];
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => TestHost.StartAsync(database, settings))));
        await database.UntilLookedAsync();

        Assert.That(relay.Messages, Is.Empty);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM halt"), Is.EqualTo(1));
        Assert.That(await hosts[1].Get<HaltCommands>().GoOnAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((100, 60)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM halt"), Is.EqualTo(1), "it is not asked again");
        foreach (var host in hosts) await host.DisposeAsync();
    }

    [Test]
    public async Task Files_restored_to_a_point_in_time_are_told_by_their_timeline()
    {
        using var server = new TestPostgres();
        await using var database = await TestDatabase.CreateOnAsync(server);
        var issue = await database.HalfSentAsync();
        await database.MetAsync();
        await using var relay = new FakeRelay();

        server.RecoverToNewTimeline();
        database.Source.Clear();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), GivenRestored.OftenAlive]);
        await database.UntilLookedAsync();

        Assert.That((await host.Get<HaltList>().OfIssueAsync(issue, default))?.Cause, Is.EqualTo(HaltCause.Restored));
        Assert.That(relay.Messages, Is.Empty);
    }

    [Test]
    public async Task A_worker_that_outlives_its_database_s_way_back_notices_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), GivenRestored.OftenAlive]);
        await database.UntilLookedAsync();
        await database.ExecuteAsync("UPDATE relay SET enabled = false");
        var issue = await database.HalfSentAsync();

        // As after the machine of the database alone was set back by two minutes: everything is as it was, but for what the worker knows.
        await database.ExecuteAsync("UPDATE database_identity SET beats = 1, last_active_at = now() - interval '2 minutes'");
        await database.UntilAsync("SELECT EXISTS (SELECT FROM halt)");

        Assert.That((await host.Get<HaltList>().OfIssueAsync(issue, default))?.Cause, Is.EqualTo(HaltCause.Restored));
    }

    [Test]
    public async Task Single_mails_that_waited_are_asked_about_and_new_ones_go_out([Values] bool send)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using (var desk = await TestHost.StartAsync(database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00")))
        {
            await SignUpAsync(desk, "asa@gransele.example");
            await desk.Get<Mailer.Subscribers.SignUp.SignUpDecisions>().DecideAsync(default);
        }

        await database.RestoredAsync();
        (string, string)[] settings = [.. Given.Relay(relay, connections: 1), ("SignUp:MinimumTime", "00:00:00"), GivenRestored.OftenAlive];
        await using var host = await TestHost.StartAsync(database, settings);
        await SignUpAsync(host, "bo@gransele.example");
        await relay.WaitFor(1);
        Assert.That(relay.Messages.Select(message => message.Recipient), Is.EqualTo(new[] { "bo@gransele.example" }));
        var halt = (await host.Get<HaltList>().ListAsync(default)).Single();
        Assert.That((halt.IssueId, halt.Waiting), Is.EqualTo(((int?)null, 1)));

        var commands = host.Get<HaltCommands>();
        var decided = await (send ? commands.SendNoticesAsync(Given.Editor, default) : commands.DropNoticesAsync(Given.Editor, default));
        Assert.That(decided, Is.EqualTo(1));
        await database.UntilAsync("SELECT count(*) = 0 FROM notice WHERE state IN ('waiting', 'sending')");

        string[] expected = send ? ["asa@gransele.example", "bo@gransele.example"] : ["bo@gransele.example"];
        Assert.That(relay.Messages.Select(message => message.Recipient), Is.EquivalentTo(expected));
        Assert.That(await database.ScalarAsync<bool>("SELECT bool_and(payload IS NULL) FROM notice"), "links are forgotten");

        static async Task SignUpAsync(TestHost host, string email)
        {
            using var reader = new PageReader(host.Url);
            await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", email), ("Form.Consent", "true"));
        }
    }

    [Test]
    public async Task The_role_that_runs_meets_and_decides_too()
    {
        await using var roles = await RoledDatabase.CreateAsync();
        await roles.MigrateAsync();
        var database = roles.Database;
        var issue = await database.IssueAsync(queued: true);
        await database.SubscribersAsync(3);
        await database.RestoredAsync();
        await using var relay = new FakeRelay();
        (string, string)[] settings = [.. Given.Relay(relay), ("Database:MigrateAtStart", "false"), GivenRestored.OftenAlive];
        await using var host =
            await TestHost.StartAsync(database, builder => builder.Configuration["ConnectionStrings:Mailer"] = roles.Runtime, settings);
        await database.UntilLookedAsync();

        Assert.That((await host.Get<HaltList>().OfIssueAsync(issue, default))?.Before, Is.EqualTo(IssueState.Queued));
        var isTold = await database.ScalarAsync<bool>("SELECT system_identifier IS NOT NULL AND timeline IS NOT NULL FROM database_identity");
        Assert.That(isTold, "also to a role without rights");
        Assert.That(await host.Get<HaltCommands>().TreatAsUnknownAsync(issue, Given.Editor, default), Is.EqualTo(3));
        Assert.That((relay.Messages.Count, (await database.ReceiptAsync(issue)).Unknown), Is.EqualTo((0, 3)));
    }
}
