using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>What a relay refuses for our sake marks nobody: the issue pauses, says why, and all get their letter when that is mended.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class IssueBrakeTests(SmtpClientKind client)
{
    private const int Connections = 4;

    [TestCase("RCPT", "554 5.7.1 Relay access denied", "policy", FindingKind.IssueStoppedPolicy)]
    [TestCase(".", "550 5.7.1 Rejected by content filter", "policy", FindingKind.IssueStoppedPolicy)]
    [TestCase("MAIL", "552 5.3.4 Message size exceeds fixed limit", "size", FindingKind.IssueStoppedSize)]
    [TestCase(".", "552 5.3.4 Message too large", "size", FindingKind.IssueStoppedSize)]
    [TestCase(".", "554 5.6.0 Not this", "content", FindingKind.IssueStoppedContent)]
    [TestCase("RCPT", "555 5.5.4 Unsupported option: NOTIFY", "protocol", FindingKind.IssueStoppedProtocol)]
    public async Task Everybody_refused_for_our_sake_nobody_is_marked_and_all_get_theirs_after_resume(string at, string said, string cause,
        FindingKind kind)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(60);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Faults = [new(at, FakeRelayAct.Answer, Reply: said)] });
        await using var host = await TestHost.StartAsync(database, Settings(relay));

        await host.PlanAsync();
        await PausedAsync(database, issue);
        var paused = await database.ReceiptAsync(issue);
        var notice = (await host.Get<BrakeNotices>().ReadAsync(issue, default))!;
        var found = (await host.Get<Checkup>().LookAsync(default)).Where(finding => finding.Kind == kind).ToList();
        Assert.Multiple(() =>
        {
            Assert.That((paused.Refused, paused.Accepted, paused.Unknown, paused.Waiting), Is.EqualTo((0, 0, 0, 60)), "nobody is marked");
            Assert.That((notice.Cause, notice.Relay, notice.Reply), Is.EqualTo((cause, "standard", said)));
            Assert.That(notice.Refused, at == "MAIL" ? Is.EqualTo(1) : Is.EqualTo(20));
            Assert.That(found, Has.Count.EqualTo(1));
            Assert.That(found.SelectMany(finding => finding.Facts), Has.Member(said).And.Member("2026-11").And.Member(60L));
        });
        // Each connection may have had one letter more under way.
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE attempts > 0"),
            Is.LessThanOrEqualTo((at == "MAIL" ? 1 : 20) + 2 * Connections));

        relay.Options = new();
        Assert.That(await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((60, 60)));
        await Books.AssertBalancedAsync(database, issue, relay);
        Assert.That(await host.Get<BrakeNotices>().ReadAsync(issue, default), Is.Null);
    }

    [Test]
    public async Task A_letter_larger_than_the_server_takes_stops_the_issue_at_the_first()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Size = 500 });
        await using var host = await TestHost.StartAsync(database, Settings(relay));

        await host.PlanAsync();
        await PausedAsync(database, issue);

        var receipt = await database.ReceiptAsync(issue);
        Assert.That((receipt.Refused, receipt.Waiting), Is.EqualTo((0, 3)));
        Assert.That((await host.Get<BrakeNotices>().ReadAsync(issue, default))!.Reply, Does.StartWith("552 5.3.4").And.Contain("500"));
        Assert.That(relay.Commands, Has.None.StartsWith("MAIL"));
    }

    [Test]
    public async Task An_issue_of_few_people_stops_when_all_of_them_are_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3);
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new() { Faults = [new("RCPT", FakeRelayAct.Answer, Reply: "554 5.7.1 <p1@gransele.example>: Relay access denied")] });
        await using var host = await TestHost.StartAsync(database, Settings(relay));

        await host.PlanAsync();
        await PausedAsync(database, issue);

        Assert.That((await database.ReceiptAsync(issue)).Waiting, Is.EqualTo(3));
        Assert.That((await host.Get<BrakeNotices>().ReadAsync(issue, default))!.Reply, Is.EqualTo("554 5.7.1 <(address)>: Relay access denied"),
            "the server's words, and no address");
    }

    [Test]
    public async Task A_relay_that_begins_to_refuse_stops_the_issue_at_its_share_of_the_last_letters()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new() { Faults = [new("RCPT", FakeRelayAct.Answer, Skip: 100, Reply: "550 5.7.1 Daily quota exceeded")] });
        await using var host = await TestHost.StartAsync(database, [.. Settings(relay), ("Brake:Window", "40"), ("Brake:Share", "0.5")]);

        await host.PlanAsync();
        await PausedAsync(database, issue);
        var paused = await database.ReceiptAsync(issue);
        Assert.That((paused.Accepted, paused.Refused, paused.Waiting), Is.EqualTo((100, 0, 200)));
        Assert.That((await host.Get<BrakeNotices>().ReadAsync(issue, default))!.Refused, Is.InRange(20, 40),
            "half of 40; the letters before may be counted with a later refusal of another connection");

        relay.Options = new();
        await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default);
        await database.UntilSettledAsync(issue);
        Assert.That(relay.Messages, Has.Count.EqualTo(300));
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    [Test]
    public async Task One_persons_refusal_stays_that_persons_and_stops_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(9, "permfail");
        await database.SubscribersAsync(1, "permfail-data");
        await database.SubscribersAsync(30);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, Connections, client));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((30, 10)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM issue_brake"), Is.Zero);
        Assert.That(await database.ScalarAsync<string>("SELECT attempts || ' ' || reason FROM delivery WHERE email LIKE 'permfail-data%'"),
            Is.EqualTo("2 ours"), "tried once more, since others were taken");
        await database.UntilStateAsync(issue, IssueState.Sent);
    }

    [Test]
    public async Task Two_workers_count_together_and_a_third_goes_on_after_resume()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(120);
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new()
            {
                Latency = TimeSpan.FromMilliseconds(20),
                Faults = [new("RCPT", FakeRelayAct.Answer, Reply: "554 5.7.1 Relay access denied")]
            });
        await using (var one = await TestHost.StartAsync(database, Settings(relay)))
        await using (var two = await TestHost.StartAsync(database, Settings(relay)))
        {
            await one.PlanAsync();
            await PausedAsync(database, issue);
        }

        Assert.That((await database.ReceiptAsync(issue)).Waiting, Is.EqualTo(120));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE attempts > 0"), Is.LessThanOrEqualTo(20 + 2 * Connections));

        relay.Options = new();
        await using var three = await TestHost.StartAsync(database, Settings(relay));
        await three.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default);
        Assert.That((await database.UntilSettledAsync(issue)).Accepted, Is.EqualTo(120));
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    [Test]
    public async Task Workers_killed_while_it_counts_nobody_is_marked_and_all_get_theirs_after_resume()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(200);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new()
        {
            Latency = TimeSpan.FromMilliseconds(5),
            Faults = [new("RCPT", FakeRelayAct.Answer, Skip: 50, Reply: "554 5.7.1 Relay access denied")]
        });
        (string, string)[] settings = [.. Settings(relay), ("Brake:Window", "40"), ("Brake:Share", "0.5")];
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"), ("Dispatch:Lease", "00:00:01"));
        await desk.PlanAsync();

        // Before the first refusal, among those that are counted, and at the moment of the pause.
        foreach (var recipients in (int?[])[30, 58, null])
        {
            await using var worker = WorkerProcess.Start(database, [.. settings, ("Dispatch:Lease", "00:00:01")]);
            await Until.TrueAsync(async () => Recipients(relay) >= recipients || await database.StateAsync(issue) == IssueState.Paused);
            await worker.KillAsync();
            await database.ExecuteAsync("UPDATE slice SET lease_until = now() - interval '1 second' WHERE claim_id IS NOT NULL");
            await desk.Get<ExpiredLeases>().RescueAsync(default);
        }

        var paused = await database.ReceiptAsync(issue);
        Assert.That(paused.Refused, Is.Zero, "nobody is marked");
        Assert.That(paused.Accepted + paused.Unknown + paused.Waiting, Is.EqualTo(200));
        Assert.That(paused.Unknown, Is.LessThanOrEqualTo(3 * Connections));
        Assert.That((await desk.Get<BrakeNotices>().ReadAsync(issue, default))!.Cause, Is.EqualTo("policy"));

        relay.Options = new();
        await desk.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default);
        await using var last = WorkerProcess.Start(database, settings);
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Refused, receipt.Accepted + receipt.Unknown), Is.EqualTo((0, 200)));
        await Books.AssertBalancedAsync(database, issue, relay);
    }

    private static int Recipients(FakeRelay relay) => relay.Commands.Count(command => command.StartsWith("RCPT", StringComparison.Ordinal));

    /// <summary>No held letter comes due by itself while a test looks.</summary>
    private (string, string)[] Settings(FakeRelay relay) => [.. Given.Relay(relay, Connections, client), ("Dispatch:RetryAfter:0", "00:10:00")];

    private static async Task PausedAsync(TestDatabase database, int issue)
    {
        await database.UntilStateAsync(issue, IssueState.Paused);
        await database.UntilAsync("SELECT NOT EXISTS (SELECT FROM slice WHERE claim_id IS NOT NULL)");
    }
}
