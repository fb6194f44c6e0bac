using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>Whole issues: begun, moved, deleted, brought back.</summary>
public sealed class IssueDraftsTests : DraftFixture
{
    [Test]
    public async Task The_skeleton_is_the_usual_sections_with_the_last_ones_contact()
    {
        await Commands.AddContactAsync(Issue, Given.Editor, default);
        await SaveAsync(Issue, DraftPart.Contact, ("name", "Elin"));
        var content = await ContentAsync(await Drafts.CreateAsync(NewIssueFrom.Skeleton, null, null, Given.Editor, default));

        Assert.That(content.Sections.Select(section => section.Heading),
            Is.EqualTo(new[] { "Nytt sedan sist", "På gång", "Tips från andra", "Kalender" }));
        Assert.That((content.Subject, content.Contact!.Name), Is.EqualTo(("", "Elin")));
    }

    [Test]
    public async Task Like_the_last_one_keeps_order_signatures_and_recurring_texts_and_empties_the_articles()
    {
        await Database.ExecuteAsync("DELETE FROM issue");
        await Database.SentIssuesAsync();
        var before = SampleLetters.Content("2026-11");
        var content = await ContentAsync(await Drafts.CreateAsync(NewIssueFrom.Last, null, null, Given.Editor, default));

        Assert.That(content.Sections.Select(section => section.Heading), Is.EqualTo(before.Sections.Select(section => section.Heading)));
        Assert.That(content.Articles().Select(article => article.Heading + article.Body), Has.All.Empty);
        Assert.That(((Article)content.Sections[0].Blocks[0]).Signature!.Name, Is.EqualTo("Karin Lindmark"));
        Assert.That((content.Contact!.Name, content.LeadPicture), Is.EqualTo(("Elin Haddad", (Picture?)null)));

        await Database.ExecuteAsync(
            "DELETE FROM issue WHERE state = 'draft'; INSERT INTO issue (slug, year, month, subject, content, created_at, updated_at) SELECT '2026-11-igen', year, month, subject, content, now(), now() FROM issue WHERE slug = '2026-11'");
        var again = await ContentAsync(await Drafts.CreateAsync(NewIssueFrom.Last, null, null, Given.Editor, default));
        Assert.That(again.Articles().Select(article => article.Body), Is.EqualTo(before.Articles().Select(article => article.Body)),
            "what stood in the last two recurs");
    }

    [Test]
    public async Task A_copy_is_of_everything_but_the_month()
    {
        var copy = await Drafts.CreateAsync(NewIssueFrom.Copy, Issue, (2027, 3), Given.Editor, default);
        var (old, made) = (await ContentAsync(), await ContentAsync(copy));

        Assert.That(IssueContentJson.Serialize(made), Is.EqualTo(IssueContentJson.Serialize(old with { Year = 2027, Month = 3 })));
        Assert.That(await Drafts.CreateAsync(NewIssueFrom.Copy, 4711, null, Given.Editor, default), Is.Null);
    }

    [Test]
    public async Task Month_and_short_name_come_by_themselves()
    {
        var first = await Drafts.CreateAsync(NewIssueFrom.Skeleton, null, null, Given.Editor, default);
        var second = await Drafts.CreateAsync(NewIssueFrom.Skeleton, null, null, Given.Editor, default);
        var months = await Task.WhenAll(MonthAsync(first!.Value), MonthAsync(second!.Value));

        Assert.That(months.Distinct().Count(), Is.EqualTo(2), "the second takes the month after");
        Assert.That(await Task.WhenAll(Enumerable.Range(0, 3)
            .Select(async _ => await SlugAsync((await Drafts.CreateAsync(NewIssueFrom.Skeleton, null, (2027, 5), Given.Editor, default))!.Value))),
            Is.EquivalentTo(new[] { "2027-05", "2027-05-2", "2027-05-3" }));
    }

    [Test]
    public async Task Another_month_is_another_short_name()
    {
        await Database.IssueAsync("2027-02");
        await Drafts.MoveToMonthAsync(Issue, 2027, 2, Given.Editor, default);

        Assert.That(await SlugAsync(Issue), Is.EqualTo("2027-02-2"));
        Assert.That((await ContentAsync()).Month, Is.EqualTo(2));
        Assert.That(await Drafts.MoveToMonthAsync(Issue, 2027, 13, Given.Editor, default), Is.EqualTo(ComposeAnswer.NoSuchPart));
    }

    [Test]
    public async Task A_deleted_draft_is_nowhere_and_comes_back_with_a_name_that_is_free()
    {
        await Drafts.DeleteAsync(Issue, Given.Editor, default);
        await using (var db = Database.Open()) Assert.That(db.Issues.Count(), Is.Zero);
        Assert.That((await Host.Get<IssueCommands>().QueueAsync(Issue, null, Given.Editor, default)).Answer, Is.EqualTo(CommandAnswer.NoSuchIssue));
        Assert.That((await SaveAsyncOfGone()).Answer, Is.EqualTo(ComposeAnswer.NoSuchIssue));
        Assert.That((await Drafts.DeletedAsync(default)).Single(),
            Has.Property("DaysLeft").EqualTo(30).And.Property("Who").EqualTo(Given.Editor.Name));

        await Drafts.CreateAsync(NewIssueFrom.Skeleton, null, (2026, 11), Given.Editor, default);
        await Drafts.BringBackAsync(Issue, Given.Editor, default);
        Assert.That(await SlugAsync(Issue), Is.EqualTo("2026-11-2"));
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele"));
    }

    [Test]
    public async Task After_thirty_days_a_deleted_draft_is_gone_with_its_history_and_no_other_is()
    {
        var sent = await Database.IssueAsync("2026-10");
        await Database.ExecuteAsync($"UPDATE issue SET state = 'sent' WHERE id = {sent}");
        await SaveAsync(Issue, "a1b1", ("body", "Nytt"));
        await Drafts.DeleteAsync(Issue, Given.Editor, default);
        await Database.ExecuteAsync("TRUNCATE person; INSERT INTO person (name, removed_at) VALUES ('Kajsa', now()), ('Mats', NULL)");
        await new ForgetDrafts(Database.Source).RunAsync(null, default);
        Assert.That((await CountAsync("issue"), await CountAsync("person")), Is.EqualTo((2, 2)));

        await Database.ExecuteAsync(
            """
            UPDATE issue SET deleted_at = now() - interval '31 days' WHERE deleted_at IS NOT NULL;
            UPDATE person SET removed_at = now() - interval '31 days' WHERE removed_at IS NOT NULL
            """);
        await new ForgetDrafts(Database.Source).RunAsync(null, default);
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(name, ' ') FROM person"), Is.EqualTo("Mats"), "people who were removed, too");
        Assert.That((await CountAsync("issue"), await CountAsync("issue_revision"), await CountAsync("issue_part")), Is.EqualTo((1, 0, 0)));
    }

    private Task<SaveAnswer> SaveAsyncOfGone() =>
        Commands.SaveAsync(Issue, "a1b1", 0, new Dictionary<string, string> { ["body"] = "x" }, Given.Editor, default);

    private Task<string> SlugAsync(int issue) => Database.ScalarAsync<string>($"SELECT slug FROM issue WHERE id = {issue}");

    private Task<string> MonthAsync(int issue) => Database.ScalarAsync<string>($"SELECT year || '-' || month FROM issue WHERE id = {issue}");
}
