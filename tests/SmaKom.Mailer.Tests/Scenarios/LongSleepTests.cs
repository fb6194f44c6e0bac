using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Halts;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>No worker has lived for hours. What was going out then goes on only when somebody says so; what has just come due goes out.</summary>
public sealed class LongSleepTests
{
    private TestDatabase database = null!;
    private FakeRelay relay = null!;

    [SetUp]
    public async Task BeginAsync() => (database, relay) = (await TestDatabase.CreateAsync(), new());

    [TearDown]
    public async Task EndAsync()
    {
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task An_issue_that_was_going_out_the_night_before_waits_for_a_decision()
    {
        var issue = await database.HalfSentAsync(ago: "9 hours");
        await database.MetAsync("9 hours");
        await using var host = await StartAsync();
        await database.UntilLookedAsync();

        var halt = await host.Get<HaltList>().OfIssueAsync(issue, default);
        Assert.That((halt?.Cause, halt?.Accepted, halt?.Waiting, halt?.Likely), Is.EqualTo((HaltCause.Slept, 40, 60, 60)));
        Assert.That(halt!.PerMinute, Is.EqualTo(120).Within(10));
        Assert.That(halt.Silence.TotalHours, Is.EqualTo(9).Within(0.1));
        Assert.That(relay.Messages, Is.Empty);
    }

    [TestCase("5 minutes", "5 minutes", true)]
    [TestCase("5 minutes", "9 hours", true)]
    [TestCase("3 days", "3 days", false)]
    [TestCase("3 days", "5 minutes", true)]
    public async Task An_issue_that_has_come_due_goes_out_unless_that_was_long_ago_and_nobody_was_there(string due, string silent, bool sent)
    {
        await database.SubscribersAsync(3);
        var issue = await database.IssueAsync(queued: true);
        await database.ExecuteAsync($"UPDATE issue SET scheduled_at = now() - interval '{due}'");
        await database.MetAsync(silent);
        await using var host = await StartAsync();
        await host.PlanAsync();

        if (sent) await database.UntilStateAsync(issue, IssueState.Sent);
        else await database.UntilLookedAsync();
        Assert.That((relay.Messages.Count, await database.StateAsync(issue)), Is.EqualTo(sent ? (3, IssueState.Sent) : (0, IssueState.Queued)));
        if (sent) return;

        Assert.That((await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default)).Answer, Is.EqualTo(CommandAnswer.Halted));
        Assert.That(await host.Get<HaltCommands>().GoOnAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        await host.PlanAsync();
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(relay.Messages, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task What_somebody_paused_for_days_and_resumes_goes_on()
    {
        var issue = await database.HalfSentAsync(ago: "5 days");
        await database.ExecuteAsync("UPDATE issue SET state = 'paused'");
        await database.MetAsync("3 days");
        await using var host = await StartAsync();
        await database.UntilLookedAsync();

        Assert.That(await host.Get<HaltList>().ListAsync(default), Is.Empty);
        Assert.That(await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(relay.Messages, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task Resumed_while_no_worker_lived_it_is_decided_already()
    {
        var issue = await database.HalfSentAsync(ago: "3 days");
        await database.ExecuteAsync("UPDATE issue SET updated_at = now() - interval '10 minutes'");
        await database.MetAsync("3 days");
        await using var host = await StartAsync();

        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(relay.Messages, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task Letters_put_off_for_hours_while_a_worker_lived_are_no_sleep()
    {
        var issue = await database.HalfSentAsync(ago: "9 hours");
        await database.ExecuteAsync(
            "UPDATE delivery SET state = 'deferred', next_attempt_at = now(), first_attempt_at = now() - interval '9 hours' WHERE state = 'waiting'");
        await database.MetAsync("1 minute");
        await using var host = await StartAsync();

        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(relay.Messages, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task A_worker_that_was_frozen_with_its_machine_sends_nothing_when_it_wakes()
    {
        using var server = TestPostgres.WithClock();
        await using var clocked = await TestDatabase.CreateOnAsync(server);
        await clocked.SubscribersAsync(300);
        var issue = await clocked.IssueAsync(queued: true);
        await using var slow = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(20) });
        await using var worker = WorkerProcess.Start(clocked, [.. Given.Relay(slow), GivenRestored.OftenAlive]);
        await worker.UntilStartedAsync();
        await using (var desk = await TestHost.StartAsync(clocked, ("Roles", "web"))) await desk.PlanAsync();
        await slow.WaitFor(30);

        await worker.SignalAsync("STOP");
        server.Jump(TimeSpan.FromHours(9));
        var sent = slow.Messages.Count;
        await worker.SignalAsync("CONT");
        await clocked.UntilAsync("SELECT EXISTS (SELECT FROM halt WHERE cause = 'slept')");
        await clocked.UntilStateAsync(issue, IssueState.Paused);
        await clocked.UntilLookedAsync();

        Assert.That(slow.Messages.Count, Is.LessThan(300));
        Assert.That(slow.Messages.Count - sent, Is.LessThan(100), "what was in its hands");
        await Books.AssertBalancedAsync(clocked, issue, slow);
    }

    [Test]
    public async Task A_first_start_of_this_version_goes_by_the_workers_that_were_there()
    {
        var issue = await database.HalfSentAsync(ago: "9 hours");
        await database.ExecuteAsync(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at)
            VALUES (gen_random_uuid(), 'a', now() - interval '1 day', now() - interval '9 hours')
            """);
        await using var host = await StartAsync();
        await database.UntilLookedAsync();

        Assert.That((await host.Get<HaltList>().OfIssueAsync(issue, default))?.Cause, Is.EqualTo(HaltCause.Slept));
        Assert.That(relay.Messages, Is.Empty);
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(database, [.. Given.Relay(relay), GivenRestored.OftenAlive]);
}
