using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>The history of an issue and the rows of the log that belong to it.</summary>
public sealed class DraftHistoryTests : DraftFixture
{
    private Revisions Revisions => Host.Get<Revisions>();

    [Test]
    public async Task What_one_person_types_within_a_quarter_is_one_line_and_one_row()
    {
        foreach (var text in new[] { "A", "Al", "Allt", "Allt som" }) await SaveAsync(Issue, "a1b1", ("body", text));

        Assert.That(await LinesAsync(), Is.EqualTo(new[] { "redaktor@example.org: Changed Article Höstmötet i Gransele", ": first" }));
        Assert.That(await CountAsync("admin_action WHERE what = 'issue.edit' AND target = '2026-11'"), Is.EqualTo(1));

        await Database.ExecuteAsync("UPDATE issue_revision SET began_at = began_at - interval '16 minutes'");
        await SaveAsync(Issue, "a1b1", ("body", "Allt som hände"));
        Assert.That(await CountAsync("issue_revision"), Is.EqualTo(3));
        Assert.That(await CountAsync("admin_action WHERE what = 'issue.edit'"), Is.EqualTo(2));
    }

    [Test]
    public async Task Each_line_says_who_did_what()
    {
        await Commands.AddSectionAsync(Issue, "På gång", Given.Editor, default);
        await SaveAsync(Issue, DraftPart.Head, ("subject", "Ämnet"));
        await Commands.SaveAsync(Issue, "a1", 0, new Dictionary<string, string> { ["heading"] = "Nytt" }, Other, default);
        await Commands.MoveAsync(Issue, "a1", 1, Given.Editor, default);
        await Commands.RemoveAsync(Issue, "a1", Given.Editor, default);
        await Drafts.MoveToMonthAsync(Issue, 2027, 1, Given.Editor, default);

        Assert.That(await LinesAsync(), Is.EqualTo(new[]
        {
            "redaktor@example.org: Month", "redaktor@example.org: Removed Section Nytt", "redaktor@example.org: Reordered",
            "annan@example.org: Changed Section Nytt",
            "redaktor@example.org: Changed Head Ämnet", "redaktor@example.org: Added Section På gång", ": first",
        }));
    }

    [Test]
    public async Task Any_line_can_be_brought_back_and_what_stood_there_stays_in_the_history()
    {
        await SaveAsync(Issue, "a1b1", ("body", "Kvar"));
        await Commands.RemoveAsync(Issue, "a1", Other, default);
        var kept = (await Revisions.ListAsync(Issue, null, 10, default))[1];

        Assert.That(await Commands.RestoreAsync(Issue, kept.Revision.Id, Given.Editor, default), Is.EqualTo(ComposeAnswer.Done));
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele"));
        Assert.That(await CountAsync("issue_revision"), Is.EqualTo(4));
        Assert.That((await Host.Get<AuditLog>().LastAsync("issue.", 1, default)).Single().What, Is.EqualTo("issue.restore"));
        Assert.That((await Commands.SaveAsync(Issue, "a1b1", 1, new Dictionary<string, string> { ["body"] = "Ur en gammal flik" }, Other, default))
            .Answer, Is.EqualTo(ComposeAnswer.Conflict));
    }

    [Test]
    public async Task A_line_of_another_issue_is_not_found()
    {
        var another = await Database.IssueAsync("2026-12");
        await SaveAsync(another, "a1b1", ("body", "Nytt"));
        var line = (await Revisions.ListAsync(another, null, 1, default)).Single().Revision.Id;

        Assert.That(await Commands.RestoreAsync(Issue, line, Given.Editor, default), Is.EqualTo(ComposeAnswer.NoSuchPart));
    }

    [Test]
    public async Task What_cannot_be_noted_is_not_saved()
    {
        await Database.ExecuteAsync("ALTER TABLE admin_action ADD CONSTRAINT full_disk CHECK (what = '') NOT VALID");

        Assert.That(() => SaveAsync(Issue, "a1b1", ("body", "Nytt")), Throws.InstanceOf<Npgsql.PostgresException>());
        Assert.That(await CountAsync("issue_revision") + await CountAsync("issue_part"), Is.Zero);
        Assert.That(await Database.ScalarAsync<string>("SELECT content::text FROM issue"), Does.Not.Contain("Nytt"));
    }

    private async Task<IEnumerable<string>> LinesAsync() => (await Revisions.ListAsync(Issue, null, 20, default))
        .Select(line => $"{line.Revision.Who}: {(line.IsFirst ? "first" : string.Join("; ", line.Changes.Select(change => $"{change.Change} {change.Kind} {change.Title}".Trim())))}");
}
