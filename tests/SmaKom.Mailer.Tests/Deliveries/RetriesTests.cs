using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Deliveries;

/// <summary>"Only these again": who is taken, who never is, and what the books say afterwards.</summary>
public sealed class RetriesTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private int issue;

    [SetUp]
    public async Task BeginAsync()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"));
        issue = await database.SentIssueAsync();
    }

    [TearDown]
    public async Task EndAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Only_refused_unknown_and_deferred_ones_are_taken_and_the_books_add_up()
    {
        var look = await host.Get<Retries>().LookAsync(issue, new(), default);
        Assert.That(look, Is.EqualTo(new RetryOutlook(Refused: 2, Unknown: 2, Deferred: 1, Gone: 0, Busy: 0, Waiting: 3, NotFor: 6)));

        Assert.That(await AgainAsync(new()), Is.EqualTo(5));

        var receipt = await database.ReceiptAsync(issue);
        Assert.That(receipt.AddsUp);
        Assert.That((receipt.Accepted, receipt.Refused, receipt.Excluded, receipt.Unknown, receipt.Waiting, receipt.Deferred),
            Is.EqualTo((3, 0, 2, 1, 8, 1)));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sending));
        Assert.That(await AgainAsync(new() { State = DeliveryState.Refused }), Is.Zero, "they wait already");
    }

    [TestCase("unsubscribed")]
    [TestCase("complained")]
    [TestCase("bounced")]
    [TestCase("erased")]
    public async Task Whoever_has_left_is_not_written_to_again(string status)
    {
        await database.ExecuteAsync($"UPDATE subscriber SET status = '{status}' WHERE email LIKE 'r%-4@%'");
        Assert.That(await host.Get<Retries>().LookAsync(issue, new() { State = DeliveryState.Refused }, default),
            Is.EqualTo(new RetryOutlook(1, 0, 0, Gone: 1, 0, 0, 0)));
        Assert.That(await AgainAsync(new() { State = DeliveryState.Refused }), Is.EqualTo(1));
        Assert.That(await StatesAsync("r%-4@%"), Is.EqualTo("refused"));
    }

    [Test]
    public async Task Nor_whoever_is_on_the_suppression_list()
    {
        var hash = host.Get<LinkKeys>().HashAddress($"r{issue}-4@gransele.example");
        await database.ExecuteAsync(
            $"INSERT INTO suppression (address_hash, reason, since) VALUES ('\\x{Convert.ToHexString(hash)}', 'complained', now())");
        Assert.That((await host.Get<Retries>().LookAsync(issue, new() { Code = "5.1.1" }, default)).Gone, Is.EqualTo(1));
        Assert.That(await AgainAsync(new() { State = DeliveryState.Refused }), Is.EqualTo(1));
        Assert.That(await StatesAsync("r%-4@%"), Is.EqualTo("refused"));
    }

    [Test]
    public async Task What_a_worker_holds_is_left_alone_for_now()
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO slice (issue_id, first_id, last_id, due_at, claim_id, lease_until)
            SELECT {issue}, min(id), max(id), now(), 1, now() + interval '1 minute' FROM delivery WHERE email LIKE 'r%-4@%' OR email LIKE 'r%-5@%'
            """);
        Assert.That(await host.Get<Retries>().LookAsync(issue, new() { State = DeliveryState.Refused }, default),
            Is.EqualTo(new RetryOutlook(0, 0, 0, 0, Busy: 2, 0, 0)));
        Assert.That(await AgainAsync(new() { State = DeliveryState.Refused }), Is.Zero);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery_decision"), Is.Zero, "nothing was decided");
    }

    [Test]
    public async Task Deferred_ones_are_due_now_with_their_slice()
    {
        await database.ExecuteAsync(
            $"""
            UPDATE delivery SET next_attempt_at = now() + interval '4 hours' WHERE state = 'deferred';
            INSERT INTO slice (issue_id, first_id, last_id, due_at) SELECT {issue}, min(id), max(id), now() + interval '4 hours' FROM delivery;
            UPDATE issue SET state = 'sending'
            """);

        Assert.That(await AgainAsync(new() { State = DeliveryState.Deferred }), Is.EqualTo(1));

        Assert.That(await database.ScalarAsync<bool>("SELECT next_attempt_at <= now() FROM delivery WHERE state = 'deferred'"));
        Assert.That(await database.ScalarAsync<bool>("SELECT count(*) = 1 AND bool_and(due_at <= now()) FROM slice"));
    }

    [Test]
    public async Task Who_decided_stays_on_record_and_cannot_be_rewritten()
    {
        var refused = await database.ScalarAsync<long>("SELECT min(id) FROM delivery WHERE state = 'refused'");
        await AgainAsync(new() { Ids = [refused] });

        Assert.That(await database.ScalarAsync<string>("SELECT kind || ' ' || made_by || ' ' || letters FROM delivery_decision"),
            Is.EqualTo("retry karin@smakom.example 1"));
        Assert.That(await database.ScalarAsync<string>("SELECT delivery_id || ' ' || state_before FROM delivery_decision_letter"),
            Is.EqualTo($"{refused} refused"));
        Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ExecuteAsync("UPDATE delivery_decision SET made_by = 'nobody'"));
        Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ExecuteAsync("DELETE FROM delivery_decision_letter"));
    }

    [TestCase("cancelled")]
    [TestCase("draft")]
    public async Task An_issue_that_is_cancelled_or_not_started_sends_nothing(string state)
    {
        await database.ExecuteAsync($"UPDATE issue SET state = '{state}'");
        Assert.That(await AgainAsync(new()), Is.Zero);
    }

    [Test]
    public async Task Thousands_lying_scattered_are_one_statement_and_few_slices_that_do_not_overlap()
    {
        await database.SubscribersAsync(30_000, "many");
        await database.ExecuteAsync(
            $"""
            INSERT INTO delivery (issue_id, subscriber_id, variant, state, email, domain, reply_code)
            SELECT {issue}, id, 0, (CASE WHEN id % 3 = 0 THEN 'refused' WHEN id % 1000 < 2 THEN 'waiting' ELSE 'accepted' END)::delivery_state, email, domain, 550
            FROM subscriber WHERE email LIKE 'many%' ORDER BY id;
            INSERT INTO slice (issue_id, first_id, last_id, due_at)
            SELECT {issue}, min(id), max(id), now() FROM delivery WHERE state = 'waiting' AND email LIKE 'many%' GROUP BY id / 1000
            """);
        var refused = (int)await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'refused'");

        Assert.That(await AgainAsync(new() { State = DeliveryState.Refused }), Is.EqualTo(refused).And.GreaterThan(10_000));

        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM slice"), Is.LessThan(200));
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM slice a JOIN slice b ON a.id < b.id AND int8range(a.first_id, a.last_id, '[]') && int8range(b.first_id, b.last_id, '[]')"), Is.Zero, "overlaps");
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM delivery d WHERE state = 'waiting' AND email LIKE 'many%' AND NOT EXISTS (SELECT FROM slice WHERE d.id BETWEEN first_id AND last_id)"), Is.Zero, "nobody would send them");
    }

    [Test]
    public async Task An_issue_called_sent_while_letters_still_have_slices_is_sending_again()
    {
        await database.ExecuteAsync($"INSERT INTO slice (issue_id, first_id, last_id, due_at) SELECT {issue}, min(id), max(id), now() FROM delivery");
        await host.Get<ExpiredLeases>().RescueAsync(default);
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sending));
    }

    private Task<int> AgainAsync(DeliveryFilter filter) =>
        host.Get<Retries>().SendAgainAsync(issue, filter, DecisionKind.Retry, Actor.Staff("karin@smakom.example"), default);
    private Task<string> StatesAsync(string like) =>
        database.ScalarAsync<string>($"SELECT string_agg(state::text, ' ') FROM delivery WHERE email LIKE '{like}'");
}
