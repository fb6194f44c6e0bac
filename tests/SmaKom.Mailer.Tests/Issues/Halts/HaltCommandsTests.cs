using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Halts;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Halts;

/// <summary>What becomes of a halted issue, by each choice, and what cannot be done meanwhile.</summary>
public sealed class HaltCommandsTests
{
    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private TestHost host = null!;
    private int issue;

    private HaltCommands Commands => host.Get<HaltCommands>();

    [SetUp]
    public async Task BeginAsync()
    {
        (database, relay) = (await TestDatabase.CreateAsync(), new());
        issue = await database.HalfSentAsync();
        await database.RestoredAsync();
    }

    [TearDown]
    public async Task EndAsync()
    {
        await host.DisposeAsync();
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task It_goes_on_for_that_issue_only()
    {
        await database.MetAsync();
        var other = await database.HalfSentAsync("2026-12");
        await database.RestoredAsync();
        await StartAsync();

        Assert.That(await Commands.GoOnAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        await database.UntilStateAsync(issue, IssueState.Sent);

        Assert.That((relay.Messages.Count, await database.StateAsync(other)), Is.EqualTo((60, IssueState.Paused)));
        Assert.That(await DecisionsAsync(), Is.EqualTo($"{issue} go_on {Given.Editor.Name}; {other} – –"));
        Assert.That(await Commands.GoOnAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.WrongState), "once");
    }

    [Test]
    public async Task What_waits_is_unknown_and_each_can_be_decided_about()
    {
        await StartAsync();
        Assert.That(await Commands.TreatAsUnknownAsync(issue, Given.Editor, default), Is.EqualTo(60));

        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sent));
        var unknown = await host.Get<UnknownDeliveries>().ListAsync(issue, default);
        Assert.That((unknown.Count, unknown.Select(letter => letter.Reason).Distinct().Single()), Is.EqualTo((60, "halted")));
        var decision = await database.ScalarAsync<string>("SELECT concat(kind, ' ', letters, ' ', made_by) FROM delivery_decision");
        Assert.That(decision, Is.EqualTo($"{DecisionKind.Unknown} 60 {Given.Editor.Name}"));
        Assert.That(await Commands.TreatAsUnknownAsync(issue, Given.Editor, default), Is.Null, "once");
        Assert.That(relay.Messages, Is.Empty);

        await host.Get<UnknownDeliveries>().SendAgainAsync(issue, [unknown[0].Id, unknown[1].Id], Given.Editor, default);
        await relay.WaitFor(2);
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That((relay.Messages.Count, (await database.ReceiptAsync(issue)).Unknown), Is.EqualTo((2, 58)));
    }

    [Test]
    public async Task The_setting_for_unwatched_services_sends_nobody_again_of_whom_a_person_has_decided()
    {
        await StartAsync(("Dispatch:Unknown", "SendAgain"));
        await Commands.TreatAsUnknownAsync(issue, Given.Editor, default);
        await database.ExecuteAsync("UPDATE delivery SET finished_at = now() - interval '1 hour' WHERE state = 'unknown'");
        await host.Get<UnknownPolicy>().ApplyAsync(default);

        Assert.That((relay.Messages.Count, (await database.ReceiptAsync(issue)).Unknown), Is.EqualTo((0, 60)));
    }

    [Test]
    public async Task A_due_issue_is_frozen_and_all_of_it_unknown()
    {
        await database.EmptyAsync("issue");
        issue = await database.IssueAsync("2026-12", queued: true);
        await StartAsync();
        await host.PlanAsync();
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Queued), "it is not planned");

        Assert.That(await Commands.TreatAsUnknownAsync(issue, Given.Editor, default), Is.EqualTo(100));

        var receipt = await database.ReceiptAsync(issue);
        Assert.That((await database.StateAsync(issue), receipt.Audience, receipt.Unknown), Is.EqualTo((IssueState.Sent, 100, 100)));
        Assert.That(relay.Messages, Is.Empty);
    }

    [Test]
    public async Task A_due_issue_that_is_taken_back_is_decided_about()
    {
        await database.EmptyAsync("issue");
        issue = await database.IssueAsync("2026-12", queued: true);
        await StartAsync();

        Assert.That(await host.Get<IssueCommands>().TakeBackAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        Assert.That((await DecisionsAsync(), await database.StateAsync(issue)), Is.EqualTo(($"{issue} stop {Given.Editor.Name}", IssueState.Draft)));
    }

    [Test]
    public async Task Stopped_it_is_cancelled_and_whoever_waited_is_excluded()
    {
        await StartAsync();
        Assert.That(await host.Get<IssueCommands>().CancelAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));

        var receipt = await database.ReceiptAsync(issue);
        Assert.That((receipt.Accepted, receipt.Excluded, await DecisionsAsync()), Is.EqualTo((40, 60, $"{issue} stop {Given.Editor.Name}")));
    }

    [Test]
    public async Task What_somebody_had_paused_stays_paused_when_it_may_go_on()
    {
        await database.ExecuteAsync("UPDATE issue SET state = 'paused'");
        await StartAsync();
        Assert.That(await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Halted));

        Assert.That(await Commands.GoOnAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Paused));
        Assert.That(await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(relay.Messages, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task Letters_under_way_in_the_copy_are_unknown_and_its_claims_are_nobody_s()
    {
        await database.ExecuteAsync(
            """
            UPDATE slice
            SET claim_id = nextval('claim_id'), worker_id = gen_random_uuid(), lease_until = now() + interval '1 hour'
            WHERE id = (SELECT max(id) FROM slice);
            UPDATE delivery AS d SET state = 'sending', claim_id = s.claim_id FROM slice AS s WHERE s.claim_id IS NOT NULL AND d.id = s.first_id
            """);
        var claim = await database.ScalarAsync<long>("SELECT max(claim_id) FROM slice");
        await StartAsync();

        Assert.That(await host.Get<Mailer.Deliveries.Dispatch.Slices>().RenewAsync([claim], default), Is.Empty);
        await host.Get<Mailer.Deliveries.Dispatch.ExpiredLeases>().RescueAsync(default);
        Assert.That(await database.ScalarAsync<string>("SELECT reason FROM delivery WHERE state = 'unknown'"), Is.EqualTo("worker_lost"));
        Assert.That(await database.ScalarAsync<long>("SELECT nextval('claim_id')"), Is.GreaterThan(claim + 99_999));
    }

    [Test]
    public async Task A_checkup_tells_of_it_and_of_nothing_else()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO notice (kind, email, language, created_at, next_attempt_at)
            VALUES ('confirmation', 'asa@gransele.example', 'sv', now() - interval '2 hours', now() - interval '2 hours')
            """);
        // Signs of life so seldom that none meets the database while the test looks.
        await StartAsync(("Roles", "web"), ("Schedule:CheckInInterval", "00:01:00"));
        await database.ExecuteAsync("UPDATE database_identity SET timeline = 'x'");
        Assert.That(await KindsAsync(), Is.EqualTo(new[] { FindingKind.DatabaseNotMet }));

        await host.Get<DatabaseWatch>().LookAsync(worker: false, default);
        Assert.That(await KindsAsync(), Is.EqualTo(new[] { FindingKind.IssueHalted, FindingKind.NoticesHalted }));
        var found = (await host.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.IssueHalted);
        Assert.That((found.Facts[0], found.Facts[2], found.Facts[3]), Is.EqualTo(((object)"2026-11", (object)40, (object)60)));
        Assert.That(found.Where, Is.EqualTo("/admin/stopp"));

        // The settings of a trial, and that there is no worker, are told as well.
        async Task<IEnumerable<FindingKind>> KindsAsync() =>
            (await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind).Where(kind => kind is
            FindingKind.IssueHalted or FindingKind.NoticesHalted or FindingKind.DatabaseNotMet or FindingKind.DatabaseMoved or FindingKind.IssuePaused
            or FindingKind.NoticesStuck);
    }

    private async Task StartAsync(params (string, string)[] settings)
    {
        host = await TestHost.StartAsync(database, [.. Given.Relay(relay), GivenRestored.OftenAlive, .. settings]);
        if (!settings.Contains(("Roles", "web"))) await database.UntilLookedAsync();
    }

    private Task<string> DecisionsAsync() => database.ScalarAsync<string>(
        """
        SELECT string_agg(concat_ws(' ', issue_id, COALESCE(decision, '–'), COALESCE(decided_by, '–')), '; ' ORDER BY issue_id)
        FROM halt
        """);
}
