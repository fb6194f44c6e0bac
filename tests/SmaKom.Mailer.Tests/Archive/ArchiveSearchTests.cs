using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Archive;

/// <summary>Searching what the public sees: one host, and a database that no test of these changes.</summary>
public sealed class ArchiveSearchTests : SiteFixture
{
    private PageReader reader = null!;

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.PublicIssueAsync("2024-03", Given.Content("Bredband och skolskjutsar", "Hänt sedan sist",
            new Article
            {
                Heading = "Höstmötet i Ånäset",
                Body = "Vi samlades **tjugo** [kommuner](https://example.org/a_b) för att tala om skolskjutsarna."
            },
            new EventItem { Name = "Nätverksträff", Start = new(2024, 4, 9), Place = "Bygdegården", Body = "Kaffe från kl. 9." }));
        await Database.PublicIssueAsync("2024-04", Given.Content("Om <script>alert(1)</script> & annat", "Tips",
            new TipsPair
            {
                Left = new Article { Heading = "Vindkraft", Body = "En rad med <b>fet</b> &amp; vindkraftverk <img src=x onerror=alert(1)>." },
                Right = new Article { Heading = "Solceller", Body = "Taken på skolorna." },
            }) with
        { Contact = new() { Name = "Karin Lindqvist", Role = "Kanslichef" } });
        await Database.PublicIssueAsync("2024-05", Given.Content("News from the small municipalities", "Since last time",
            new Article { Heading = "Meetings", Body = "Twenty municipalities were meeting about school buses." }) with
        { Language = "en" });
        foreach (var (slug, state) in new[] { ("2024-06", "draft"), ("2024-07", "queued"), ("2024-08", "cancelled") })
            await Database.PublicIssueAsync(slug,
                Given.Content("Hemligt", "Hemligt", new Article { Heading = "Hemligt", Body = "Hemlighuset." }), state);
        return await StartWebAsync();
    }

    [OneTimeSetUp]
    public void OpenReader() => reader = new PageReader(Host.Url);

    [OneTimeTearDown]
    public void CloseReader() => reader.Dispose();

    [TestCase("höstmötet", "Höstmötet")]
    [TestCase("hostmote", "Höstmötet", Description = "without dots, and in another form")]
    [TestCase("ANASET", "Ånäset")]
    [TestCase("skolskjuts", "skolskjutsarna", Description = "another form")]
    [TestCase("skolskjutsarn", "skolskjutsarna", Description = "the beginning of a form, which is not that of its stem")]
    [TestCase("sko", "skolskjutsarna")]
    [TestCase("tjugo kommun", "tjugo", Description = "all words; signs of Markdown are none")]
    [TestCase("natverkstr", "Nätverksträff")]
    [TestCase("bygdegård", "Bygdegården")]
    [TestCase("vindkraftverk", "vindkraftverk", Description = "in a pair of tips")]
    [TestCase("solcell", "Solceller")]
    [TestCase("karin", "Karin")]
    [TestCase("meeting", "Meetings")]
    [TestCase("municipality", "municipalities", Description = "in the issue's own language")]
    public async Task A_word_is_found_and_marked(string typed, string marked)
    {
        var page = await SearchAsync(typed);

        Assert.That(page.QuerySelectorAll(".hits mark").Select(mark => mark.TextContent), Has.Some.EqualTo(marked),
            page.QuerySelector("#traffar")!.TextContent);
    }

    [TestCase("hemlighuset", Description = "a draft, one that is queued and one that was cancelled")]
    [TestCase("tjugo solceller", Description = "never in one part")]
    [TestCase("example", Description = "in a link's address only")]
    [TestCase("onerror_finns_inte")]
    public async Task What_nobody_may_see_or_has_said_is_not_found(string typed)
    {
        var page = await SearchAsync(typed);

        Assert.That(page.QuerySelectorAll(".hits li"), Is.Empty);
        Assert.That(page.QuerySelector("[data-said]")!.TextContent, Does.StartWith("Inget nummer har"));
    }

    [Test]
    public async Task A_hit_leads_to_its_section()
    {
        foreach (var typed in new[] { "hostmote", "karin", "vindkraft" })
        {
            var link = (await SearchAsync(typed)).QuerySelector<IHtmlAnchorElement>(".hits a")!.GetAttribute("href")!;
            var (path, anchor) = (link.Split('#')[0], link.Split('#')[1]);
            Assert.That((await reader.GetAsync(path)).GetElementById(anchor), Is.Not.Null, link);
        }
    }

    [Test]
    public async Task What_an_issue_says_is_text_in_the_hits()
    {
        var page = await SearchAsync("vindkraft");

        Assert.That(page.QuerySelectorAll("#traffar script, #traffar img, #traffar b, #traffar [onerror]"), Is.Empty);
        Assert.That(page.QuerySelector(".hits a")!.TextContent, Is.EqualTo("Om <script>alert(1)</script> & annat"));
        Assert.That(page.QuerySelector(".hits li > p:last-child")!.TextContent, Does.Contain("&amp; vindkraftverk"));
    }

    [Test]
    public async Task The_newest_come_first_page_by_page()
    {
        for (var n = 0; n < 25; n++)
            await Database.PublicIssueAsync($"20{10 + n / 12:00}-{1 + n % 12:00}",
                Given.Content("Äldre", "Läst", new Article { Heading = "Fjällräv", Body = "Text." }));

        var first = await SearchAsync("fjallrav");
        var second = await reader.GetAsync(first.QuerySelector<IHtmlAnchorElement>("#traffar nav a[rel=next]")!.GetAttribute("href")!);

        Assert.That(first.QuerySelector("[data-said]")!.TextContent, Does.StartWith("25 träffar"));
        Assert.That(first.QuerySelectorAll(".hits a").Select(a => a.GetAttribute("href")).First(), Does.StartWith("/arkiv/2012/januari"));
        Assert.That((first.QuerySelectorAll(".hits li").Length, second.QuerySelectorAll(".hits li").Length), Is.EqualTo((10, 10)));
        Assert.That(second.QuerySelector(".hits")!.GetAttribute("start"), Is.EqualTo("11"));
    }

    [TestCase("")]
    [TestCase("'")]
    [TestCase("&|!:*()<->\\")]
    [TestCase("a:* | !b")]
    [TestCase("%00\u0002\u0003")]
    [TestCase("och")]
    [TestCase("🦊 ﷽")]
    public async Task Whatever_is_typed_is_answered(string typed)
    {
        await SearchAsync(typed);
        await SearchAsync(string.Concat(Enumerable.Repeat(typed + " räv", 60)));
    }

    private async Task<IHtmlDocument> SearchAsync(string typed)
    {
        var page = await reader.GetAsync($"/arkiv/sok?q={Uri.EscapeDataString(typed)}");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), typed);
        return page;
    }
}
