using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Archive;

/// <summary>The archive's pages and files on the sample issues.</summary>
public sealed class ArchivePagesTests : SiteFixture
{
    private const string Site = "http://nyhetsbrev.smakom.example";
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private PageReader reader = null!;

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.SentIssuesAsync();
        await Database.PublicIssueAsync("2025-12", Given.Content("Året som gick", "Hänt",
            new Article { Heading = "Året", Body = "Det var ett år." }));
        await Database.PublicIssueAsync("2026-12", Given.Content("Inte än", "Snart",
            new Article { Heading = "Hemligt", Body = "Inte än." }), "queued");
        return await StartWebAsync(("Site:PublicUrl", Site));
    }

    [OneTimeSetUp]
    public void OpenReader() => reader = new PageReader(Host.Url);

    [OneTimeTearDown]
    public void CloseReader() => reader.Dispose();

    [TestCase("/arkiv")]
    [TestCase("/arkiv/2026")]
    [TestCase("/arkiv/2026/november")]
    [TestCase("/arkiv/sok?q=bredband")]
    [TestCase("/arkiv/flode.atom")]
    [TestCase("/arkiv/flode.json")]
    [TestCase("/kalender")]
    [TestCase("/kalender.ics")]
    [TestCase("/sitemap.xml")]
    public async Task What_has_not_changed_is_not_sent_again(string path)
    {
        await reader.GetAsync(path);
        var (tag, changed) = (reader.Answer.Headers.ETag!, reader.Answer.Content.Headers.LastModified!);
        Assert.That((reader.Answer.StatusCode, reader.Answer.Headers.CacheControl!.ToString()), Is.EqualTo((HttpStatusCode.OK, "no-cache")));

        Action<HttpRequestHeaders>[] asks = [headers => headers.IfNoneMatch.Add(tag), headers => headers.IfModifiedSince = changed];
        foreach (var ask in asks)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            ask(request.Headers);
            await reader.SendAsync(request);
            Assert.That((reader.Answer.StatusCode, await reader.Answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.NotModified, "")));
        }

        using var english = new PageReader(Host.Url, "en");
        await english.SendAsync(new(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } });
        if (path is "/arkiv" or "/kalender")
            Assert.That(english.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), "another language is another page");
        Assert.That(english.Answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [Test]
    public async Task What_one_reader_asks_with_is_in_nobody_elses_page()
    {
        Assert.That((await reader.GetAsync("/arkiv/2026/oktober?epost=kim@gransele.example")).DocumentElement.OuterHtml, Does.Contain("gransele.example"));
        Assert.That((await reader.GetAsync("/arkiv/2026/oktober")).DocumentElement.OuterHtml, Does.Not.Contain("gransele.example"));
    }

    [Test]
    public async Task Beyond_the_last_page_of_hits_stands_the_first() =>
        Assert.That((await reader.GetAsync("/arkiv/sok?q=kommun&sida=40")).QuerySelectorAll(".hits li"), Is.Not.Empty);

    [Test]
    public async Task A_choice_of_language_is_the_readers_own()
    {
        using var chooses = new PageReader(Host.Url);
        Assert.That((await chooses.GetAsync("/arkiv?lang=en")).DocumentElement.GetAttribute("lang"), Is.EqualTo("en"));
        Assert.That((await chooses.GetAsync("/arkiv")).DocumentElement.GetAttribute("lang"), Is.EqualTo("en"));

        Assert.That((await reader.GetAsync("/arkiv")).DocumentElement.GetAttribute("lang"), Is.EqualTo("sv"));
    }

    [Test]
    public async Task Years_lead_to_their_issues()
    {
        var archive = await reader.GetAsync("/arkiv");
        Assert.That(archive.QuerySelectorAll(".years a").Select(a => a.GetAttribute("href")), Is.EqualTo(new[] { "/arkiv/2026", "/arkiv/2025" }));

        var year = await reader.GetAsync("/arkiv/2025");
        Assert.That(year.QuerySelectorAll(".issues a").Select(a => a.GetAttribute("href")), Is.EqualTo(new[] { "/arkiv/2025/december" }));
        foreach (var none in new[] { "/arkiv/2024", "/arkiv/0", "/arkiv/99999999", "/arkiv/2026/december" })
        {
            await reader.GetAsync(none);
            Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), none);
        }
    }

    [Test]
    public async Task An_issue_says_what_it_is_to_those_who_show_links_to_it_and_leads_on()
    {
        var page = await reader.GetAsync("/arkiv/2026/oktober?utm_source=x");

        string? Meta(string name) => page.QuerySelector($"meta[property='{name}'], meta[name='{name}']")?.GetAttribute("content");
        Assert.Multiple(() =>
        {
            Assert.That(page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"), Is.EqualTo($"{Site}/arkiv/2026/oktober"));
            Assert.That(Meta("og:url"), Is.EqualTo($"{Site}/arkiv/2026/oktober"));
            Assert.That(Meta("og:title"), Is.Not.Empty);
            Assert.That(Meta("og:image"), Does.StartWith($"{Site}/bild/"));
            Assert.That(Meta("og:image:type"), Is.EqualTo("image/jpeg"));
            Assert.That(Meta("og:locale"), Is.EqualTo("sv_SE"));
            Assert.That(Meta("twitter:card"), Is.EqualTo("summary_large_image"));
            Assert.That(page.QuerySelectorAll("link[rel=alternate]").Select(link => link.GetAttribute("type")),
                Is.EqualTo(new[] { "application/atom+xml", "application/feed+json" }));
            Assert.That(page.QuerySelectorAll(".neighbours a").Select(a => a.GetAttribute("href")),
                Is.EqualTo(new[] { "/arkiv/2026/september", "/arkiv/2026/november" }));
            Assert.That(page.QuerySelectorAll(".letter-event a.letter-file"), Is.Not.Empty, "each event's file");
        });
        using var picture = new HttpClient();
        Assert.That((await picture.GetAsync(Host.Url + new Uri(Meta("og:image")!).AbsolutePath)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_feed_has_the_issues_in_full_for_a_reader_elsewhere()
    {
        await reader.GetAsync("/arkiv/flode.atom");
        Assert.That(reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/atom+xml"));
        var feed = XDocument.Parse(await reader.Answer.Content.ReadAsStringAsync()).Root!;

        // RFC 4287 §4.1.1 and §4.1.2: what a feed and an entry must have, once.
        foreach (var part in new[] { feed }.Concat(feed.Elements(Atom + "entry")))
            foreach (var name in new[] { "id", "title", "updated" })
                Assert.That(part.Elements(Atom + name).Count(), Is.EqualTo(1), $"{name} in {part.Name.LocalName}");
        Assert.That(feed.Elements(Atom + "author").Single().Element(Atom + "name")!.Value, Is.EqualTo("SmåKom"));
        Assert.That(feed.Elements(Atom + "link").Single(link => (string?)link.Attribute("rel") == "self").Attribute("href")!.Value,
            Is.EqualTo($"{Site}/arkiv/flode.atom"));
        Assert.That(feed.Elements(Atom + "entry").Select(entry => entry.Element(Atom + "id")!.Value), Is.EqualTo(new[]
        {
            $"{Site}/arkiv/2026/november", $"{Site}/arkiv/2026/oktober", $"{Site}/arkiv/2026/september", $"{Site}/arkiv/2025/december",
        }));
        foreach (var content in feed.Elements(Atom + "entry").Select(entry => entry.Element(Atom + "content")!))
        {
            Assert.That(content.Attribute("type")!.Value, Is.EqualTo("html"));
            var letter = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(content.Value);
            Assert.That(letter.QuerySelectorAll("[src], [href]").Select(e => e.GetAttribute("src") ?? e.GetAttribute("href")!),
                Has.All.Matches<string>(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme != "file"));
            Assert.That(letter.QuerySelectorAll("script, style, [style]"), Is.Empty);
        }
    }

    [Test]
    public async Task The_json_feed_says_the_same()
    {
        await reader.GetAsync("/arkiv/flode.json");
        var feed = System.Text.Json.JsonDocument.Parse(await reader.Answer.Content.ReadAsStringAsync()).RootElement;

        Assert.That(reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/feed+json"));
        Assert.That(feed.GetProperty("version").GetString(), Is.EqualTo("https://jsonfeed.org/version/1.1"));
        var items = feed.GetProperty("items").EnumerateArray().ToList();
        Assert.That(items, Has.Count.EqualTo(4));
        foreach (var item in items)
        {
            Assert.That(item.GetProperty("content_html").GetString(), Does.Contain("<article class=\"letter\"").And.Contain("<h1>"));
            Assert.That(DateTimeOffset.TryParse(item.GetProperty("date_published").GetString(), out _), "RFC 3339");
        }
    }

    [Test]
    public async Task The_site_map_names_each_page_that_is_the_same_for_all_and_each_answers()
    {
        await reader.GetAsync("/sitemap.xml");
        var pages = XDocument.Parse(await reader.Answer.Content.ReadAsStringAsync()).Descendants()
            .Where(e => e.Name.LocalName == "loc").Select(e => new Uri(e.Value).AbsolutePath).ToList();

        Assert.That(pages, Does.Contain("/arkiv/2025").And.Contain("/arkiv/2026/november").And.Not.Contain("/arkiv/2026/december"));
        foreach (var page in pages)
        {
            await reader.GetAsync(page);
            Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), page);
        }
    }

    [Test]
    public async Task A_correction_is_said_above_the_issue_in_the_list_and_in_the_feed_and_can_be_taken_back()
    {
        using var staff = new PageReader(Host.Url);
        await staff.LogInAsync();
        var issue = await Database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-09'");
        var address = $"/redaktion/nummer/{issue}";
        const string sentence = "Mötet är den 12 <oktober>, inte den 10.";

        await staff.SubmitAsync(await staff.GetAsync(address), $"form[action='{address}/ratta']", ("rattelse", "  "));
        Assert.That(staff.Path, Does.Contain("svar=NoSentence"));
        await staff.SubmitAsync(await staff.GetAsync(address), $"form[action='{address}/ratta']", ("rattelse", sentence));

        await Until.TrueAsync(async () =>
            (await reader.GetAsync("/arkiv/2026/september")).QuerySelector(".correction")?.TextContent.Contains(sentence) is true);
        Assert.That((await reader.GetAsync("/arkiv/2026")).QuerySelectorAll(".issues li").Last().TextContent, Does.Contain("Rättat"));
        await reader.GetAsync("/arkiv/flode.atom");
        var entry = XDocument.Parse(await reader.Answer.Content.ReadAsStringAsync()).Root!.Elements(Atom + "entry")
            .Single(one => one.Element(Atom + "id")!.Value.EndsWith("/september"));
        Assert.That(entry.Element(Atom + "content")!.Value, Does.Contain("den 12 &lt;oktober&gt;"));
        DateTimeOffset At(string name) => DateTimeOffset.Parse(entry.Element(Atom + name)!.Value);
        Assert.That(At("updated"), Is.GreaterThan(At("published")));

        await staff.SubmitAsync(await staff.GetAsync(address), $"form[action='{address}/ratta/ta-bort']");
        await Until.TrueAsync(async () => (await reader.GetAsync("/arkiv/2026/september")).QuerySelector(".correction") is null);
        Assert.That(await Database.ScalarAsync<string>(
            "SELECT string_agg(what || ' ' || target, ', ' ORDER BY id) FROM admin_action WHERE what LIKE 'issue.correct%'"),
            Is.EqualTo("issue.correct 2026-09, issue.correct-withdraw 2026-09"));
        var queued = await Database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-12'");
        Assert.That(await Host.Get<IssueCorrections>().CorrectAsync(queued, sentence, Given.Editor, default), Is.EqualTo(CorrectionAnswer.NotSent));
    }
}
