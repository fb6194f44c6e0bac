using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>What the receiver's own clock says of a limit, with two worker processes and letters that take now short, now long.</summary>
public sealed class RateOnTheWireTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task No_second_and_no_minute_ever_holds_one_more_also_after_a_change_a_kill_and_a_restart()
    {
        await using var database = await RateLimitTests.PeopleAsync(slow: 50, fast: 0);
        await database.ExecuteAsync(
            "INSERT INTO rate_limit (destination_group, count, per) VALUES ('slow.example', 8, '1 second'), (NULL, 30, '1 minute')");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(5) });
        await using var one = WorkerProcess.Start(database, Given.Relay(relay));
        await using var two = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Dispatch:Lease", "00:00:10")]);
        using var over = new CancellationTokenSource();
        var weather = ChangeableWeatherAsync(relay, over.Token);

        await database.UntilAsync("SELECT count(*) = 2 FROM worker");
        await using (var planner = await TestHost.StartAsync(database, ("Roles", "web"))) await planner.PlanAsync();
        await relay.WaitFor(12);
        await database.ExecuteAsync("UPDATE rate_limit SET count = 4 WHERE per = '1 second'");
        var changed = TimeProvider.System.GetUtcNow();
        await relay.WaitFor(17);
        await two.KillAsync();
        await relay.WaitFor(21);
        await one.TerminateAsync();
        await using var three = WorkerProcess.Start(database, Given.Relay(relay));
        await database.UntilAsync(issue, r => r.Accepted + r.Unknown == 50, TimeSpan.FromMinutes(4));
        await over.CancelAsync();
        await weather;

        await Books.AssertBalancedAsync(database, issue, relay);
        var times = relay.Messages.Select(m => m.Time).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(Fullest(times, Second), Is.InRange(5, 8), "in a second");
            Assert.That(Fullest(times.Where(t => t > changed + Second), Second), Is.InRange(2, 4), "in a second, after the change");
            Assert.That(Fullest(times, Minute), Is.InRange(26, 30), "in a minute; those of the killed worker may have arrived, and are counted");
        });
    }

    /// <summary>The most that any window of this length holds.</summary>
    private static int Fullest(IEnumerable<DateTimeOffset> times, TimeSpan window)
    {
        var all = times.Order().ToList();
        return all.Max(end => all.Count(t => t > end - window && t <= end));
    }

    // A permit that is used late and one that is used at once arrive closer together than they were given.
    private static async Task ChangeableWeatherAsync(FakeRelay relay, CancellationToken ct)
    {
        var random = new Random(7);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(90));
        while (await timer.WaitForNextTickAsync(ct).AsTask().ContinueWith(t => t.IsCompletedSuccessfully && t.Result, TaskScheduler.Default))
            relay.Options = relay.Options with { Latency = TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 150 : 2) };
    }
}
