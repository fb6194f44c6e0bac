using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// A receiver did not know its own people for an hour; they have mended it, and those that it refused are sent to again, nobody else.
/// </summary>
public sealed class RetryOnlyTheseTests
{
    [Test]
    public async Task Wrongly_refused_letters_arrive_once_and_nobody_else_gets_a_second()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(40);
        var issue = await database.IssueAsync(queued: true);
        await using var relay =
            new FakeRelay(new() { Faults = [new("RCPT", FakeRelayAct.Answer, Skip: 5, Times: 12, Reply: "552 5.2.2 mailbox full")] });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That((await database.ReceiptAsync(issue)).Refused, Is.EqualTo(12));
        var first = await database.ScalarAsync<DateTime>("SELECT min(first_attempt_at) FROM delivery WHERE state = 'refused'");

        Assert.That(await host.Get<Retries>()
            .SendAgainAsync(issue, new() { State = DeliveryState.Refused, Code = "5.2" }, DecisionKind.Retry, Actor.Staff("karin@smakom.example"),
                default), Is.EqualTo(12));
        var receipt = await database.UntilSettledAsync(issue);
        await database.UntilStateAsync(issue, IssueState.Sent);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((40, 0)));
        await Books.AssertBalancedAsync(database, issue, relay);
        Assert.That(await database.ScalarAsync<DateTime>("SELECT min(first_attempt_at) FROM delivery WHERE attempts = 2"), Is.EqualTo(first),
            "the letter's date is its first attempt's");
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery_attempt WHERE outcome = 'refused'"), Is.EqualTo(12),
            "what was, stays on record");
    }
}
