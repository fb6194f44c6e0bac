using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Schedule;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Schedule;

/// <summary>What every job engine must keep. Says nothing of Quartz: another engine is run through the same tests.</summary>
public sealed class JobEngineTests
{
    private static readonly DateTimeOffset Morning = DateTimeOffset.Parse("2026-11-30T08:00:00Z");
    private TestDatabase database = null!;
    private Bell bell = null!;
    private SettableTime time = null!;
    private TimeProvider clock = null!;

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        bell = new();
        clock = time = new(Morning);
    }

    [TearDown]
    public async Task TearDown() => await database.DisposeAsync();

    [Test]
    public async Task An_alarm_rings_at_its_time_with_its_key()
    {
        await using var node = await StartNodeAsync();
        await Engine(node).ScheduleOnceAsync("Ring", "issue 12", Morning.AddHours(1), default);
        await Engine(node).ScheduleOnceAsync("Ring", "sooner", Morning.AddMinutes(1), default);

        time.Set(Morning.AddMinutes(1));
        Assert.That(await bell.NextAsync(), Is.EqualTo("sooner"));
        time.Set(Morning.AddHours(1));
        Assert.That(await bell.NextAsync(), Is.EqualTo("issue 12"));
    }

    [Test]
    public async Task An_alarm_set_again_rings_at_the_new_time_only()
    {
        await using var node = await StartNodeAsync();
        await Engine(node).ScheduleOnceAsync("Ring", "moved", Morning.AddHours(1), default);
        await Engine(node).ScheduleOnceAsync("Ring", "moved", Morning.AddHours(3), default);
        await Engine(node).ScheduleOnceAsync("Ring", "between", Morning.AddHours(2), default);

        time.Set(Morning.AddHours(2));
        Assert.That(await bell.NextAsync(), Is.EqualTo("between"));
        time.Set(Morning.AddHours(3));
        Assert.That(await bell.NextAsync(), Is.EqualTo("moved"));
        await NothingIsPendingAsync(node);
    }

    [Test]
    public async Task An_alarm_taken_back_does_not_ring()
    {
        await using var node = await StartNodeAsync();
        await Engine(node).ScheduleOnceAsync("Ring", "taken back", Morning.AddHours(1), default);
        await Engine(node).UnscheduleAsync("Ring", "taken back", default);
        await Engine(node).UnscheduleAsync("Ring", "never set", default);

        time.Set(Morning.AddHours(1));
        await NothingIsPendingAsync(node);
    }

    [Test]
    public async Task An_alarm_that_was_missed_while_nobody_was_up_rings_once_at_start()
    {
        await using (var web = await StartNodeAsync(("Roles", "web")))
            await Engine(web).ScheduleOnceAsync("Ring", "missed", Morning.AddHours(1), default);

        time.Set(Morning.AddDays(2));
        await using var worker = await StartNodeAsync();

        Assert.That(await bell.NextAsync(), Is.EqualTo("missed"));
        await NothingIsPendingAsync(worker);
    }

    [Test]
    public async Task A_recurring_job_that_missed_five_days_runs_once_and_goes_on()
    {
        var nightly = new JobEntry("Ring", typeof(Ring), "0 0 3 * * ?");
        await using (await StartNodeAsync(nightly)) { }
        time.Set(Morning.AddDays(5));
        await using var node = await StartNodeAsync(nightly);

        Assert.That(await bell.NextAsync(), Is.Null);
        await NothingIsPendingAsync(node);
        time.Set(Morning.AddDays(6));
        Assert.That(await bell.NextAsync(), Is.Null);
    }

    [Test]
    public async Task Only_workers_ring_and_pages_can_set_and_start()
    {
        await using var web = await StartNodeAsync(("Roles", "web"));
        await Engine(web).RunNowAsync("Ring", "now", default);
        await Engine(web).ScheduleOnceAsync("Ring", "later", Morning.AddSeconds(1), default);
        time.Set(Morning.AddMinutes(1));
        await using var worker = await StartNodeAsync(("Roles", "worker"));

        Assert.That(new[] { await bell.NextAsync(), await bell.NextAsync() }, Is.EquivalentTo(new[] { "now", "later" }));
        Assert.That(bell.Ringers, Has.All.EqualTo("worker"));
    }

    [Test]
    public async Task Two_workers_share_the_alarms_and_each_rings_once()
    {
        await using var one = await StartNodeAsync();
        await using var two = await StartNodeAsync();
        var keys = Enumerable.Range(1, 40).Select(number => $"alarm {number}").ToArray();
        foreach (var key in keys) await Engine(one).ScheduleOnceAsync("Ring", key, Morning.AddHours(1), default);

        time.Set(Morning.AddHours(1));
        var rung = new List<string?>();
        while (rung.Count < keys.Length) rung.Add(await bell.NextAsync());

        await NothingIsPendingAsync(two);
        Assert.That(rung, Is.EquivalentTo(keys));
    }

    [Test]
    public async Task A_run_whose_worker_died_is_taken_over()
    {
        // Cut off from the database, a worker is as dead to the others as after kill -9. Real time, since nodes count each other's silence.
        clock = TimeProvider.System;
        await database.ExecuteAsync("CREATE ROLE doomed SUPERUSER LOGIN");
        var doomed = await StartNodeAsync(("ConnectionStrings:Mailer", database.ConnectionString.Replace("Username=smakom", "Username=doomed")));
        var held = bell.HoldNext();
        await Engine(doomed).RunNowAsync("Ring", "taken over", default);
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
    public async Task A_failing_run_is_logged_and_the_next_one_happens()
    {
        var log = new RecordedLog();
        await using var node = await StartNodeAsync(builder => builder.Logging.AddProvider(log));
        await Engine(node).ScheduleOnceAsync("Ring", "fails", Morning.AddHours(1), default);
        await Engine(node).ScheduleOnceAsync("Ring", "goes on", Morning.AddHours(2), default);

        bell.FailNext();
        time.Set(Morning.AddHours(1));
        Assert.That(await log.ErrorAsync(), Does.StartWith("Job Ring (for fails) failed"));
        time.Set(Morning.AddHours(2));

        Assert.That(await bell.NextAsync(), Is.EqualTo("goes on"));
    }

    [Test]
    public async Task Recurring_jobs_follow_the_table_at_each_start()
    {
        await using (await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 3 * * ?"))) { }
        await using (await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 8 * * ?"))) { }
        await using (var moved = await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 8 * * ?")))
        {
            time.Set(Morning.AddHours(20));   // 05:00 in Stockholm: the old time is past, the new one is not
            await NothingIsPendingAsync(moved);
            time.Set(Morning.AddHours(25));
            Assert.That(await bell.NextAsync(), Is.Null);
        }

        await using var without = await StartNodeAsync(new JobEntry("Ring", typeof(Ring), null));
        time.Set(Morning.AddHours(49));
        await NothingIsPendingAsync(without);
    }

    [Test]
    public async Task Every_alarm_that_is_set_is_listed()
    {
        await using (await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 3 * * ?"))) { }
        await using var web = await StartNodeAsync(("Roles", "web"));
        await Engine(web).ScheduleOnceAsync("Ring", "issue 12", Morning.AddHours(1), default);
        await Engine(web).RunNowAsync("Ring", "now", default);
        await Engine(web).RunNowAsync("Ring", null, default);
        await Engine(web).ScheduleOnceAsync("Ring", "taken back", Morning.AddHours(2), default);
        await Engine(web).UnscheduleAsync("Ring", "taken back", default);

        var alarms = (await Engine(web).AlarmsAsync(default)).Where(alarm => alarm.Job == "Ring").ToList();
        Assert.That(alarms.Select(alarm => (alarm.Key, alarm.Kind)), Is.EquivalentTo(new (string?, AlarmKind)[]
        {
            (null, AlarmKind.Recurring), ("issue 12", AlarmKind.Once), ("now", AlarmKind.Now), (null, AlarmKind.Now),
        }));
        Assert.That(alarms.Single(alarm => alarm.Kind == AlarmKind.Once).At, Is.EqualTo(Morning.AddHours(1)));
        Assert.That(alarms.Single(alarm => alarm.Kind == AlarmKind.Recurring).At, Is.EqualTo(DateTimeOffset.Parse("2026-12-01T02:00:00Z")), "03:00 in Stockholm");
    }

    [Test]
    public async Task Every_run_is_in_the_history_with_what_it_was_for_and_why()
    {
        await using var node = await StartNodeAsync(new JobEntry("Ring", typeof(Ring), "0 0 3 * * ?"));
        await Engine(node).ScheduleOnceAsync("Ring", "issue 12", Morning.AddHours(1), default);
        time.Set(Morning.AddHours(1));
        await bell.NextAsync();
        await Engine(node).RunNowAsync("Ring", "now", default);
        await bell.NextAsync();
        time.Set(Morning.AddHours(20));
        await bell.NextAsync();

        await database.UntilAsync("SELECT count(*) = 3 FROM job_run WHERE job = 'Ring' AND state = 'succeeded'");
        Assert.That(await database.ScalarAsync<string[]>("SELECT array_agg(concat_ws(' ', kind, key) ORDER BY id) FROM job_run WHERE job = 'Ring'"),
            Is.EqualTo(new[] { "once issue 12", "now now", "recurring" }));
        Assert.That(await database.ScalarAsync<string>("SELECT (planned_at AT TIME ZONE 'UTC')::text FROM job_run WHERE key = 'issue 12'"), Is.EqualTo("2026-11-30 09:00:00"));
    }

    private static IJobEngine Engine(TestHost node) => node.Get<IJobEngine>();

    /// <summary>Runs are in the order of their times and one at a time, so what was due rings before what is asked for now.</summary>
    private async Task NothingIsPendingAsync(TestHost node)
    {
        await Engine(node).RunNowAsync("Ring", "nothing before this", default);
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
