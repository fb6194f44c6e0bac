using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>What mail programs do not draw, or throw away, does not occur: a list after caniemail.com's tables.</summary>
[TestFixture]
public sealed partial class MailCssTests
{
    internal static readonly string[] InlineProperties =
    [
        "background-color", "border", "border-collapse", "border-left", "border-radius", "border-spacing", "border-top", "color", "display",
        "font-family", "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "margin",
        "max-width", "mso-line-height-rule", "padding", "text-align", "text-decoration", "vertical-align", "white-space", "width", "word-break",
    ];

    private static readonly string[] ForbiddenInStyles =
        ["flex", "grid", "float:", "position:", "background-image", "background:", "url(", "rem;", "rem}", "@import", "@font-face", "var(", "calc(",
            "vw", "vh", "expression"];

    internal static readonly string[] Elements =
    [
        "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "p", "h1", "h2", "h3", "h4",
        "a", "img", "br", "strong", "em", "ul", "ol", "li", "blockquote",
    ];

    [Test]
    public async Task Inline_styles_use_only_properties_that_all_draw()
    {
        foreach (var (name, letter) in await SampleLetters.AllMailsAsync())
        {
            foreach (var element in new HtmlParser().ParseDocument(letter.Html).QuerySelectorAll("[style]"))
            {
                var style = element.GetAttribute("style")!;
                var used = style.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(':')[0]);
                Assert.That(used, Is.Unique.And.SubsetOf(InlineProperties), $"{name}: {style}");
                foreach (var forbidden in ForbiddenInStyles) Assert.That(style, Does.Not.Contain(forbidden), name);
            }
        }
    }

    [Test]
    public async Task The_stylesheet_only_enhances()
    {
        foreach (var (name, letter) in await SampleLetters.AllMailsAsync())
        {
            var styles = StyleElement().Matches(letter.Html).Select(match => match.Value).ToList();
            Assert.That(styles, Has.Count.EqualTo(3), $"{name}: one for all, one for Outlook on the web, one that only Word reads");
            foreach (var forbidden in ForbiddenInStyles) Assert.That(styles[0] + styles[1], Does.Not.Contain(forbidden), name);
            Assert.That(styles[0], Does.Not.Contain("["), "Gmail throws away the whole element that a selector by attribute stands in");
            Assert.That(styles[1], Does.Contain("[data-ogsc] .ink{color:").And.Contain("[data-ogsb] .paper{background-color:"), name);
        }
    }

    [Test]
    public async Task Only_plain_elements_occur()
    {
        foreach (var (name, letter) in await SampleLetters.AllMailsAsync())
        {
            var page = new HtmlParser().ParseDocument(letter.Html);
            Assert.That(page.All.Select(element => element.LocalName).Distinct(), Is.SubsetOf(Elements), name);
            Assert.That(page.QuerySelectorAll("[srcset],[onclick],[onload],[background],[id],[src^='data:'],[src$='.svg'],[src$='.webp']"), Is.Empty,
                name);
        }
    }

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();
}
