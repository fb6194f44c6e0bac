using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Hosting;

/// <summary>When one of a process's loops ends, the process ends loudly, and it is seen from outside.</summary>
public sealed class BackgroundLoopsTests
{
    private TestDatabase database = null!;

    [SetUp]
    public async Task Start() => database = await TestDatabase.CreateAsync();

    [TearDown]
    public async Task Stop() => await database.DisposeAsync();

    [Test]
    public async Task Every_loop_of_a_worker_is_watched()
    {
        await using var host = await SampleHost.StartAsync(database);

        string[] expected = ["recorder", "leases", "signal", "feed", "senders", "notices", "returns", "heartbeat", "schedule", "inbox", "inbox server"];
        var loops = host.Get<BackgroundLoops>();
        // Each begins on a thread of its own, after the host says that it has started.
        await Until.TrueAsync(() => Task.FromResult(loops.Started.Count >= expected.Length));

        Assert.That(loops.Started, Is.EquivalentTo(expected));
        Assert.That(loops.Ended, Is.Empty);
    }

    /// <summary>By an exception or without one.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task One_that_ends_stops_the_process_which_is_not_ready_and_said_by_doctor(bool throws)
    {
        await using var pages = await TestHost.StartAsync(database, ("Roles", "web"));
        await using (var worker = await TestHost.StartAsync(database))
        {
            await worker.Get<BackgroundLoops>().RunAsync("probe", _ => throws ? throw new InvalidCastException() : Task.CompletedTask, default);

            Assert.That(worker.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
            using var client = new HttpClient { BaseAddress = new(worker.Url) };
            using var ready = await client.GetAsync("/health/ready");
            Assert.That((ready.StatusCode, (await ready.Content.ReadFromJsonAsync<ReadinessState>())!.Loops),
                Is.EqualTo((HttpStatusCode.ServiceUnavailable, "ended")));
        }

        var found = (await pages.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.WorkerEnded);
        Assert.That((found.Severity, found.Facts[1], found.Facts[3]), Is.EqualTo((Severity.Fault, (object)"probe", (object)1L)));
        await database.ExecuteAsync("UPDATE worker SET stopped_at = now() - interval '1 hour' WHERE ended_loop IS NOT NULL");
        Assert.That((await pages.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.WorkerEnded).Severity,
            Is.EqualTo(Severity.Warning));
    }

    [Test]
    public async Task One_that_is_told_to_stop_is_no_trouble()
    {
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        using var stopping = new CancellationTokenSource();
        var running = host.Get<BackgroundLoops>().RunAsync("probe", stop => Task.Delay(Timeout.Infinite, stop), stopping.Token);
        await stopping.CancelAsync();
        await running;

        Assert.That(host.Get<BackgroundLoops>().Ended, Is.Empty);
    }

    [Test]
    public async Task A_worker_whose_feed_breaks_ends_with_a_code_and_a_critical_line_and_the_next_one_goes_on()
    {
        await database.SubscribersAsync(10);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var pages = await TestHost.StartAsync(database, ("Roles", "web"));
        await pages.PlanAsync();
        // Nobody foresaw an issue without a name.
        await database.ExecuteAsync("ALTER TABLE issue ALTER COLUMN slug DROP NOT NULL; UPDATE issue SET slug = NULL");

        await using var broken = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Logging:LogLevel:SmaKom", "Critical")]);
        var (code, log) = await broken.UntilEndedAsync();
        Assert.That((code, relay.Messages.Count), Is.EqualTo((70, 0)));
        Assert.That(log, Does.Contain("crit").And.Contain("The loop feed has ended"));
        Assert.That(await database.ScalarAsync<string>("SELECT ended_loop FROM worker WHERE stopped_at IS NOT NULL"), Is.EqualTo("feed"));

        await database.ExecuteAsync("UPDATE issue SET slug = '2026-11'");
        await using var next = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Dispatch:Lease", "00:00:02")]);
        Assert.That((await database.UntilSettledAsync(issue)).Accepted, Is.EqualTo(10));
    }
}
