using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Jobs;

/// <summary>Planned, recurring and asked-for runs on Hangfire: each once, none lost, also when a worker dies.</summary>
public sealed class HangfireJobsTests
{
    private static readonly TimeZoneInfo Stockholm = TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm");
    private TestDatabase database = null!;
    private Bell bell = null!;
    private EngineClock time = null!;
    private readonly TimeProvider clock = TimeProvider.System;

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        bell = new();
        time = new(database);
    }

    [TearDown]
    public async Task TearDown() => await database.DisposeAsync();

    [Test]
    public async Task An_alarm_rings_at_its_time_with_its_key()
    {
        await using var node = await StartNodeAsync();
        node.PlanOnce("Ring", "issue 12", time.At(2));
        node.PlanOnce("Ring", "sooner", time.At(1));

        Assert.That(await bell.NextAsync(), Is.EqualTo("sooner"));
        Assert.That(await bell.NextAsync(), Is.EqualTo("issue 12"));
    }

    [Test]
    public async Task A_planned_run_that_was_deleted_does_not_ring()
    {
        await using var node = await StartNodeAsync();
        node.Get<JobEngine>().Delete(node.PlanOnce("Ring", "taken back", time.At(1)));
        node.Get<JobEngine>().Delete("4711");

        await time.PassAsync(1);
        await NothingIsPendingAsync(node);
    }

    [Test]
    public async Task An_alarm_that_was_missed_while_nobody_was_up_rings_once_at_start()
    {
        await using (var web = await StartNodeAsync(("Roles", "web")))
            web.PlanOnce("Ring", "missed", time.At(1));

        await time.PassAsync(1);
        await using var worker = await StartNodeAsync();

        Assert.That(await bell.NextAsync(), Is.EqualTo("missed"));
        await NothingIsPendingAsync(worker);
    }

    [Test]
    public async Task A_recurring_job_that_missed_five_days_runs_once_and_goes_on()
    {
        var nightly = new JobEntry("Ring", typeof(Ring), "0 0 3 * * *");
        await using (await StartNodeAsync(nightly)) { }
        await time.PassDaysAsync(5);
        await using var node = await StartNodeAsync(nightly);

        Assert.That(await bell.NextAsync(), Is.Null);
        await NothingIsPendingAsync(node);
        await time.PassDaysAsync(1);
        Assert.That(await bell.NextAsync(), Is.Null);
    }

    [Test]
    public async Task Only_workers_ring_and_pages_can_set_and_start()
    {
        await using var web = await StartNodeAsync(("Roles", "web"));
        web.Get<JobEngine>().RunNow("Ring", "now");
        web.PlanOnce("Ring", "later", time.At(1));
        await time.PassAsync(1);
        await using var worker = await StartNodeAsync(("Roles", "worker"));

        Assert.That(new[] { await bell.NextAsync(), await bell.NextAsync() }, Is.EquivalentTo(new[] { "now", "later" }));
        Assert.That(bell.Ringers, Has.All.EqualTo("worker"));
    }

    [Test]
    public async Task Two_workers_share_the_alarms_and_each_rings_once()
    {
        await using var one = await StartNodeAsync();
        await using var two = await StartNodeAsync();
        var keys = Enumerable.Range(1, 40).Select(number => $"run {number}").ToArray();
        foreach (var key in keys) one.PlanOnce("Ring", key, time.At(1));

        var rung = new List<string?>();
        while (rung.Count < keys.Length) rung.Add(await bell.NextAsync());

        await NothingIsPendingAsync(two);
        Assert.That(rung, Is.EquivalentTo(keys));
    }

    [Test]
    public async Task A_run_whose_worker_died_is_taken_over()
    {
        // Cut off from the database, a worker is as dead to the others as after kill -9.
        await database.ExecuteAsync("CREATE ROLE doomed SUPERUSER LOGIN");
        var doomed = await StartNodeAsync(("ConnectionStrings:Mailer", database.ConnectionString.Replace("Username=smakom", "Username=doomed")));
        var held = bell.HoldNext();
        doomed.Get<JobEngine>().RunNow("Ring", "taken over");
        await held.Entered.WaitAsync(Bell.Patience);

        await using var heir = await StartNodeAsync();
        await database.ExecuteAsync("ALTER ROLE doomed NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'doomed'");

        Assert.That(await bell.NextAsync(), Is.EqualTo("taken over"));
        await database.UntilAsync("SELECT array_agg(state::text ORDER BY id) = '{lost,succeeded}' FROM job_run WHERE key = 'taken over'");
        await database.ExecuteAsync("ALTER ROLE doomed LOGIN");
        held.Release();
        await doomed.DisposeAsync();
    }

    [Test]
    public async Task A_run_that_takes_longer_than_a_worker_may_be_silent_is_not_taken_over()
    {
        // Nodes count each other's silence: five seconds at the most with these settings.
        await using var one = await StartNodeAsync();
        await using var two = await StartNodeAsync();
        var held = bell.HoldNext();
        one.Get<JobEngine>().RunNow("Ring", "long");
        await held.Entered.WaitAsync(Bell.Patience);
        await database.UntilAsync("SELECT bool_or(started_at < clock_timestamp() - interval '9 seconds') FROM job_run WHERE key = 'long'");
        held.Release();
        await database.UntilAsync("SELECT bool_and(state = 'succeeded') FROM job_run WHERE key = 'long'");

        await NothingIsPendingAsync(two);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM job_run WHERE key = 'long'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_failing_run_is_logged_and_the_next_one_happens()
    {
        var log = new RecordedLog();
        await using var node = await StartNodeAsync(builder => builder.Logging.AddProvider(log));
        node.PlanOnce("Ring", "fails", time.At(1));
        node.PlanOnce("Ring", "goes on", time.At(2));

        bell.FailNext();
        Assert.That(await log.ErrorAsync(), Does.StartWith("Job Ring (for fails) failed"));

        Assert.That(await bell.NextAsync(), Is.EqualTo("goes on"));
    }

    [Test]
    public async Task Recurring_jobs_follow_the_table_at_each_start()
    {
        await using (await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 3 * * *"))) { }
        await using (var moved = await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 8 * * *")))
        {
            var next = moved.Get<JobEngine>().Planned().Single(run => run is { Job: "Ring", Kind: RunKind.Recurring }).At!.Value;
            Assert.That(TimeZoneInfo.ConvertTime(next, Stockholm).TimeOfDay, Is.EqualTo(TimeSpan.FromHours(8)));
            await time.PassDaysAsync(1);
            Assert.That(await bell.NextAsync(), Is.Null);
            await NothingIsPendingAsync(moved);
        }

        await using var without = await StartNodeAsync();
        Assert.That(without.Get<JobEngine>().Planned(), Has.None.Matches<PlannedRun>(run => run.Job == "Ring"));
        await time.PassDaysAsync(1);
        await NothingIsPendingAsync(without);
    }

    [Test]
    public async Task One_job_runs_once_at_a_time_on_all_workers_and_what_waited_is_not_lost()
    {
        await using var one = await StartNodeAsync();
        await using var two = await StartNodeAsync();
        var held = bell.HoldNext();
        one.Get<JobEngine>().RunNow("Ring", "first");
        await held.Entered.WaitAsync(Bell.Patience);

        two.Get<JobEngine>().RunNow("Ring", "second");
        two.PlanOnce("Ring", "third", time.At(1));
        await time.PassAsync(1);
        Assert.That(bell.Ringers, Has.Count.EqualTo(1));
        held.Release();

        Assert.That(new[] { await bell.NextAsync(), await bell.NextAsync() }, Is.EquivalentTo(new[] { "second", "third" }));
    }

    /// <summary>What was due has begun, and runs are one at a time: what it rang was heard before what is asked for now.</summary>
    private async Task NothingIsPendingAsync(TestHost node)
    {
        await Until.TrueAsync(() => Task.FromResult(!node.Get<JobEngine>().Planned().Any(run => run.Job == "Ring" && run.At <= clock.GetUtcNow())));
        node.Get<JobEngine>().RunNow("Ring", "nothing before this");
        Assert.That(await bell.NextAsync(), Is.EqualTo("nothing before this"));
    }

    private Task<TestHost> StartNodeAsync(params (string, string)[] settings) => StartNodeAsync(new("Ring", typeof(Ring), null), _ => { }, settings);

    private Task<TestHost> StartNodeAsync(JobEntry job) => StartNodeAsync(job, _ => { });

    private Task<TestHost> StartNodeAsync(Action<WebApplicationBuilder> configure) => StartNodeAsync(new("Ring", typeof(Ring), null), configure);

    private Task<TestHost> StartNodeAsync(JobEntry job, Action<WebApplicationBuilder> configure, params (string, string)[] settings) =>
        TestHost.StartAsync(database, builder =>
        {
            builder.Services.AddSingleton(bell);
            builder.Services.AddSingleton(clock);
            builder.Services.AddJob(job);
            configure(builder);
        }, [("Schedule:PollInterval", "00:00:01"), ("Schedule:CheckInInterval", "00:00:00.3"), .. settings]);
}
