using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A relay's failure is never a person's: the letters wait, and go out when it works again.</summary>
public sealed class RelayFailsTests
{
    [Test]
    public async Task Lost_reply_after_data_is_unknown_and_not_resent()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscriberAsync("anna@gransele.example");
        await database.SubscriberAsync("hangup-after-data1@gransele.example");
        await database.SubscriberAsync("bo@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 1));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((2, 1)));
        Assert.That(relay.Messages.Count(m => m.Recipient.StartsWith("hangup", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(await database.ScalarAsync<string>("SELECT reason FROM delivery WHERE state = 'unknown'"), Is.EqualTo("reply_lost"));
    }

    [TestCase("MAIL", FakeRelayAct.Closing)]
    [TestCase("RCPT", FakeRelayAct.Closing)]
    [TestCase("RCPT", FakeRelayAct.Drop)]
    [TestCase("BDAT", FakeRelayAct.Drop)]
    [TestCase(".", FakeRelayAct.Closing)]
    [TestCase("EHLO", FakeRelayAct.Drop)]
    [TestCase("connect", FakeRelayAct.Closing)]
    public async Task Closed_at_a_command_the_letters_wait_and_go_out_later(string command, FakeRelayAct act)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(30);
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new() { Faults = [new(command, act, Skip: command.Length > 4 || command == "EHLO" ? 0 : 5, Times: 3)] });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        // A relay that drops the line in the middle of a letter whose last octet has left leaves that one unknown.
        Assert.That(receipt.Accepted + receipt.Unknown, Is.EqualTo(30));
        Assert.That(receipt.Unknown, Is.LessThanOrEqualTo(act == FakeRelayAct.Drop ? 3 : 0));
        Assert.That(relay.Messages.GroupBy(m => m.Recipient).Max(g => g.Count()), Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_server_that_closes_after_some_messages_is_not_failing(bool politely)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(60);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(politely
            ? new() { CloseAfterMessages = 7 }
            : new() { Faults = [new("MAIL", FakeRelayAct.Drop, Skip: 10, Times: 1), new("MAIL", FakeRelayAct.Drop, Skip: 30, Times: 1)] });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 2));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((60, 60)));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "the relay is never marked");
    }

    [Test]
    public async Task A_wrong_password_stops_the_queue_and_no_person_is_marked()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(10);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Username = "smakom", Password = "rätt lösenord", AuthRequired = true });
        (string, string)[] login = [("Smtp:Username", "smakom"), ("Smtp:AllowPlaintextAuth", "true")];
        await using (var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), .. login, ("Smtp:Password", "fel lösenord")]))
        {
            await host.PlanAsync();
            await UntilMarkedAsync(database);
        }

        var stopped = await database.ReceiptAsync(issue);
        Assert.That((stopped.Waiting, stopped.Sending, relay.Messages.Count), Is.EqualTo((10, 0, 0)));
        var words = await database.ScalarAsync<string>("SELECT last_failure FROM relay");
        Assert.That(words, Does.Contain("127.0.0.1").And.Not.Contain("fel lösenord"));

        await using var mended = await TestHost.StartAsync(database, [.. Given.Relay(relay), .. login, ("Smtp:Password", "rätt lösenord")]);
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That(receipt.Accepted, Is.EqualTo(10));
    }

    [Test]
    public async Task An_unreachable_relay_loses_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(10);
        var issue = await database.IssueAsync(queued: true);
        await using var host = await TestHost.StartAsync(database,
            ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{TestPostgres.FreePort()}"), ("Smtp:Tls", "None"), ("Smtp:FirstBackOff", "00:00:00.1"),
            ("Dispatch:PollInterval", "00:00:00.2"));

        await host.PlanAsync();
        await UntilMarkedAsync(database);

        var receipt = await database.UntilAsync(issue, r => r.Sending == 0);
        Assert.That((receipt.Waiting, receipt.Audience), Is.EqualTo((10, 10)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE attempts > 0"), Is.Zero);
    }

    [Test]
    public async Task A_hung_relay_gives_the_letters_back()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(10);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Faults = [new("RCPT", FakeRelayAct.Hang, Skip: 3, Times: 2)] });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 2), ("Smtp:CommandTimeout", "00:00:01.5")]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((10, 10)));
    }

    private static async Task UntilMarkedAsync(TestDatabase database)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await database.ScalarAsync<bool>("SELECT bool_or(last_failure_at IS NOT NULL) FROM relay"))
            await look.WaitForNextTickAsync(timeout.Token);
    }
}
