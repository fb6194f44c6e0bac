using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A clock that jumps by hours in the middle of an issue: a worker's, or the database's, by which leases go.</summary>
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
        await using var jumping =
            await TestHost.StartAsync(database, builder => builder.Services.AddSingleton<TimeProvider>(time), Given.Relay(relay));
        await using var steady = await TestHost.StartAsync(database, Given.Relay(relay));
        await steady.PlanAsync();
        await relay.WaitFor(40);

        time.Jump(TimeSpan.FromHours(hours));
        await jumping.Get<ExpiredLeases>().RescueAsync(default);
        await relay.WaitFor(120);
        time.Jump(TimeSpan.Zero);
        await relay.WaitFor(200);
        time.Jump(TimeSpan.FromHours(-hours));
        await jumping.Get<ExpiredLeases>().RescueAsync(default);
        await relay.WaitFor(250);
        time.Jump(TimeSpan.Zero);
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((300, 0)), "a living worker's lease holds, whatever its own clock says");
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    [Test]
    public async Task Limits_of_sign_ups_links_and_numbers_go_by_the_databases_clock()
    {
        await using var database = await TestDatabase.CreateAsync();
        var time = new JumpingTime();
        await using var host =
            await TestHost.StartAsync(database, builder => builder.Services.AddSingleton<TimeProvider>(time), ("Roles", "web"),
                ("SignUp:MinimumTime", "00:00:00"));
        using var reader = new PageReader(host.Url);
        await database.SentIssueAsync();
        await database.ExecuteAsync("UPDATE delivery SET finished_at = now() WHERE state = 'accepted'");

        await SignUpAsync();
        var link = host.Get<IDataProtectionProvider>().CreateProtector("Notices.Link")
            .Unprotect(await database.ScalarAsync<string>("SELECT payload FROM notice WHERE kind = 'confirmation'"));
        time.Jump(TimeSpan.FromDays(4));
        await SignUpAsync();

        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"), Is.EqualTo("mailed,too_soon"));
        Assert.That(await database.ScalarAsync<bool>("SELECT max(requested_at) < now() + interval '1 minute' FROM sign_up"));
        Assert.That((await host.Get<Confirmations>().FindAsync(new Uri(link).Segments[^1], default)).State, Is.EqualTo(ConfirmationState.Open),
            "72 hours have not passed");
        Assert.That((await host.Get<KeyNumbersReader>().ReadAsync(default)).LastMinute, Is.EqualTo(3));

        async Task SignUpAsync()
        {
            await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "asa@gransele.example"),
                ("Form.Consent", "true"));
            await host.Get<SignUpDecisions>().DecideAsync(default);
        }
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

    [TestCase(2)]
    [TestCase(-2)]
    public async Task The_databases_clock_jumps_to_and_fro_and_nothing_is_lost_or_doubled(int hours)
    {
        using var server = TestPostgres.WithClock();
        await using var database = await TestDatabase.CreateOnAsync(server);
        await database.SubscribersAsync(280);
        await database.SubscribersAsync(20, "greylist");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(3) });
        await using var one = await TestHost.StartAsync(database, Given.Relay(relay, connections: 3));
        await using var two = await TestHost.StartAsync(database, Given.Relay(relay, connections: 3));
        await one.PlanAsync();
        await relay.WaitFor(40);

        await JumpAsync(server, database, TimeSpan.FromHours(hours));
        // By this clock every lease is over, or lasts for hours.
        await two.Get<ExpiredLeases>().RescueAsync(default);
        await relay.WaitFor(150);
        await JumpAsync(server, database, TimeSpan.Zero);
        await one.Get<ExpiredLeases>().RescueAsync(default);
        await database.UntilAsync(issue, r => r.Waiting == r.Deferred);
        await database.ExecuteAsync(
            "UPDATE slice SET due_at = now() WHERE due_at > now() AND due_at < 'infinity'; UPDATE delivery SET next_attempt_at = now() WHERE state = 'deferred'; NOTIFY mailer");
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Accepted + receipt.Unknown, Is.EqualTo(300));
        Assert.That(receipt.Unknown, Is.LessThanOrEqualTo(hours < 0 ? 6 : 6 * 2),
            "each rescue of leases that are over leaves what was being sent in doubt, and no more");
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    [Test]
    public async Task A_worker_that_dies_while_the_databases_clock_is_set_back_holds_nothing_until_it_has_caught_up()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(100);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(20) });
        await using var dying = WorkerProcess.Start(database, [.. Given.Relay(relay), ("Dispatch:Lease", "00:00:02")]);
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Roles", "web"), ("Dispatch:Lease", "00:00:02")]);
        await database.UntilAsync("SELECT count(*) = 1 FROM worker");
        await host.PlanAsync();
        await relay.WaitFor(20);
        await dying.KillAsync();
        // As its leases look after the clock was set back by two hours.
        await database.ExecuteAsync("UPDATE slice SET lease_until = lease_until + interval '2 hours' WHERE claim_id IS NOT NULL");

        await Until.TrueAsync(async () =>
        {
            await host.Get<ExpiredLeases>().RescueAsync(default);
            return await database.ScalarAsync<long>("SELECT count(*) FROM slice WHERE claim_id IS NOT NULL") == 0;
        });
        await using var next = await TestHost.StartAsync(database, Given.Relay(relay));
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Accepted + receipt.Unknown, Is.EqualTo(100));
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    [Test]
    public async Task Letters_that_were_due_before_the_databases_clock_was_set_back_go_without_waiting_for_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(20);
        await database.SubscribersAsync(5, "later");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Roles", "web")]);
        await host.PlanAsync();
        // As they look after it was set back by two hours; and those that a server has deferred wait, as they should.
        await database.ExecuteAsync(
            """
            UPDATE delivery SET state = 'deferred', next_attempt_at = now() + interval '2 hours' WHERE email LIKE 'later%';
            UPDATE slice SET due_at = now() + interval '2 hours'
            """);
        await host.Get<ExpiredLeases>().RescueAsync(default);

        await using var worker = await TestHost.StartAsync(database, Given.Relay(relay));
        await database.UntilAsync(issue, receipt => receipt.Accepted == 20);

        Assert.That((await database.ReceiptAsync(issue)).Deferred, Is.EqualTo(5));
        // Only those that wait for their next attempt, once the slice of the others is done.
        await database.UntilAsync("SELECT COALESCE(bool_and(due_at > now() + interval '1 hour'), false) FROM slice");
    }

    private static async Task JumpAsync(TestPostgres server, TestDatabase database, TimeSpan wrongBy)
    {
        server.Jump(wrongBy);
        var now = await database.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        Assert.That(now - TimeProvider.System.GetUtcNow().UtcDateTime, Is.EqualTo(wrongBy).Within(TimeSpan.FromMinutes(1)));
    }
}
