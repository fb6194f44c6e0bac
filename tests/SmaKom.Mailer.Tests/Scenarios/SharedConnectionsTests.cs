using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>What the relay itself counts of open connections, with several worker processes.</summary>
public sealed class SharedConnectionsTests
{
    [Test]
    public async Task Workers_never_have_one_more_together_also_after_a_change_a_kill_and_a_restart_of_the_database()
    {
        using var server = new TestPostgres();
        await using var database = await TestDatabase.CreateOnAsync(server);
        await database.SubscribersAsync(4000);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(20) });
        await using var one = Worker("ett");
        await using var two = Worker("tva");
        await using var three = Worker("tre");
        await database.UntilAsync("SELECT count(*) = 3 FROM worker");
        await using (var planner = await TestHost.StartAsync(database, ("Roles", "web"))) await planner.PlanAsync();

        await UntilSendingAsync("ett.example", "tva.example", "tre.example");
        await Until.TrueAsync(async () => await Task.FromResult(relay.Peak == 5));
        await three.KillAsync();
        await relay.WaitFor(relay.Messages.Count + 100);
        Assert.That(relay.Peak, Is.EqualTo(5), "before the change");

        await database.ExecuteAsync("UPDATE relay SET max_connections = 3; NOTIFY mailer");
        // A worker that has not heard of it may still open what another has just closed.
        await database.UntilAsync("SELECT count(*) FILTER (WHERE slots = 3) = 2 FROM worker");
        await Until.TrueAsync(async () => await Task.FromResult(relay.Open <= 3));
        relay.ForgetPeak();
        server.Stop(immediate: true);
        server.Start();
        database.Source.Clear();
        await relay.WaitFor(relay.Messages.Count + 100);
        await using var four = Worker("fyra");
        await UntilSendingAsync("ett.example", "tva.example", "fyra.example");
        var receipt = await database.UntilAsync(issue, r => r.Accepted + r.Unknown == 4000, TimeSpan.FromMinutes(20));

        Assert.That(relay.Peak, Is.EqualTo(3), "since the change");
        Assert.That(receipt.Unknown, Is.LessThanOrEqualTo(5), "those of the killed worker");
        await Books.AssertBalancedAsync(database, issue, relay);

        WorkerProcess Worker(string name) =>
            WorkerProcess.Start(database,
            [
                .. Given.Relay(relay, connections: relay.Messages.Count == 0 ? 5 : 3), ("Smtp:HeloName", $"{name}.example"),
                // Longer than a busy machine keeps a worker waiting, that none is taken for dead but the one that is killed.
                ("Dispatch:Lease", "00:00:30"), ("Schedule:CheckInInterval", "00:00:00.5"),
            ]);

        async Task UntilSendingAsync(params string[] names)
        {
            var since = relay.Messages.Count;
            await Until.TrueAsync(async () => await Task.FromResult(names.All(relay.Messages.Skip(since).Select(message => message.Helo).Contains)));
        }
    }

    [Test]
    public async Task A_confirmation_does_not_wait_for_the_end_of_an_issue_that_has_the_only_connection()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(1000);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(50) });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 1), ("SignUp:MinimumTime", "00:00:00")]);
        await host.PlanAsync();
        await relay.WaitFor(10);

        using (var reader = new PageReader(host.Url))
            await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "asa@gransele.example"),
                ("Form.Consent", "true"));
        await Until.TrueAsync(async () => await Task.FromResult(relay.Messages.Any(message => message.Recipient == "asa@gransele.example")));
        var confirmed = relay.Messages.Count;
        await relay.WaitFor(confirmed + 10);

        Assert.That((await database.ReceiptAsync(issue)).Waiting, Is.GreaterThan(0), "the issue goes on after it");
        Assert.That(relay.Peak, Is.EqualTo(1));
    }
}
