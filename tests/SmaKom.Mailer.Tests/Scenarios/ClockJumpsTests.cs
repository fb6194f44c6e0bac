using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A worker whose clock jumps by hours in the middle of an issue. Leases go by the database's clock, which all workers share.</summary>
public sealed class ClockJumpsTests
{
    [TestCase(2)]
    [TestCase(-2)]
    public async Task To_and_fro_nothing_is_lost_or_doubled(int hours)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(280);
        await database.SubscribersAsync(20, "greylist");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(3) });
        var time = new JumpingTime();
        await using var jumping = await TestHost.StartAsync(database, builder => builder.Services.AddSingleton<TimeProvider>(time), Given.Relay(relay));
        await using var steady = await TestHost.StartAsync(database, Given.Relay(relay));
        await steady.PlanAsync();
        await relay.WaitFor(40);

        time.Jump(TimeSpan.FromHours(hours));
        await jumping.Get<StalledSlices>().RescueAsync(default);
        await relay.WaitFor(120);
        time.Jump(TimeSpan.Zero);
        await relay.WaitFor(200);
        time.Jump(TimeSpan.FromHours(-hours));
        await jumping.Get<StalledSlices>().RescueAsync(default);
        await relay.WaitFor(250);
        time.Jump(TimeSpan.Zero);
        // What the wrong clock deferred is due when that clock says so.
        await database.ExecuteAsync("UPDATE slice SET due_at = now() WHERE due_at > now() AND due_at < 'infinity'; UPDATE delivery SET next_attempt_at = now() WHERE state = 'deferred'");
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((300, 0)), "a living worker's lease holds, whatever its own clock says");
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    [Test]
    public async Task A_worker_set_back_by_hours_goes_on_sending()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(3) });
        var time = new JumpingTime();
        await using var host = await TestHost.StartAsync(database, builder => builder.Services.AddSingleton<TimeProvider>(time), Given.Relay(relay));
        await host.PlanAsync();
        await relay.WaitFor(40);

        time.Jump(TimeSpan.FromHours(-2));
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Accepted, Is.EqualTo(300));
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
