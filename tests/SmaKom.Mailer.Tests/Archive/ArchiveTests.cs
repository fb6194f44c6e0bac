using System.Net;
using SmaKom.Mailer.Archive;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Archive;

public sealed class ArchiveTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private PageReader reader = null!;

    [SetUp]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"));
        reader = new PageReader(host.Url);
    }

    [TearDown]
    public async Task Stop()
    {
        reader.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase("2026-11", "/arkiv/2026/november")]
    [TestCase("2026-05-extra", "/arkiv/2026/maj-extra")]
    [TestCase("2027-01-kongress-2", "/arkiv/2027/januari-kongress-2")]
    public void An_address_leads_back_to_its_issue(string slug, string path)
    {
        Assert.That(ArchivePath.Of(slug), Is.EqualTo(path));
        var parts = path.Split('/');
        Assert.That(ArchivePath.Slug(int.Parse(parts[2]), parts[3]), Is.EqualTo(slug));
    }

    [TestCase(2026, "november2")]
    [TestCase(2026, "November")]
    [TestCase(2026, "smarch")]
    [TestCase(26, "november")]
    public void Other_names_are_no_issue(int year, string name) => Assert.That(ArchivePath.Slug(year, name), Is.Null.Or.EqualTo("2026-11-x"));

    [TestCase("top", "focus-top")]
    [TestCase(null, null)]
    public async Task The_card_keeps_the_side_of_the_picture_that_matters(string? focus, string? name)
    {
        await IssueAsync("2026-11", "sent");
        await database.ExecuteAsync(
            $"""
            UPDATE issue SET content = content || jsonb_build_object('leadPicture', jsonb_strip_nulls(jsonb_build_object(
                'mediaId', 'a.jpg', 'alt', 'En plog.', 'width', 800, 'height', 800, 'focus', NULLIF('{focus}', ''))))
            """);

        Assert.That((await reader.GetAsync("/")).QuerySelector(".issue-card img")!.GetAttribute("class"), Is.EqualTo(name));
    }

    [TestCase("draft", false)]
    [TestCase("queued", false)]
    [TestCase("sending", true)]
    [TestCase("paused", true)]
    [TestCase("sent", true)]
    [TestCase("cancelled", false)]
    public async Task Only_what_has_begun_to_be_sent_is_shown(string state, bool shown)
    {
        await IssueAsync("2026-11", state);

        await reader.GetAsync("/arkiv/2026/november");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(shown ? HttpStatusCode.OK : HttpStatusCode.NotFound));
        foreach (var path in new[] { "/", "/arkiv" })
            Assert.That((await reader.GetAsync(path)).QuerySelectorAll("a[href='/arkiv/2026/november']").Any(), Is.EqualTo(shown), path);
    }

    [Test]
    public async Task An_issue_is_one_article_with_the_issues_own_language_and_no_personal_links()
    {
        await IssueAsync("2026-11", "sent");

        var page = await reader.GetAsync("/arkiv/2026/november?lang=en");

        Assert.That(page.QuerySelectorAll("h1"), Has.Length.EqualTo(1));
        Assert.That(page.QuerySelector("article.letter")!.GetAttribute("lang"), Is.EqualTo("sv"));
        Assert.That(page.QuerySelectorAll("a[href*='/avsluta/'], a[href*='/uppgifter/']"), Is.Empty);
        Assert.That(page.QuerySelectorAll("[style], style, script"), Is.Empty);
    }

    [Test]
    public async Task A_persons_letter_gives_no_power_to_whom_it_is_shown_and_is_not_for_search_engines()
    {
        var issue = await IssueAsync("2026-11", "sent");
        var kim = await database.SubscriberAsync("kim@gransele.example");

        var page = await reader.GetAsync(host.LetterPath(kim, issue));

        Assert.That(reader.Answer.Headers.GetValues("X-Robots-Tag"), Is.EqualTo(new[] { "noindex" }));
        Assert.That(reader.Answer.Headers.CacheControl?.NoStore, Is.True);
        foreach (var power in new[] { host.UnsubscribePath(kim, issue), host.DetailsPath(kim), "/avsluta/", "/uppgifter/", "kim@" })
            Assert.That(page.DocumentElement.OuterHtml, Does.Not.Contain(power));
        Assert.That(page.QuerySelector(".letter-footer")!.TextContent, Does.Contain("Länkarna till det står i brevet"));
    }

    [Test]
    public async Task A_letter_of_a_draft_or_of_someone_elses_making_is_not_found()
    {
        var draft = await IssueAsync("2026-12", "draft");
        var kim = await database.SubscriberAsync("kim@gransele.example");

        await reader.GetAsync(host.LetterPath(kim, draft));
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await reader.GetAsync(host.LetterPath(kim, draft)[..^2] + "AA");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_letter_outlives_its_reader_without_their_links()
    {
        var issue = await IssueAsync("2026-11", "sent");
        var gone = await database.SubscriberAsync("gone@gransele.example", status: SubscriberStatus.Erased);

        var page = await reader.GetAsync(host.LetterPath(gone, issue));

        Assert.That(page.QuerySelectorAll("a[href*='/avsluta/']"), Is.Empty);
        Assert.That(page.QuerySelector("article.letter"), Is.Not.Null);
    }

    [Test]
    public async Task A_picture_has_the_type_of_its_bytes_and_is_nothing_but_a_picture()
    {
        await database.ExecuteAsync("INSERT INTO media VALUES ('abc', 'image/png', 1, 1, '\\x89504e47', now())");

        await reader.GetAsync("/bild/abc");

        var answer = reader.Answer;
        Assert.Multiple(() =>
        {
            Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/png"));
            Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
            Assert.That(string.Join("", answer.Headers.GetValues("Content-Security-Policy")), Does.Contain("sandbox"));
            Assert.That(answer.Headers.CacheControl!.ToString(), Does.Contain("immutable"));
        });
        await reader.GetAsync("/bild/nope");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("/")]
    [TestCase("/arkiv")]
    public async Task Without_issues_a_page_says_what_it_is_for(string path) =>
        Assert.That((await reader.GetAsync(path)).QuerySelector(".empty"), Is.Not.Null);

    private async Task<int> IssueAsync(string slug, string state)
    {
        var issue = await database.IssueAsync(slug);
        await database.ExecuteAsync(
            $"UPDATE issue SET state = '{state}', started_at = CASE WHEN '{state}' IN ('sending', 'paused', 'sent') THEN now() END WHERE id = {issue}");
        return issue;
    }
}
