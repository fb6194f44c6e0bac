using System.Globalization;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Checks;

/// <summary>What the command refuses to queue, whoever asks: one host for all of it.</summary>
public sealed class QueueRuleTests : SiteFixture
{
    private int issue;

    private IssueCommands Commands => Host.Get<IssueCommands>();

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, relay, notice, admin_action");
        await Database.SubscribersAsync(2);
        await Database.RelayAsync();
        issue = await Database.IssueAsync("2026-12");
    }

    // Contents that are unfinished on purpose: the rule is to refuse them.
    [TestCase("Missing", """{"subject": ""}""", "")]
    [TestCase("Placeholder", """{"subject": "TODO"}""", "")]
    [TestCase("AltMissing", """{"leadPicture": {"mediaId": "a.jpg", "width": 1200, "height": 600}}""", "")]
    [TestCase("LinkNotAllowed", """{"contact": {"name": "Elin", "site": "javascript:alert(1)"}}""", "")]
    [TestCase("LinkNotAllowed", """{"contact": {"name": "Elin", "site": "https://exa\ufffemple.org"}}""", "")]
    [TestCase("LetterUnwritable", """{"subject": "Nytt\u2028år"}""", "")]
    [TestCase("EndsBeforeStart", """{"sections": [{"heading": "A", "blocks": [{"kind": "event", "name": "B", "start": "2026-12-09", "end": "2026-12-08"}]}]}""", "")]
    [TestCase("ContentUnreadable", """{"month": "december"}""", "")]
    [TestCase("NoAudience", "{}", "UPDATE subscriber SET status = 'unsubscribed'")]
    [TestCase("NoRelay", "{}", "UPDATE relay SET enabled = false")]
    [TestCase("NoTestLetter", "{}", "DELETE FROM notice")]
    [TestCase("NoTestLetter", "{}", "UPDATE notice SET state = 'refused'")]
    [TestCase("NoTestLetter", """{"preheader": "Ändrad efter provet."}""", "")]
    [TestCase("TestLetterUnderWay", "{}", "UPDATE notice SET state = 'sending'")]
    public async Task What_blocks_is_refused(string kind, string changed, string before)
    {
        await Database.ScalarAsync<int>("UPDATE issue SET content = content || $1::jsonb RETURNING id", new NpgsqlParameter { Value = changed });
        await Database.ExecuteAsync(before + ";");

        var (answer, findings) = await Commands.QueueAsync(issue, null, Given.Editor, default);

        Assert.That(answer, Is.EqualTo(CommandAnswer.Blocked));
        Assert.That(findings.Where(finding => finding.Blocks).Select(finding => finding.Kind), Has.Member(kind));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM admin_action"), Is.Zero);
    }

    [TestCase(" ", "NoPostalAddress")]
    [TestCase("Exempelgatan 1, 123 45 Gransele", "")]
    public void Without_a_postal_address_nothing_is_queued(string address, string kinds) => Assert.That(
        string.Join(' ', StandingChecks.Find(new(null, HasRelay: true, HasDomainProblem: false, "accepted"), 1, new() { PostalAddress = address })
            .Where(flaw => flaw.Blocks).Select(flaw => flaw.Kind)), Is.EqualTo(kinds));

    [Test]
    public async Task Only_an_administrator_may_queue_without_a_test_letter_and_that_is_noted()
    {
        await Database.ExecuteAsync("DELETE FROM notice");
        Assert.That((await Commands.QueueAsync(issue, null, Given.Administrator, default)).Answer, Is.EqualTo(CommandAnswer.Blocked), "by word only");
        Assert.That((await Commands.QueueAsync(issue, null, Given.Editor, withoutTestLetter: true, default)).Answer, Is.EqualTo(CommandAnswer.Blocked));

        Assert.That((await Commands.QueueAsync(issue, null, Given.Administrator, withoutTestLetter: true, default)).Answer, Is.EqualTo(CommandAnswer.Done));
        Assert.That(await NotedAsync(), Is.EqualTo("issue.queue-untested admin@example.org 2026-12"));
    }

    [Test]
    public async Task The_word_opens_nothing_else_and_is_not_noted_where_it_was_not_needed()
    {
        await Database.ExecuteAsync("UPDATE relay SET enabled = false");
        Assert.That((await Commands.QueueAsync(issue, null, Actor.CommandLine, withoutTestLetter: true, default)).Answer, Is.EqualTo(CommandAnswer.Blocked));

        await Database.ExecuteAsync("UPDATE relay SET enabled = true");
        Assert.That((await Commands.QueueAsync(issue, null, Actor.CommandLine, withoutTestLetter: true, default)).Answer, Is.EqualTo(CommandAnswer.Done));
        Assert.That(await NotedAsync(), Is.EqualTo("issue.queue command_line 2026-12"));
    }

    [Test]
    public async Task A_test_letter_counts_for_what_it_showed_and_for_that_only()
    {
        await SaveAsync("Höstmötet i Lillå");
        Assert.That(await KindsAsync(), Has.Member(IssueFinding.NoTestLetter));
        await SaveAsync("Höstmötet i Gransele");
        Assert.That(await KindsAsync(), Has.No.Member(IssueFinding.NoTestLetter), "as it was again");

        await SaveAsync("Höstmötet i Lillå");
        Assert.That(await Host.Get<TestLetters>().SendAsync(issue, "red@example.org", Given.Editor, default), Is.EqualTo(TestAnswer.Done));
        Assert.That(await KindsAsync(), Has.Member(IssueFinding.TestLetterUnderWay));
        await Database.ExecuteAsync("UPDATE notice SET state = 'accepted' WHERE state = 'waiting'");
        Assert.That(await KindsAsync(), Is.Empty);
    }

    [TestCase("2026-12-08T08:00:00Z", "")]
    [TestCase("2026-12-08T20:00:00Z", "SentAtNight")]
    [TestCase("2026-12-08T05:59:00Z", "SentAtNight")]
    [TestCase("2026-12-08T06:00:00Z", "")]
    [TestCase("2026-12-12T08:00:00Z", "SentOnDayOff")]
    [TestCase("2026-12-25T03:00:00Z", "SentAtNight SentOnDayOff")]
    public async Task The_hour_is_looked_at_in_Swedish_time(string at, string kinds) =>
        Assert.That(string.Join(' ', await KindsAsync(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture))), Is.EqualTo(kinds));

    [Test]
    public async Task What_stood_in_the_last_issue_and_has_passed_on_the_chosen_day_is_told()
    {
        var text = "Kansliet svarar på vardagar mellan nio och tre, och den som vill ha besök före jul skriver till oss så snart det går. Svara senast den 4 december.";
        await SaveAsync("Höstmötet i Gransele", text);
        await Database.ExecuteAsync(
            "INSERT INTO issue (slug, year, month, subject, content, created_at, updated_at, state) SELECT '2026-11', 2026, 11, subject, content || '{\"month\": 11}', now(), now(), 'draft' FROM issue");

        Assert.That(await KindsAsync(DateTimeOffset.Parse("2026-12-04T08:00:00Z", CultureInfo.InvariantCulture)), Is.EqualTo(new[] { "TextRepeats", "NoTestLetter" }));
        Assert.That(await KindsAsync(DateTimeOffset.Parse("2026-12-07T08:00:00Z", CultureInfo.InvariantCulture)), Has.Member("DeadlinePassed"));
    }

    [Test]
    public async Task A_letter_that_Gmail_would_cut_is_told_with_its_largest_part()
    {
        Assert.That(await FoundAsync(1000, 2000), Is.Empty);
        var found = (await FoundAsync(20_000, 70_000)).Single();

        Assert.That(found.Place, Is.EqualTo("sections[1].blocks[0].body"));
        Assert.That(found.Words, Does.Match(@"^Brevet blir (9[1-9]|1\d\d) kB\. Över 90 kB .* störst, 7\d kB"));
    }

    private async Task<IEnumerable<IssueFinding>> FoundAsync(params int[] sizes)
    {
        var content = new IssueContent
        {
            Year = 2026,
            Month = 12,
            Subject = "Stort",
            Preheader = "Mycket text.",
            Sections = [.. sizes.Select(size => new Section { Heading = "A", Blocks = [new Article { Heading = "B", Body = new('x', size) }] })],
        };
        return (await Host.Get<IssueChecks>().FindAsync(issue, content, null, default)).Where(finding => finding.Kind == "LetterLarge");
    }

    private async Task<List<string>> KindsAsync(DateTimeOffset? at = null)
    {
        var content = await Database.ScalarAsync<string>($"SELECT content::text FROM issue WHERE id = {issue}");
        return [.. (await Host.Get<IssueChecks>().FindAsync(issue, IssueContentJson.Find(content), at, default)).Select(finding => finding.Kind)];
    }

    private async Task SaveAsync(string heading, string body = "Vi samlades **tjugo** kommuner för att tala om skolskjutsar.")
    {
        var version = (await Host.Get<DraftStore>().ReadAsync(issue, default))!.VersionOf("a1b1").Version;
        await Host.Get<DraftCommands>().SaveAsync(issue, "a1b1", version, new Dictionary<string, string> { ["heading"] = heading, ["body"] = body },
            Given.Editor, default);
    }

    private Task<string> NotedAsync() => Database.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', what, who, target), ', ') FROM admin_action");
}
