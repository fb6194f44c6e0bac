using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class MarkdownBodyTests
{
    private static readonly string[] BodyElements = ["p", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br"];

    [TestCase("<script>alert(1)</script>", "<script>alert(1)</script>")]
    [TestCase("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")]
    [TestCase("text <b>fet</b> <!-- -->", "text <b>fet</b> <!-- -->")]
    [TestCase("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>")]
    [TestCase("```\nkod\n```", "```\nkod\n```")]
    [TestCase("    indrag", "indrag")]
    [TestCase("`kod`", "`kod`")]
    [TestCase("Rubrik\n======", "Rubrik\n======")]
    [TestCase("ett\n\n---\n\ntvå", "ett---två")]
    [TestCase("![alt](https://example.org/x.png)", "alt")]
    [TestCase("5*3*2 = 30", "5*3*2 = 30")]
    [TestCase("min_fil_namn.pdf, t.ex. 3.5 och a@b", "min_fil_namn.pdf, t.ex. 3.5 och a@b")]
    [TestCase("[", "[")]
    [TestCase("ett ![ två", "ett ![ två")]
    [TestCase("ett [**", "ett [**")]
    public async Task What_is_not_ours_is_text_and_no_word_is_lost(string markdown, string words)
    {
        var body = await BodyOf(markdown);
        Assert.That(body.QuerySelectorAll("*").Select(element => element.LocalName), Is.All.EqualTo("p"), body.InnerHtml);
        Assert.That(string.Concat(body.QuerySelectorAll("p").Select(paragraph => paragraph.TextContent.Trim())), Is.EqualTo(words));
    }

    [TestCase("[x](javascript:alert(1))")]
    [TestCase("[x](JaVaScRiPt:alert(1))")]
    [TestCase("[x](java&#115;cript:alert(1))")]
    [TestCase("[x](&#x09;javascript:alert(1))")]
    [TestCase("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [TestCase("[x](vbscript:x)")]
    [TestCase("[x](file:///etc/passwd)")]
    [TestCase("[x](//example.org/utan-schema)")]
    [TestCase("[x](/relativ)")]
    [TestCase("[x][y]\n\n[y]: javascript:alert(1)")]
    public async Task A_link_to_a_forbidden_place_is_only_its_words(string markdown)
    {
        var body = await BodyOf(markdown);
        Assert.That(body.QuerySelectorAll("a"), Is.Empty, body.InnerHtml);
        Assert.That(body.TextContent, Does.Contain("x"));
    }

    [TestCase(">")]
    [TestCase("- ")]
    [TestCase("1. ")]
    [TestCase("[")]
    [TestCase("**a ")]
    public async Task What_is_nested_deeper_than_anybody_means_is_shown_as_typed(string mark)
    {
        var body = await BodyOf(string.Concat(Enumerable.Repeat(mark, 2000)) + "Snön\n\nkom");
        Assert.That(body.TextContent, Does.Contain("Snön").And.Contain("kom"));
    }

    [Test]
    public async Task No_field_of_the_content_can_carry_a_script_address()
    {
        const string bad = "javascript:alert(1)";
        var article = new Article
        {
            Heading = "R",
            Body = "x",
            CallsToAction = [new CallToAction { Text = "ord", Url = bad, Primary = true }, new CallToAction { Text = "ord", Url = bad }]
        };
        var content = new IssueContent
        {
            Year = 2026,
            Month = 11,
            Subject = "<b>Ämne",
            Preheader = "<i>",
            Sections = [new Section { Heading = "A",
                Blocks = [article, new EventItem { Name = "E", Start = new DateOnly(2026, 12, 1), Link = bad }] }],
            Contact = new ContactBlock { Name = "K", Site = bad, SocialLinks = [new SocialLink { Name = "S", Url = bad }] },
        };
        var mail = await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11"));
        var web = await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-11", Mailer.Templates.LetterSurface.Browser));
        foreach (var html in new[] { mail.Html, web })
        {
            var page = new HtmlParser().ParseDocument(html);
            Assert.That(page.QuerySelectorAll("[href^='javascript'],b:not(.letter-leaf b),i"), Is.Empty);
            Assert.That(html, Does.Contain("&lt;b&gt;"));
        }
    }

    [TestCase("[x](https://example.org/a?b=1&c=2)", "https://example.org/a?b=1&c=2")]
    [TestCase("[x](mailto:asa@example.org)", "mailto:asa@example.org")]
    [TestCase("[x](tel:+46999123)", "tel:+46999123")]
    [TestCase("[x](https://räksmörgås.example/å)", "https://xn--rksmrgs-5wao1o.example/%C3%A5")]
    public async Task A_link_to_an_allowed_place_is_one(string markdown, string address)
    {
        var body = await BodyOf(markdown);
        Assert.That(body.QuerySelector("a")!.GetAttribute("href"), Is.EqualTo(address));
    }

    [TestCase("[x](www.example.org/anmalan)", "x → https://www.example.org/anmalan")]
    [TestCase("[x](example.org/anmalan)", "x → https://example.org/anmalan")]
    [TestCase("[x](info@example.org)", "x → mailto:info@example.org")]
    [TestCase("[x](https://example.org/min fil.pdf)", "x → https://example.org/min%20fil.pdf")]
    [TestCase("[x](<https://example.org/min fil.pdf>)", "x → https://example.org/min%20fil.pdf")]
    [TestCase("[**x**](www.example.org/min fil.pdf)", "x → https://www.example.org/min%20fil.pdf")]
    [TestCase("[x](tel:+46 70 123 45 67)", "x → tel:+46701234567")]
    [TestCase("[x](mailto:anna@example.org?subject=Anmälan till kurs)", "x → mailto:anna@example.org?subject=Anm%C3%A4lan%20till%20kurs")]
    [TestCase("https://example.org/a_b_c?x=1&y=2 och", "https://example.org/a_b_c?x=1&y=2 → https://example.org/a_b_c?x=1&y=2")]
    [TestCase("https://example.org/_layouts_/a*b*c.", "https://example.org/_layouts_/a*b*c → https://example.org/_layouts_/a*b*c")]
    [TestCase("(se www.example.org/Älv_(vattendrag)).",
        "www.example.org/Älv_(vattendrag) → https://www.example.org/%C3%84lv_(vattendrag)")]
    [TestCase("[se info@example.org.", "info@example.org → mailto:info@example.org")]
    [TestCase("**https://example.org**, och", "https://example.org → https://example.org")]
    [TestCase("<https://example.org/auto>", "https://example.org/auto → https://example.org/auto")]
    [TestCase("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&b=2 → https://example.org/?a=1&b=2")]
    public async Task What_was_meant_as_a_link_is_one(string markdown, string link)
    {
        var links = (await BodyOf(markdown)).QuerySelectorAll("a");
        Assert.That(links.Select(found => $"{found.TextContent} → {found.GetAttribute("href")}"), Is.EqualTo(new[] { link }));
    }

    [TestCase("[x](fil.pdf)")]
    [TestCase("[x](2026-11-30)")]
    [TestCase("[x](kansliet)")]
    public async Task What_has_several_readings_or_none_is_no_link(string markdown) =>
        Assert.That((await BodyOf(markdown)).QuerySelectorAll("a"), Is.Empty);

    [Test]
    public async Task Headings_of_any_depth_come_one_below_the_article()
    {
        var body = await BodyOf("# ett\n\n### tre\n\n###### sex");
        Assert.That(body.QuerySelectorAll("h4"), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Dashes_in_a_quote_or_a_list_come_without_its_sign()
    {
        var body = await BodyOf("> ---\n\n1. ***");
        Assert.That(body.QuerySelector("blockquote")!.TextContent.Trim(), Is.EqualTo("---"));
        Assert.That(body.QuerySelector("li")!.TextContent.Trim(), Is.EqualTo("***"));
    }

    [Test]
    public async Task A_list_keeps_its_start_and_a_hard_break_is_one()
    {
        var body = await BodyOf("4. fyra\n5. fem\n\nrad  \nnästa");
        Assert.That(body.QuerySelector("ol")!.GetAttribute("start"), Is.EqualTo("4"));
        Assert.That(body.QuerySelectorAll("ol > li"), Has.Count.EqualTo(2));
        Assert.That(body.QuerySelectorAll("p > br"), Has.Count.EqualTo(1));
    }

    [Test]
    public void Whatever_is_typed_gives_only_our_elements_with_only_our_attributes()
    {
        var pieces = new[] { "<", ">", "\"", "'", "&", "[", "]", "(", ")", "*", "_", "#", "-", "1.", "> ", "\n", "\n\n", " ", "å", "javascript:",
            "https://example.org", "<script>", "onload=x", "`", "~~~", "\\", "&#x6a;", "\u0000", "\uD83D\uDE00" };
        var text = Gen.Elements(pieces).ArrayOf().Select(parts => string.Concat(parts)).ToArbitrary();
        Prop.ForAll(text, typed =>
        {
            var body = BodyOf("x" + typed).GetAwaiter().GetResult();
            return body.QuerySelectorAll("*").All(element =>
                BodyElements.Contains(element.LocalName)
                && element.Attributes.All(attribute => attribute.Name is "start"
                    || (attribute.Name == "href" && attribute.Value.StartsWith("https:", StringComparison.Ordinal))));
        }).QuickCheckThrowOnFailure();
    }

    private static async Task<IElement> BodyOf(string markdown)
    {
        var article = new Article { Heading = "Rubrik", Body = markdown };
        var content = new IssueContent
        {
            Year = 2026,
            Month = 11,
            Subject = "Ämne",
            Preheader = "Rad",
            Sections = [new Section { Heading = "Avdelning", Blocks = [article] }],
        };
        var html = await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-11", Mailer.Templates.LetterSurface.Archive));
        var body = new HtmlParser().ParseDocument(html).QuerySelector(".letter-text")!;
        body.QuerySelector("h3")!.Remove();
        return body;
    }
}
