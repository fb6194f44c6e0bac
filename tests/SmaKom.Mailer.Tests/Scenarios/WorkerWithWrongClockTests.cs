using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A worker on a machine whose clock is wrong, and is put right or wrong while it works: what is due is the database's to say.</summary>
public sealed class WorkerWithWrongClockTests
{
    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private FakeClock clock = null!;

    [SetUp]
    public async Task Start()
    {
        (database, relay) = (await TestDatabase.CreateAsync(), new FakeRelay());
        clock = new(Path.Combine(Directory.CreateTempSubdirectory("smakom-clock-").FullName, "clock"));
    }

    [TearDown]
    public async Task Stop()
    {
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Half_an_hour_fast_it_sends_nothing_early_and_is_named()
    {
        await database.SubscribersAsync(10);
        var issue = await database.IssueAsync();
        await using var pages = await TestHost.StartAsync(database, [("Roles", "web"), .. Given.Relay(relay)]);
        await pages.Get<IssueCommands>().QueueAsync(issue, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(20), Given.Editor, default);
        clock.Jump(TimeSpan.FromMinutes(30));
        await using var fast =
            WorkerProcess.Start(database, clock,
                [.. Given.Relay(relay), ("Schedule:PollInterval", "00:00:01"), ("Schedule:CheckInInterval", "00:00:01")]);

        // By that clock it is time, so Hangfire begins with the issue's job, which looks whether it is.
        await database.UntilAsync("SELECT EXISTS (SELECT FROM hangfire.job WHERE statename = 'Processing')");
        await database.UntilAsync("SELECT EXISTS (SELECT FROM worker WHERE clock_ahead > '29 minutes')");
        var found = (await pages.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.ClockOff);
        var name = await database.ScalarAsync<string>("SELECT name FROM worker");
        Assert.That((await database.StateAsync(issue), relay.Connections), Is.EqualTo((IssueState.Queued, 0)));
        Assert.That(found.Facts[0], Is.EqualTo(name));
        Assert.That((TimeSpan)found.Facts[1], Is.EqualTo(TimeSpan.FromMinutes(30)).Within(TimeSpan.FromSeconds(20)));

        await database.ExecuteAsync("UPDATE issue SET scheduled_at = now()");
        Assert.That((await database.UntilSettledAsync(issue)).Accepted, Is.EqualTo(10));
    }

    /// <summary>An hour ahead while letters are put off, then put right; or right, and set back by an hour.</summary>
    [TestCase(60, 0)]
    [TestCase(0, -60)]
    public async Task Put_right_or_set_back_it_leaves_no_letter_resting(int first, int then)
    {
        await database.SubscribersAsync(20, "greylist");
        var issue = await database.IssueAsync(queued: true);
        clock.Jump(TimeSpan.FromMinutes(first));
        await using var worker = WorkerProcess.Start(database, clock, [.. Given.Relay(relay), ("Dispatch:RetryAfter:0", "00:00:03")]);
        await using var pages = await TestHost.StartAsync(database, ("Roles", "web"));
        await pages.PlanAsync();
        await database.UntilAsync("SELECT EXISTS (SELECT FROM delivery_attempt WHERE outcome = 'deferred')");
        Assert.That(await database.ScalarAsync<bool>("SELECT COALESCE(max(next_attempt_at) < now() + interval '1 minute', true) FROM delivery"),
            "by the database's clock");

        clock.Jump(TimeSpan.FromMinutes(then));
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Accepted, Is.EqualTo(20));
        Assert.That(await database.ScalarAsync<bool>(
            "SELECT bool_and(abs(extract(epoch FROM now() - finished_at)) < 300 AND first_attempt_at <= finished_at) FROM delivery"),
            "times by the database's clock");
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
