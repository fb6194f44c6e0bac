using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>Content is data: whatever is typed into a field is text in the letter, neither markup nor a template.</summary>
[TestFixture]
public sealed class TypedTextTests
{
    private const string Markup = "<script>alert(1)</script>@(1+1)@Model\"'&";

    private static readonly Picture Picture =
        new() { MediaId = "x.jpg", Alt = $"alt{Markup}", Caption = $"caption{Markup}", Credit = $"credit{Markup}:", Width = 800, Height = 600 };

    private static readonly Article Article = new()
    {
        Kicker = $"kicker{Markup}",
        Heading = $"heading{Markup}",
        Body = $"body{Markup}",
        Pictures = [Picture],
        Signature = new Signature { Name = $"signed{Markup}", Role = $"role{Markup}", Portrait = Picture },
        CallsToAction = [new CallToAction { Text = $"call{Markup}", Url = "https://example.org/", Primary = true }],
    };

    private static readonly EventItem Event = new()
    {
        Picture = Picture,
        Name = $"event{Markup}",
        Start = new DateOnly(2026, 12, 1),
        Place = $"place{Markup}",
        Body = $"program{Markup}",
        Link = "https://example.org/",
        LinkText = $"link{Markup}",
    };

    private static readonly IssueContent Content = new()
    {
        Year = 2026,
        Month = 11,
        Subject = $"subject{Markup}",
        Headline = $"headline{Markup}",
        Preheader = $"preheader{Markup}",
        LeadPicture = Picture,
        Sections = [new Section { Heading = $"section{Markup}", Blocks = [Article, new TipsPair { Left = Article, Right = Event }, Event] }],
        Contact = new ContactBlock
        {
            Name = $"contact{Markup}",
            Role = $"task{Markup}",
            Text = $"invitation{Markup}",
            Email = $"mail{Markup}",
            Phone = $"phone{Markup}",
            SocialLinks = [new SocialLink { Name = $"network{Markup}", Url = "https://example.org/" }],
        },
    };

    private static readonly string[] Fields =
    [
        "caption", "credit", "kicker", "heading", "body", "signed", "role", "call", "event", "place", "program", "link", "headline", "preheader",
        "section", "contact", "task", "invitation", "mail", "phone", "network",
    ];

    [TestCase(null)]
    [TestCase("samples/look")]
    public async Task Every_field_of_an_issue_comes_out_as_it_was_typed(string? look)
    {
        var page = Parse(await RenderAsync(look));

        Assert.That(page.QuerySelectorAll("script"), Is.Empty);
        foreach (var field in Fields) Assert.That(page.Body!.TextContent, Does.Contain(field + Markup));
        Assert.That(page.QuerySelectorAll("img:not([width='72'])").Select(image => image.GetAttribute("alt")), Is.All.EqualTo($"alt{Markup}").And.Not.Empty);
        Assert.That(page.Title, Is.EqualTo($"subject{Markup}"));
    }

    [TestCase(null)]
    [TestCase("samples/look")]
    public async Task Letters_of_Swedish_stand_as_themselves_in_text_attribute_and_body(string? look)
    {
        var html = await RenderAsync(look, Content with { Subject = "Åäö ÅÄÖ é – ”ja”" });

        Assert.That(html, Does.Contain("<title>Åäö ÅÄÖ é – ”ja”</title>").And.Contain("aria-label=\"Åäö ÅÄÖ é – ”ja”\""));
    }

    private static async Task<string> RenderAsync(string? look, IssueContent? content = null)
    {
        await using var services = new ServiceCollection()
            .AddSingleton(new LetterLook(look is null ? null : Path.Combine(Repository.Root, look)))
            .AddLetterTemplates()
            .BuildServiceProvider();
        var letter = await services.GetRequiredService<LetterRenderer>().RenderAsync(content ?? Content, SampleLetters.Context("2026-11"));
        return letter.Html;
    }

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);
}
