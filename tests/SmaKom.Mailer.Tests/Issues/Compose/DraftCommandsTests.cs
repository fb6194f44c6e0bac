using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>What editors do to the parts of a draft: on a real database, with its history and its log.</summary>
public sealed class DraftCommandsTests : DraftFixture
{
    // The draft of the fixture: section a1 with article a1b1, named by their places since it was stored without ids.
    private const string Section = "a1";
    private const string Article = "a1b1";

    [Test]
    public async Task What_is_saved_is_read_and_the_letter_has_it()
    {
        var saved = await SaveAsync(Issue, Article, ("heading", "Ny rubrik"), ("body", "Första\r\n\r\nandra"), ("layout", "Box"), ("kicker", " "),
            ("callsToAction[0].text", "Läs planen"), ("callsToAction[0].url", "https://example.org/plan"));

        Assert.That((saved.Answer, saved.Version), Is.EqualTo((ComposeAnswer.Done, 1)));
        var article = (Article)(await ContentAsync()).Sections[0].Blocks[0];
        Assert.That((article.Heading, article.Body, article.Layout, article.Kicker),
            Is.EqualTo(("Ny rubrik", "Första\n\nandra", ArticleLayout.Box, (string?)null)));
        Assert.That(article.CallsToAction.Single().Url, Is.EqualTo("https://example.org/plan"));
    }

    [Test]
    public async Task The_subject_of_the_head_is_the_issues()
    {
        await SaveAsync(Issue, DraftPart.Head, ("subject", "Nytt\nämne"));

        Assert.That(await Database.ScalarAsync<string>("SELECT subject FROM issue"), Is.EqualTo("Nytt ämne"));
        Assert.That((await ContentAsync()).Sections, Has.Count.EqualTo(1), "the rest stays");
    }

    [Test]
    public async Task An_older_version_is_a_conflict_that_tells_whose_text_is_there_and_changes_nothing()
    {
        await Commands.SaveAsync(Issue, Article, 0, Text("Deras"), Other, default);
        var mine = await Commands.SaveAsync(Issue, Article, 0, Text("Min"), Given.Editor, default);

        Assert.That((mine.Answer, mine.Version, mine.Last!.Who), Is.EqualTo((ComposeAnswer.Conflict, 1, Other.Name)));
        Assert.That(mine.Theirs!["body"], Is.EqualTo("Deras"));
        Assert.That(((Article)(await ContentAsync()).Sections[0].Blocks[0]).Body, Is.EqualTo("Deras"));
        Assert.That((await Commands.SaveAsync(Issue, Article, mine.Version, Text("Min"), Given.Editor, default)).Answer,
            Is.EqualTo(ComposeAnswer.Done), "keep mine");
    }

    [Test]
    public async Task The_same_text_is_no_conflict_and_leaves_no_trace()
    {
        await Commands.SaveAsync(Issue, Article, 0, Text("Samma"), Other, default);
        var (revisions, actions) = (await CountAsync("issue_revision"), await CountAsync("admin_action"));
        var again = await Commands.SaveAsync(Issue, Article, 0, Text("Samma"), Given.Editor, default);

        Assert.That((again.Answer, again.Version), Is.EqualTo((ComposeAnswer.Done, 1)));
        Assert.That((await CountAsync("issue_revision"), await CountAsync("admin_action")), Is.EqualTo((revisions, actions)));
    }

    [Test]
    public async Task Two_who_save_at_once_get_one_save_and_one_conflict()
    {
        var answers = await Task.WhenAll(
            Commands.SaveAsync(Issue, Article, 0, Text("Den ena"), Given.Editor, default),
            Commands.SaveAsync(Issue, Article, 0, Text("Den andra"), Other, default));

        Assert.That(answers.Select(answer => answer.Answer), Is.EquivalentTo(new[] { ComposeAnswer.Done, ComposeAnswer.Conflict }));
    }

    [Test]
    public async Task Other_parts_have_versions_of_their_own()
    {
        await Commands.SaveAsync(Issue, Article, 0, Text("En artikel"), Other, default);

        Assert.That((await Commands.SaveAsync(Issue, Section, 0, new Dictionary<string, string> { ["heading"] = "Sedan sist" }, Given.Editor,
            default)).Answer, Is.EqualTo(ComposeAnswer.Done));
        Assert.That(await OrderAsync(), Is.EqualTo("Sedan sist: Höstmötet i Gransele"));
    }

    [Test]
    public async Task Both_texts_can_be_kept_also_when_the_part_is_gone()
    {
        var beside = await Commands.SaveAsNewAsync(Issue, Article, NewBlock.Article, new Dictionary<string, string> { ["heading"] = "Min" },
            Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele, Min"));
        await Commands.RemoveAsync(Issue, beside.Part!, Other, default);
        Assert.That((await Commands.SaveAsync(Issue, beside.Part!, 1, Text("Mer"), Given.Editor, default)).Answer,
            Is.EqualTo(ComposeAnswer.NoSuchPart));

        await Commands.SaveAsNewAsync(Issue, beside.Part!, NewBlock.Event, new Dictionary<string, string> { ["name"] = "Mötet" }, Given.Editor,
            default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele, Mötet"));
    }

    [Test]
    public async Task A_date_that_is_none_is_refused_with_its_field()
    {
        var made = await Commands.AddBlockAsync(Issue, Section, NewBlock.Event, Given.Editor, default);
        var saved = await SaveAsync(Issue, made.Part!, ("name", "Mötet"), ("start", "1 dec"), ("startTime", "nio"));

        Assert.That(saved.Faults, Is.EqualTo(new FieldFault[] { new("start", "Date"), new("startTime", "Time") }));
    }

    [Test]
    public async Task An_unfinished_draft_is_kept_and_blocks_the_queue_with_its_places()
    {
        var made = await Commands.AddBlockAsync(Issue, Section, NewBlock.Event, Given.Editor, default);
        await SaveAsync(Issue, Article, ("heading", ""), ("body", ""));

        var found = (await FindingsAsync(Issue)).Where(finding => finding is { Blocks: true, MayBeWaived: false }).Select(finding => finding.Place);
        Assert.That(found, Is.EqualTo(
            new[] { "sections[0].blocks[0].heading", "sections[0].blocks[0].body", "sections[0].blocks[1].name", "sections[0].blocks[1].start" }));
        Assert.That(await Database.StateAsync(Issue), Is.EqualTo(IssueState.Draft));
        Assert.That((await SaveAsync(Issue, made.Part!, ("name", "Mötet"), ("start", "2026-12-01"))).Answer, Is.EqualTo(ComposeAnswer.Done));
    }

    [Test]
    public async Task Parts_move_within_their_section_and_on_into_the_next()
    {
        var two = (await Commands.AddBlockAsync(Issue, Section, NewBlock.Article, Given.Editor, default)).Part!;
        await SaveAsync(Issue, two, ("heading", "Två"));
        var next = (await Commands.AddSectionAsync(Issue, "På gång", Given.Editor, default)).Part!;

        await Commands.MoveAsync(Issue, two, -1, Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Två, Höstmötet i Gransele | På gång: "));
        await Commands.MoveAsync(Issue, Article, 1, Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Två | På gång: Höstmötet i Gransele"));
        await Commands.MoveToAsync(Issue, two, next, Given.Editor, default);
        await Commands.MoveAsync(Issue, next, -1, Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("På gång: Höstmötet i Gransele, Två | Hänt sedan sist: "));
        Assert.That((await Commands.MoveAsync(Issue, next, -1, Given.Editor, default)).Answer, Is.EqualTo(ComposeAnswer.NoSuchPart),
            "it is the first");
    }

    [Test]
    public async Task What_was_removed_comes_back_where_it_stood_and_later_texts_stay()
    {
        var two = (await Commands.AddBlockAsync(Issue, Section, NewBlock.Article, Given.Editor, default)).Part!;
        await Commands.RemoveAsync(Issue, Article, Given.Editor, default);
        await SaveAsync(Issue, two, ("heading", "Två"));

        Assert.That((await Commands.PutBackAsync(Issue, Article, Given.Editor, default)).Answer, Is.EqualTo(ComposeAnswer.Done));
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele, Två"));
        Assert.That((await Commands.PutBackAsync(Issue, Article, Given.Editor, default)).Answer, Is.EqualTo(ComposeAnswer.NoSuchPart), "it is there");
    }

    [Test]
    public async Task A_section_goes_and_comes_back_with_its_parts_and_is_copied_with_them()
    {
        await Commands.DuplicateAsync(Issue, Section, Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele | Hänt sedan sist: Höstmötet i Gransele"));
        Assert.That(DraftPart.All(await ContentAsync()).Select(part => part.Id).Distinct().Count(), Is.EqualTo(5));

        await Commands.RemoveAsync(Issue, Section, Given.Editor, default);
        await Commands.PutBackAsync(Issue, Section, Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele | Hänt sedan sist: Höstmötet i Gransele"));
    }

    [Test]
    public async Task Two_articles_become_a_pair_of_tips_and_two_again()
    {
        var two = (await Commands.AddBlockAsync(Issue, Section, NewBlock.Article, Given.Editor, default)).Part!;
        await SaveAsync(Issue, two, ("heading", "Två"), ("body", "Text"));

        var pair = await Commands.PairAsync(Issue, Article, Given.Editor, default);
        Assert.That((await ContentAsync()).Sections[0].Blocks.Single(), Is.TypeOf<TipsPair>().With.Property("Id").EqualTo(pair.Part));
        await SaveAsync(Issue, pair.Part!, ("right.heading", "Tips två"));
        await Commands.SplitAsync(Issue, pair.Part!, Given.Editor, default);
        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele, Tips två"));
        Assert.That((await Commands.PairAsync(Issue, two, Given.Editor, default)).Answer, Is.EqualTo(ComposeAnswer.NoSuchPart), "nothing follows it");
    }

    [Test]
    public async Task An_event_becomes_half_of_a_pair_with_its_picture_and_comes_back_whole()
    {
        var meeting = (await Commands.AddBlockAsync(Issue, Section, NewBlock.Event, Given.Editor, default)).Part!;
        await SaveAsync(Issue, meeting, ("name", "Mötet"), ("start", "2026-12-01"));
        var pair = (await Commands.PairAsync(Issue, Article, Given.Editor, default)).Part!;
        var saved = await SaveAsync(Issue, pair, ("right.place", "Gransele"), ("right.startTime", "nio"));
        Assert.That(saved.Faults, Is.EqualTo(new FieldFault[] { new("right.startTime", "Time") }));
        await SaveAsync(Issue, pair, ("right.place", "Gransele"), ("right.startTime", "9.00"));

        // The pair is removed while somebody writes in it: kept as a new one, its right half is an event still.
        var fields = PartFields.Of((await ContentAsync()).Sections[0].Blocks[0]);
        await Commands.RemoveAsync(Issue, pair, Other, default);
        var again = (await Commands.SaveAsNewAsync(Issue, pair, NewBlock.Tips, fields, Given.Editor, default)).Part!;
        await Commands.SplitAsync(Issue, again, Given.Editor, default);

        Assert.That(await OrderAsync(), Is.EqualTo("Hänt sedan sist: Höstmötet i Gransele, Mötet"));
        Assert.That((await ContentAsync()).Events().Select(item => (item.Name, item.Start, item.StartTime, item.Place)),
            Is.EqualTo(new[] { ("Mötet", new DateOnly(2026, 12, 1), (TimeOnly?)new TimeOnly(9, 0), "Gransele") }));
    }

    [TestCase("queued")]
    [TestCase("sending")]
    [TestCase("sent")]
    [TestCase("cancelled")]
    public async Task Only_a_draft_can_be_changed(string state)
    {
        await Database.ExecuteAsync($"UPDATE issue SET state = '{state}'");

        Assert.That((await SaveAsync(Issue, Article, ("body", "Nytt"))).Answer, Is.EqualTo(ComposeAnswer.NotDraft));
        Assert.That(await Commands.RemoveAsync(Issue, Article, Given.Editor, default), Is.EqualTo(ComposeAnswer.NotDraft));
        Assert.That(await Drafts.DeleteAsync(Issue, Given.Editor, default), Is.EqualTo(ComposeAnswer.NotDraft));
        Assert.That(await CountAsync("issue_revision") + await CountAsync("admin_action"), Is.Zero);
    }

    [Test]
    public async Task An_edit_keeps_a_queueing_that_looked_before_it_from_happening()
    {
        var version = await Database.ScalarAsync<int>("SELECT version FROM issue");
        await SaveAsync(Issue, Article, ("body", "Nytt"));

        Assert.That(await Database.ScalarAsync<int>("SELECT version FROM issue"), Is.EqualTo(version + 1));
    }

    [Test]
    public async Task Any_text_can_be_stored()
    {
        foreach (var text in new[] { "a\0b", "\uFFFE\uFFFF", "\uD800", "</textarea><script>", "'; DROP TABLE issue; --", new string('å', 20_000) })
            Assert.That((await SaveAsync(Issue, Article, ("heading", text), ("body", text), ("pictures[0].mediaId", text), ("layout", text))).Answer,
                Is.EqualTo(ComposeAnswer.Done), text);
    }

    private static Dictionary<string, string> Text(string body) => new() { ["body"] = body };
}
