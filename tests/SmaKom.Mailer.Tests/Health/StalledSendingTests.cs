using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>Issues are sending and no worker gets anything done: found, whatever the cause.</summary>
public sealed class StalledSendingTests : CheckupFixture
{
    /// <param name="claimed">A worker that lives holds the slice.</param>
    [TestCase("2 minutes", "5 minutes", true, true)]
    [TestCase("2 minutes", "5 minutes", false, true)]
    [TestCase("2 minutes", "20 seconds", true, false)]
    [TestCase("50 seconds", "5 minutes", true, false)]
    public async Task Letters_that_are_due_while_nothing_is_committed_for_a_minute_are_found(string committed, string due, bool claimed, bool found)
    {
        await using var desk = await StartCommandsAsync();
        var sending = await Database.IssueAsync("2026-11");
        await Database.ExecuteAsync(
            $"""
            UPDATE issue SET state = 'sending', updated_at = now() - interval '1 hour' WHERE id = {sending};
            UPDATE worker SET committed_at = now() - interval '{committed}';
            INSERT INTO slice (issue_id, first_id, last_id, due_at, claim_id, lease_until)
            VALUES ({sending}, 1, 9, now() - interval '{due}', {(claimed ? "1, now() + interval '20 seconds'" : "NULL, NULL")})
            """);

        var stalled = (await desk.Get<Checkup>().LookAsync(default)).Where(finding => finding.Kind == FindingKind.SendingStalled).ToList();

        Assert.That(stalled.Select(finding => (finding.Severity, finding.Facts[0], finding.Where)),
            Is.EqualTo(found ? [(Severity.Fault, (object)"2026-11", $"/admin/utskick/{sending}")] : Array.Empty<(Severity, object, string?)>()));
    }

    [Test]
    public async Task A_relay_that_never_answers_makes_an_issue_stand_still()
    {
        await Database.SubscribersAsync(3);
        Relay.Options = new() { Faults = [new("RCPT", FakeRelayAct.Hang)] };
        await using var host = await StartAsync(("Schedule:CheckInInterval", "00:00:00.2"));
        var issue = await Database.IssueAsync(queued: true);
        await host.PlanAsync();
        await Relay.WaitForHang();
        Assert.That(await KindsAsync(host), Has.None.EqualTo(FindingKind.SendingStalled), "it is early");

        await Database.ExecuteAsync(
            $"UPDATE issue SET updated_at = now() - interval '2 minutes' WHERE id = {issue}; UPDATE slice SET due_at = now() - interval '2 minutes'");

        Assert.That(await KindsAsync(host), Has.Some.EqualTo(FindingKind.SendingStalled));
    }
}
