using SmaKom.Mailer.Links;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Unsubscribe;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The newsletter and invitations: some are on one of them, some on both.</summary>
public sealed class TwoListsTests : SendingFixture
{
    private short invitations;
    private int before;

    protected override FakeRelayOptions Options => new() { Latency = TimeSpan.FromMilliseconds(5) };
    protected override int Connections => 2;
    protected override async Task FillAsync() => invitations = await Database.ListAsync("inbjudningar", "Inbjudningar");

    [Test]
    public async Task Who_is_on_both_gets_one_letter_leaves_one_list_and_still_gets_the_other()
    {
        var both = await Database.SubscriberAsync("both@gransele.example");
        await Database.SubscribeAsync(both, invitations);
        var invited = await InvitedAsync("invited@gransele.example");
        await Database.SubscriberAsync("news@gransele.example");

        await SendAsync("2026-09", 1, invitations);
        Assert.That(Recipients(), Is.EqualTo(new[] { "both", "invited", "news" }), "a letter each");
        var letters = Relay.Messages.ToDictionary(m => m.Recipient.Split('@')[0], m => m.Text);
        Assert.That(letters["both"], Does.Contain("List-Id: Nyhetsbrev <nyhetsbrev.smakom.example>"), "by the first of the lists");
        Assert.That(letters["invited"], Does.Contain("List-Id: Inbjudningar <inbjudningar.smakom.example>"));
        Assert.That(letters["invited"], Does.Contain("Inbjudningar").And.Contain(":inbjudningar:issue:"));

        await SendAsync("2026-10", invitations);
        Assert.That(Recipients(), Is.EqualTo(new[] { "both", "invited" }));
        var by = new LinkSubject(both, 2, invitations);
        await Host.Get<Unsubscribing>().LeaveAsync(by, LeftBy.OneClick, everything: false, default);
        Assert.That(await Database.StatusAsync(both), Is.EqualTo("active"));
        await SendAsync("2026-11", 1, invitations);
        Assert.That(Recipients(), Is.EqualTo(new[] { "both", "invited", "news" }), "the newsletter still comes");
        await SendAsync("2026-12", invitations);
        Assert.That(Recipients(), Is.EqualTo(new[] { "invited" }));

        Assert.That(await Host.Get<Unsubscribing>().UndoAsync(by, default));
        await SendAsync("2027-01", invitations);
        Assert.That(Recipients(), Is.EqualTo(new[] { "both", "invited" }), "undone");
        await Host.Get<Unsubscribing>().LeaveAsync(new(invited, 5, invitations), LeftBy.OneClick, everything: false, default);
        Assert.That(await Database.StatusAsync(invited), Is.EqualTo("unsubscribed"), "it was the only list");
    }

    [Test]
    public async Task Who_leaves_the_list_or_pauses_while_it_is_sent_gets_nothing_more_and_is_accounted_for()
    {
        await Database.SubscribersAsync(200);
        await Database.ExecuteAsync($"INSERT INTO subscription SELECT id, {invitations}, 'consent', now() FROM subscriber");
        var paused = await Database.ExecuteAsync("UPDATE subscriber SET paused_until = now() + interval '1 month' WHERE id % 20 = 5");
        var issue = await QueueAsync("2026-11", invitations);
        var size = await Host.Get<AudienceCount>().OfIssueAsync(issue, default);
        Assert.That(size, Is.EqualTo(new AudienceSize(200 - paused, paused)));
        await Host.PlanAsync();
        await Relay.WaitFor(20);

        await Database.ExecuteAsync(
            $"""
            UPDATE subscription SET ended_at = now() WHERE list_id = {invitations} AND subscriber_id % 2 = 0;
            UPDATE subscriber SET paused_until = now() + interval '1 month' WHERE id % 20 = 7
            """);
        var left = Relay.Messages.Count;
        var receipt = await Database.UntilSettledAsync(issue);

        Assert.That(receipt.Accepted + receipt.Excluded, Is.EqualTo(200));
        var late = Relay.Messages.Skip(left).Count(m => int.Parse(m.Recipient.Split('@')[0][1..]) is var n && (n % 2 == 0 || n % 20 is 5 or 7));
        Assert.That(late, Is.LessThanOrEqualTo(2), "at most the letters whose intent was committed before: one a connection");
        Assert.That(await Database.ScalarAsync<string>(
            "SELECT string_agg(DISTINCT reason, ' ' ORDER BY reason) FROM delivery WHERE state = 'excluded'"), Is.EqualTo("left_list paused"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE reason = 'left_list'"), Is.GreaterThan(50));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM subscriber WHERE status <> 'active'"), Is.Zero, "nobody has left the newsletter");
    }

    private async Task<long> InvitedAsync(string email)
    {
        var id = await Database.SubscriberAsync(email);
        await Database.ExecuteAsync($"DELETE FROM subscription WHERE subscriber_id = {id}");
        await Database.SubscribeAsync(id, invitations);
        return id;
    }

    private async Task<int> QueueAsync(string slug, params short[] lists)
    {
        var issue = await Database.IssueAsync(slug);
        // In one: a job that looks for what is due must not find it without its lists.
        await Database.ExecuteAsync(
            $"UPDATE issue SET state = 'queued', scheduled_at = now(), lists = '{{{string.Join(',', lists)}}}' WHERE id = {issue}");
        return issue;
    }

    private async Task SendAsync(string slug, params short[] lists)
    {
        before = Relay.Messages.Count;
        var issue = await QueueAsync(slug, lists);
        await Host.PlanAsync();
        await Database.UntilSettledAsync(issue);
    }

    // Receipts of leaving go by the same relay; they are of no list.
    private string[] Recipients() =>
    [
        .. Relay.Messages.Skip(before).Where(m => m.Text.Contains("List-Id:", StringComparison.Ordinal)).Select(m => m.Recipient.Split('@')[0])
            .Order(StringComparer.Ordinal),
    ];
}
