using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A letter whose reply was lost: a person says send again, or leave.</summary>
public sealed class UnknownDecidedTests
{
    [Test]
    public async Task Sent_again_it_has_the_same_bytes_and_message_id()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 1));
        var issue = await LoseReplyAsync(database, host);

        Assert.That(await host.Get<UnknownDeliveries>().SendAgainAsync(issue, null, Actor.CommandLine, default), Is.EqualTo(1));
        await relay.WaitFor(3);
        var receipt = await database.UntilSettledAsync(issue);

        var copies = relay.Messages.Where(m => m.Recipient.StartsWith("hangup", StringComparison.Ordinal)).ToList();
        Assert.That(copies, Has.Count.EqualTo(2), "the first arrived although its reply was lost");
        Assert.That(copies[1].Bytes, Is.EqualTo(copies[0].Bytes));
        Assert.That(receipt.Unknown, Is.EqualTo(1), "this server hangs up every time");
        Assert.That(await database.ScalarAsync<short>("SELECT attempts FROM delivery WHERE state = 'unknown'"), Is.EqualTo(2));
        await database.UntilStateAsync(issue, IssueState.Sent);
    }

    [Test]
    public async Task Left_it_stays_unknown_in_the_receipt_and_is_asked_about_no_more()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 1));
        var issue = await LoseReplyAsync(database, host);
        var unknown = host.Get<UnknownDeliveries>();
        var waiting = (await unknown.ListAsync(issue, default)).Single();
        Assert.That((waiting.Email, waiting.Reason), Is.EqualTo(("hangup-after-data1@gransele.example", "reply_lost")));

        Assert.That(await unknown.LeaveAsync(issue, [waiting.Id], Actor.CommandLine, default), Is.EqualTo(1));

        Assert.That(await unknown.ListAsync(issue, default), Is.Empty);
        Assert.That(await unknown.SendAgainAsync(issue, null, Actor.CommandLine, default), Is.Zero);
        Assert.That((await database.ReceiptAsync(issue)).Unknown, Is.EqualTo(1));
    }

    private static async Task<int> LoseReplyAsync(TestDatabase database, TestHost host)
    {
        await database.SubscriberAsync("hangup-after-data1@gransele.example");
        await database.SubscriberAsync("bo@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        await database.UntilStateAsync(issue, IssueState.Sent);
        return issue;
    }
}
