using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>kill -9 at random moments of an issue: nothing lost, nothing doubled, few unknown.</summary>
public sealed class WorkerKilledTests
{
    [Test]
    public async Task Killed_at_random_moments_nobody_is_lost_and_nobody_gets_two([Values] SmtpClientKind client)
    {
        var result = await KillsAsync(kills: 4, recipients: 400, connections: 4, client);

        Assert.Multiple(() =>
        {
            Assert.That(result.Kills, Is.EqualTo(4));
            Assert.That(result.Lost, Is.Zero, "lost");
            Assert.That(result.Doubled, Is.Zero, "doubled");
            Assert.That(result.MostUnknownPerKill, Is.LessThanOrEqualTo(4), "unknown per kill ≤ open connections");
        });
    }

    [Test]
    public async Task Terminated_politely_nobody_is_unknown()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(3) });
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"));
        await desk.PlanAsync();
        int exit;
        await using (var worker = WorkerProcess.Start(database, Given.Relay(relay)))
        {
            await relay.WaitFor(50);
            exit = await worker.TerminateAsync();
        }

        Assert.That(exit, Is.AnyOf(0, 130), "ended in order, perhaps in the middle of its start");
        var halfway = await database.ReceiptAsync(issue);
        Assert.That((halfway.Unknown, halfway.Sending, halfway.Accepted), Is.EqualTo((0, 0, relay.Messages.Count)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM slice WHERE claim_id IS NOT NULL"), Is.Zero, "slices are given back");

        await using var next = WorkerProcess.Start(database, Given.Relay(relay));
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((300, 300)));
    }

    [Test]
    public async Task A_worker_that_cannot_start_ends_what_it_has_begun()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(3) });
        await using (var desk = await TestHost.StartAsync(database, ("Roles", "web"))) await desk.PlanAsync();

        Assert.That(
            () => TestHost.StartAsync(database, builder => builder.Services.AddHostedService(_ => new FailsAfterAll(relay)), Given.Relay(relay)),
            Throws.InvalidOperationException.With.Message.EqualTo("the port is taken"));

        var halfway = await database.ReceiptAsync(issue);
        Assert.That((halfway.Unknown, halfway.Sending, halfway.Accepted), Is.EqualTo((0, 0, relay.Messages.Count)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM slice WHERE claim_id IS NOT NULL"), Is.Zero, "slices are given back");
    }

    /// <summary>A part of the program that fails once letters are under way.</summary>
    private sealed class FailsAfterAll(FakeRelay relay) : IHostedLifecycleService
    {
        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            await relay.WaitFor(20);
            throw new InvalidOperationException("the port is taken");
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>
    /// Kills workers after a random number of letters until the issue is done, then compares what the relay has with what the database says.
    /// </summary>
    public static async Task<KillsResult> KillsAsync(int kills, int recipients, int connections, SmtpClientKind client, int seed = 1)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(recipients);
        var issue = await database.IssueAsync(queued: true);
        // So slow that the issue lasts until the last kill.
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(10) });
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"), ("Dispatch:Lease", "00:00:01"));
        await desk.PlanAsync();

        var random = new Random(seed);
        var (done, most, before) = (0, 0, 0);
        for (; done < kills; done++)
        {
            await using var worker = WorkerProcess.Start(database, [.. Given.Relay(relay, connections, client), ("Dispatch:Lease", "00:00:01")]);
            await relay.WaitFor(Math.Min(recipients, relay.Messages.Count + random.Next(1, Math.Max(2, recipients / kills))),
                TimeSpan.FromMinutes(2));
            await Task.Delay(random.Next(0, 15));
            await worker.KillAsync();
            // The lease runs out by the database's clock; moving it there is quicker than waiting.
            await database.ExecuteAsync("UPDATE slice SET lease_until = now() - interval '1 second' WHERE claim_id IS NOT NULL");
            await desk.Get<ExpiredLeases>().RescueAsync(default);
            var unknown = (await database.ReceiptAsync(issue)).Unknown;
            (most, before) = (Math.Max(most, unknown - before), unknown);
        }

        await using var last = WorkerProcess.Start(database, Given.Relay(relay, connections, client));
        var receipt = await database.UntilSettledAsync(issue, TimeSpan.FromMinutes(2));
        return await CompareAsync(database, relay, receipt, done, most, connections);
    }

    private static async Task<KillsResult> CompareAsync(TestDatabase database, FakeRelay relay, Mailer.Reports.Receipt receipt, int kills, int most,
        int connections)
    {
        var copies = relay.Messages.GroupBy(m => m.Recipient).ToDictionary(g => g.Key, g => g.Count());
        var lost = 0;
        await using var command = database.Source.CreateCommand("SELECT email, state FROM delivery");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            if (rows.GetFieldValue<DeliveryState>(1) != DeliveryState.Unknown && !copies.ContainsKey(rows.GetString(0))) lost++;
        return new(kills, receipt.Audience, lost, copies.Values.Count(n => n > 1), receipt.Unknown, most, connections);
    }

    public sealed record KillsResult(int Kills, int Recipients, int Lost, int Doubled, int Unknown, int MostUnknownPerKill, int Connections);
}
