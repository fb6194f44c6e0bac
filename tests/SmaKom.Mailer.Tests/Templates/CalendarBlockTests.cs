using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>A calendar lists the issue's own events by itself, in mail, text and web page.</summary>
[TestFixture]
public sealed class CalendarBlockTests
{
    private static readonly EventItem Late = new() { Name = "Julmötet", Start = new(2026, 12, 15), StartTime = new(18, 0), Place = "Bygdegården" };
    private static readonly EventItem Noon = new() { Name = "Lunchsamtal", Start = new(2026, 12, 9), StartTime = new(12, 0), EndTime = new(13, 0), Link = "https://example.org/lunch?a=1&b=2" };
    private static readonly EventItem Days = new() { Name = "Konferensen", Start = new(2026, 12, 9), End = new(2026, 12, 10), Place = "Gransele <hotell>" };

    [TestCase(null)]
    [TestCase("samples/look")]
    public async Task The_mail_lists_the_events_in_order_of_time(string? look)
    {
        var mail = Parse((await RenderAsync(With(Late, Noon, Days), look)).Html);
        var rows = mail.QuerySelectorAll("tr:has(> td[aria-hidden] + td.line)");

        Assert.That(rows.Select(row => string.Join('|', row.QuerySelectorAll("p").Select(line => line.TextContent).Prepend(row.FirstElementChild!.TextContent))),
            Is.EqualTo(new[]
            {
                "9–10 dec|Konferensen|Onsdag 9 – torsdag 10 december 2026|Gransele <hotell>",
                "9 dec|Lunchsamtal|Onsdag 9 december 2026 kl.\u00A012.00–13.00",
                "15 dec|Julmötet|Tisdag 15 december 2026 kl.\u00A018.00|Bygdegården",
            }));
        Assert.That(rows.SelectMany(row => row.QuerySelectorAll("a")).Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { Noon.Link }));
        Assert.That(mail.All.Select(element => element.LocalName).Distinct(), Is.SubsetOf(MailCssTests.Elements));
        Assert.That(mail.QuerySelectorAll("[id]"), Is.Empty, "mail programs do not follow links within a mail");
        foreach (var style in mail.QuerySelectorAll("[style]").Select(element => element.GetAttribute("style")!))
            Assert.That(style.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(':')[0]),
                Is.Unique.And.SubsetOf(MailCssTests.InlineProperties), style);
    }

    [Test]
    public async Task The_text_part_lists_them_too()
    {
        var text = (await RenderAsync(With(Late, Noon))).Text;

        Assert.That(text.Split(Noon.Link!), Has.Length.EqualTo(2), "with the event itself, once");
        Assert.That(text, Does.Contain(
            "\nKALENDER\n\n\nOnsdag 9 december 2026 kl.\u00A012.00–13.00\nLunchsamtal\n\n"
            + "Tisdag 15 december 2026 kl.\u00A018.00\nJulmötet, Bygdegården\n"));
    }

    [Test]
    public async Task On_a_page_each_leads_to_its_own_place()
    {
        // The same word for word, on purpose.
        var page = Parse(await SampleLetters.Renderer.RenderWebBodyAsync(With(Late, Noon, Noon with { }), SampleLetters.Context("2026-11", LetterSurface.Archive)));
        var links = page.QuerySelectorAll(".letter-calendar a").ToList();

        Assert.That(links.Select(link => link.TextContent), Is.EqualTo(new[] { "Lunchsamtal", "Lunchsamtal", "Julmötet" }));
        Assert.That(links.Select(link => page.QuerySelector(link.GetAttribute("href")!)?.QuerySelector("h3")?.TextContent),
            Is.EqualTo(new[] { "Lunchsamtal", "Lunchsamtal", "Julmötet" }));
        Assert.That(links.Select(link => link.GetAttribute("href")), Is.Unique);
        Assert.That(page.QuerySelector(".letter-calendar time")!.GetAttribute("datetime"), Is.EqualTo("2026-12-09T12:00"));
    }

    [Test]
    public async Task Without_an_event_it_says_so()
    {
        var letter = await RenderAsync(With());

        Assert.That(letter.Html, Does.Contain("Inget är inplanerat just nu."));
        Assert.That(letter.Text, Does.Contain("Inget är inplanerat just nu."));
        Assert.That(await SampleLetters.Renderer.RenderWebBodyAsync(With(), SampleLetters.Context("2026-11", LetterSurface.Archive)),
            Does.Contain("Inget är inplanerat just nu.").And.Not.Contain("letter-calendar"));
        Assert.That(With().Problems(), Is.Empty, "a warning, no fault");
    }

    [Test]
    public async Task A_preview_names_its_part_and_storing_keeps_it()
    {
        var content = IssueContentJson.Deserialize(IssueContentJson.Serialize(With(Late)));
        var context = SampleLetters.Context("2026-11") with { MarkOf = part => part is CalendarBlock block ? block.Id : null };

        Assert.That(Parse((await SampleLetters.Renderer.RenderAsync(content, context)).Html).QuerySelector("[data-part=k]")!.TextContent,
            Does.Contain("Julmötet"));
        Assert.That(Parse(await SampleLetters.Renderer.RenderWebBodyAsync(content, context)).QuerySelector("[data-part=k]")!.TextContent,
            Does.Contain("Julmötet"));
    }

    private static IssueContent With(params EventItem[] events) => new()
    {
        Year = 2026,
        Month = 12,
        Subject = "Ämne",
        Preheader = "Rad",
        Sections =
        [
            new Section { Heading = "Kalender", Blocks = [new CalendarBlock { Id = "k" }] },
            new Section { Heading = "På gång", Blocks = [new Article { Heading = "Rubrik", Body = "Text" }, .. events] },
        ],
    };

    private static async Task<RenderedLetter> RenderAsync(IssueContent content, string? look = null)
    {
        await using var services = new ServiceCollection()
            .AddSingleton(new LetterLook(look is null ? null : Path.Combine(Repository.Root, look)))
            .AddLetterTemplates()
            .BuildServiceProvider();
        return await services.GetRequiredService<LetterRenderer>().RenderAsync(content, SampleLetters.Context("2026-11"));
    }

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);
}
