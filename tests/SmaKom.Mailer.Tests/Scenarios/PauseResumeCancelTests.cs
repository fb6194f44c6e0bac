using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

public sealed class PauseResumeCancelTests
{
    [Test]
    public async Task Paused_within_a_second_and_resumed_without_loss()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(5) });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        var desk = host.Get<IssueCommands>();
        await host.PlanAsync();
        await relay.WaitFor(40);

        Assert.That(await desk.PauseAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        var underWay = (await database.ReceiptAsync(issue)).Sending;
        var before = relay.Messages.Count;
        var still = await database.UntilAsync(issue, r => r.Sending == 0);
        Assert.That(relay.Messages.Count - before, Is.LessThanOrEqualTo(underWay), "only what was on its way");
        Assert.That(still.Waiting, Is.GreaterThan(0));
        await relay.WaitForQuiet();
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Paused));
        Assert.That((await database.ReceiptAsync(issue)).Accepted, Is.EqualTo(relay.Messages.Count), "nothing after the pause");

        Assert.That(await desk.ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((300, 300)));
        await database.UntilStateAsync(issue, IssueState.Sent);
    }

    [Test]
    public async Task Cancelled_at_once_and_the_rest_is_excluded()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(1000);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(5) });
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        await host.PlanAsync();
        await relay.WaitFor(40);

        Assert.That(await host.Get<IssueCommands>().CancelAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That(receipt.Excluded, Is.GreaterThan(0));
        Assert.That(receipt.Accepted + receipt.Excluded, Is.EqualTo(1000));
        Assert.That(receipt.Accepted, Is.EqualTo(relay.Messages.Count));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Cancelled));
    }

    [Test]
    public async Task What_cannot_be_done_in_a_state_is_said_and_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.RelayAsync();
        var issue = await database.IssueAsync();
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        var desk = host.Get<IssueCommands>();

        Assert.That(await desk.PauseAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.WrongState));
        Assert.That(await desk.ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.WrongState));
        Assert.That(await desk.CancelAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.WrongState));
        Assert.That(await desk.PauseAsync(4711, Given.Editor, default), Is.EqualTo(CommandAnswer.NoSuchIssue));
        Assert.That((await desk.QueueAsync(issue, TimeProvider.System.GetUtcNow().AddMinutes(-1), Given.Editor, default)).Answer,
            Is.EqualTo(CommandAnswer.TimeHasPassed));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task Queued_and_taken_back_is_a_draft_that_is_not_sent()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3);
        await database.RelayAsync();
        var issue = await database.IssueAsync();
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        var desk = host.Get<IssueCommands>();

        Assert.That((await desk.QueueAsync(issue, null, Given.Editor, default)).Answer, Is.EqualTo(CommandAnswer.Done));
        Assert.That(await desk.TakeBackAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        await host.PlanAsync();

        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery"), Is.Zero);
    }
}
