using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>Letters that wait for a relay wait no longer than that.</summary>
public sealed class RelayMendedTests
{
    [Test]
    public async Task All_that_waited_for_a_relay_go_when_it_is_mended()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Faults = [new("connect", FakeRelayAct.Drop)] });
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Smtp:FirstBackOff", "00:10:00")]);
        await host.PlanAsync();
        await database.UntilAsync("SELECT failures > 0 FROM relay");
        await database.UntilAsync("SELECT NOT EXISTS (SELECT FROM slice WHERE claim_id IS NOT NULL)");

        relay.Options = new();
        await host.Get<RelayCommands>().ChangeAsync(1, _ => { }, Given.Editor, default);
        var receipt = await database.UntilSettledAsync(issue, TimeSpan.FromMinutes(2));

        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((300, 300)));
    }

    [Test]
    public async Task A_letter_at_which_its_relay_falls_waits_longer_than_the_relay_rests()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(1, "closing");
        await database.SubscribersAsync(3);
        await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 1), ("Smtp:FirstBackOff", "01:00:00")]);

        await host.PlanAsync();

        await database.UntilAsync(
            "SELECT EXISTS (SELECT FROM delivery AS d JOIN relay AS r ON d.next_attempt_at > r.available_at WHERE d.email LIKE 'closing%')",
            TimeSpan.FromMinutes(1));
    }

    [TestCase(SmtpClientKind.MailKit)]
    [TestCase(SmtpClientKind.Pipelined)]
    public async Task Refused_and_hung_up_on_counts_at_once_and_the_relay_has_not_failed(SmtpClientKind client)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(20);
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new()
            {
                Faults = [new("RCPT", FakeRelayAct.AnswerAndClose, Times: 1, Reply: "550 5.1.1 no such user"),
                    new("RCPT", FakeRelayAct.AnswerAndClose, Skip: 9, Times: 2, Reply: "550 5.1.1 no such user")]
            });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 1, client));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((17, 3)));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "the relay has not failed");
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM delivery WHERE state = 'refused' AND attempts = 1 AND reply_text = 'no such user'"), Is.EqualTo(3));
    }
}
