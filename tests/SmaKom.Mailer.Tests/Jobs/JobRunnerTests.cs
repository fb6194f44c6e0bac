using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Jobs;

/// <summary>What is written down of runs, whichever engine calls.</summary>
public sealed class JobRunnerTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private Scripted script = null!;

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        script = new();
        host = await TestHost.StartAsync(database, builder =>
        {
            builder.Services.AddSingleton(script);
            builder.Services.AddJob(new("Play", typeof(Play), null));
        }, ("Roles", "worker"), ("Schedule:CheckInInterval", "00:01:00"));
    }

    [TearDown]
    public async Task TearDown()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_run_that_succeeded_has_its_node_and_log_lines()
    {
        script.Does = (log, _) =>
        {
            log.LogInformation("Half of it is done");
            log.LogDebug("Too fine to keep");
            return Task.CompletedTask;
        };
        await RunAsync("12");

        Assert.That(await RowAsync("concat_ws(' ', key, kind, state, ended_at >= started_at, cause, cardinality(log))"),
            Is.EqualTo("12 now succeeded t 1"));
        Assert.That(await RowAsync("log[1]"), Does.EndWith("info Play: Half of it is done"));
        Assert.That(await RowAsync("node"), Is.EqualTo(host.Get<WorkerIdentity>().Name));
        Assert.That(await CountersAsync(), Is.EqualTo("1 0 0"));
    }

    [Test]
    public async Task A_run_that_failed_has_its_cause_and_exception_without_addresses_and_secrets()
    {
        script.Does = (log, _) =>
        {
            log.LogWarning("Asking {Address}", "åsa.berg@gransele.example");
            throw new InvalidOperationException(
                "Row 4711 of åsa.berg@gransele.example, Password=hemligt, https://example.org/l/k7QmZ2xPfV9tR4wN8bYcLs3d refused");
        };
        await RunAsync("12");

        Assert.That(await RowAsync("state"), Is.EqualTo("failed"));
        Assert.That(await RowAsync("cause"),
            Is.EqualTo("InvalidOperationException: Row # of (address), Password=(secret), https://example.org/l/(token) refused"));
        Assert.That(await RowAsync("exception"),
            Does.Contain("JobRunnerTests").And.Contain("Row 4711").And.Not.Contain("gransele").And.Not.Contain("hemligt").And.Not.Contain("k7QmZ2x"));
        Assert.That(await RowAsync("log::text"), Does.Contain("Asking (address)").And.Not.Contain("gransele"));
        Assert.That(await CountersAsync(), Is.EqualTo("0 1 0"));
    }

    [TestCase(RunKind.Recurring, "It runs again at its next time.")]
    [TestCase(RunKind.Once, "It is run again within a minute.")]
    [TestCase(RunKind.Now, "It is not run again by itself: requeue it, or try it again at /admin/jobb.")]
    public async Task The_log_line_of_a_failure_says_whether_it_runs_again(RunKind kind, string says)
    {
        script.Does = (_, _) => throw new InvalidOperationException();
        await host.Get<JobRunner>().RunAsync(new("Play", "12", kind, null), default);

        Assert.That(await RowAsync("log[1]"), Does.Contain($"Job Play (for 12) failed. {says}"));
    }

    [Test]
    public async Task Failures_that_differ_in_numbers_have_one_cause()
    {
        foreach (var number in new[] { 1, 22, 333 })
        {
            script.Does = (_, _) => throw new InvalidOperationException($"Issue {number} is \"Nyheter {number}\"");
            await RunAsync($"{number}");
        }

        Assert.That(await database.ScalarAsync<long>("SELECT count(DISTINCT cause) FROM job_run WHERE job = 'Play'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_that_is_cut_off_by_the_engine_is_lost()
    {
        using var stop = new CancellationTokenSource();
        script.Does = async (_, ct) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
        };

        Assert.CatchAsync<OperationCanceledException>(() => host.Get<JobRunner>().RunAsync(new("Play", null, RunKind.Now, null), stop.Token));
        Assert.That(await RowAsync("state"), Is.EqualTo("lost"));
        Assert.That(await CountersAsync(), Is.EqualTo("0 0 1"));
    }

    [Test]
    public async Task A_job_that_gives_up_waiting_by_itself_has_failed()
    {
        script.Does = (_, _) => throw new OperationCanceledException("The relay did not answer");
        await RunAsync(null);
        Assert.That(await RowAsync("state"), Is.EqualTo("failed"));
    }

    [Test]
    public async Task A_paused_job_is_left_out_when_it_recurs_and_runs_when_it_is_asked_for()
    {
        await host.Get<JobPauses>().PauseAsync("Play", Actor.Staff("åsa"), default);
        await host.Get<JobRunner>().RunAsync(new("Play", null, RunKind.Recurring, null), default);
        Assert.That(script.Runs, Is.Zero);

        await host.Get<JobRunner>().RunAsync(new("Play", null, RunKind.Now, null), default);
        Assert.That(script.Runs, Is.EqualTo(1));

        await host.Get<JobPauses>().ResumeAsync("Play", Given.Editor, default);
        await host.Get<JobRunner>().RunAsync(new("Play", null, RunKind.Recurring, null), default);
        Assert.That(script.Runs, Is.EqualTo(2));
    }

    [Test]
    public async Task A_failing_database_is_nothing_that_the_engine_hears_of()
    {
        await database.ExecuteAsync("ALTER TABLE job_pause RENAME TO away; ALTER TABLE job_run RENAME TO away_too");
        Assert.DoesNotThrowAsync(() => host.Get<JobRunner>().RunAsync(new("Play", null, RunKind.Recurring, null), default));
        Assert.DoesNotThrowAsync(() => host.Get<JobRunner>().RunAsync(new("Play", null, RunKind.Now, null), default));
        Assert.That(script.Runs, Is.EqualTo(1), "whether the recurring one is paused is unknown; the other one runs without a history");
    }

    [Test]
    public async Task A_run_whose_worker_fell_silent_is_lost_and_one_of_a_living_worker_goes_on()
    {
        script.Does = async (_, _) =>
        {
            await CloseLostAsync();
            Assert.That(await RowAsync("state"), Is.EqualTo("running"), "this worker lives");
            await database.ExecuteAsync("UPDATE worker SET heartbeat_at = now() - interval '10 minutes'");
            await CloseLostAsync();
            Assert.That(await RowAsync("state"), Is.EqualTo("lost"));
            Assert.That(await CountersAsync(), Is.EqualTo("0 0 1"));
        };
        await RunAsync(null);

        // It was slow, not dead: in the end what happened stands there.
        Assert.That(await RowAsync("state"), Is.EqualTo("succeeded"), await RowAsync("exception"));
        Assert.That(await CountersAsync(), Is.EqualTo("1 0 0"));

        Task CloseLostAsync() => host.Get<JobHistory>().CloseLostAsync(TimeSpan.FromMinutes(4), default);
    }

    [Test]
    public async Task Endless_log_lines_are_cut()
    {
        script.Does = (log, _) =>
        {
            foreach (var i in Enumerable.Range(0, 1000)) log.LogInformation("{Line} {Number}", new string('a', 5000), i);
            return Task.CompletedTask;
        };
        await RunAsync(null);

        Assert.That(await RowAsync("cardinality(log)"), Is.EqualTo("201"));
        Assert.That(await RowAsync("log[201]"), Is.EqualTo("… +800"));
        Assert.That(int.Parse(await RowAsync("length(log[1])")), Is.LessThan(1100));
    }

    [Test]
    public async Task What_is_logged_outside_a_run_is_kept_nowhere()
    {
        script.Does = (log, _) =>
        {
            var elsewhere = new Thread(() => log.LogInformation("Elsewhere"));
            elsewhere.UnsafeStart();
            elsewhere.Join();
            return Task.CompletedTask;
        };
        await RunAsync(null);
        Assert.That(await RowAsync("cardinality(log)"), Is.EqualTo("0"));
    }

    [Test]
    public async Task History_is_forgotten_in_time_and_what_is_only_routine_sooner()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO job_run (job, kind, worker_id, node, started_at, ended_at, state, log)
            SELECT name, kind::run_kind, gen_random_uuid(), 'n', now() - age::interval, now() - age::interval, state::job_run_state, log
            FROM (VALUES
                ('old failure', 'recurring', '91 days', 'failed', '{}'::text[]),
                ('failure', 'recurring', '89 days', 'failed', '{}'),
                ('old routine', 'recurring', '25 hours', 'succeeded', '{}'),
                ('routine', 'recurring', '23 hours', 'succeeded', '{}'),
                ('with a log line', 'recurring', '25 hours', 'succeeded', '{Rescued}'),
                ('asked for', 'now', '25 hours', 'succeeded', '{}')) AS r (name, kind, age, state, log);
            INSERT INTO worker (id, name, started_at, heartbeat_at) VALUES (gen_random_uuid(), 'long gone', now(), now() - interval '2 days');
            INSERT INTO job_hour (job, hour) VALUES ('a', now() - interval '91 days'), ('b', now() - interval '89 days');
            """);
        await using (var scope = host.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<ForgetRuns>()
            .RunAsync(null, default);

        Assert.That(await database.ScalarAsync<string[]>("SELECT array_agg(job) FROM job_run WHERE node = 'n'"),
            Is.EquivalentTo(new[] { "failure", "routine", "with a log line", "asked for" }));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM worker WHERE name = 'long gone'"), Is.Zero);
        Assert.That(await database.ScalarAsync<string[]>("SELECT array_agg(job) FROM job_hour WHERE job IN ('a', 'b')"), Is.EqualTo(new[] { "b" }));
    }

    private Task RunAsync(string? key) => host.Get<JobRunner>().RunAsync(new("Play", key, RunKind.Now, null), default);

    private Task<string> RowAsync(string what) =>
        database.ScalarAsync<string>($"SELECT COALESCE(({what})::text, '') FROM job_run WHERE job = 'Play' ORDER BY id DESC LIMIT 1");

    private Task<string> CountersAsync() =>
        database.ScalarAsync<string>("SELECT concat_ws(' ', succeeded, failed, lost) FROM job_hour WHERE job = 'Play'");

    private sealed class Scripted
    {
        public Func<ILogger, CancellationToken, Task> Does { get; set; } = (_, _) => Task.CompletedTask;
        public int Runs { get; set; }
    }

    private sealed class Play(Scripted script, ILoggerFactory logs) : IJob
    {
        public Task RunAsync(string? key, CancellationToken ct)
        {
            script.Runs++;
            return script.Does(logs.CreateLogger("SmaKom.Mailer.Tests.Play"), ct);
        }
    }
}
