using SmaKom.Mailer.Health;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A reply that cannot be stored as it is stops nobody but the person whom it refuses.</summary>
public sealed class OddRepliesTests
{
    [TestCase(SmtpClientKind.MailKit)]
    [TestCase(SmtpClientKind.Pipelined)]
    public async Task A_reply_of_999_letters_and_an_emoji_refuses_one_person(SmtpClientKind client)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(20);
        var issue = await database.IssueAsync(queued: true);
        var words = new string('x', 999);
        await using var relay = new FakeRelay(new() { Faults = [new("RCPT", FakeRelayAct.Answer, Skip: 2, Times: 1, Reply: $"550 5.1.1 {words}😀")] });
        await using var host = await TestHost.StartAsync(database, Support.Given.Relay(relay, client: client));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((19, 1)));
        Assert.That(await database.ScalarAsync<string>("SELECT reply_text FROM delivery WHERE state = 'refused'"), Is.EqualTo(words));
        Assert.That((await host.Get<Readiness>().LookAsync(default)).Ready);
        await Books.AssertBalancedAsync(database, issue, relay);
    }
}
