using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>Who made a picture stands under it, beside its caption or alone.</summary>
[TestFixture]
public sealed class PictureCreditTests
{
    [TestCase("En plogbil.", "Karin Lind", "En plogbil.|Foto: Karin Lind")]
    [TestCase(null, "Karin Lind", "Foto: Karin Lind")]
    [TestCase("En plogbil.", "Illustration: Bo Ek", "En plogbil.|Illustration: Bo Ek")]
    [TestCase("En plogbil.", null, "En plogbil.")]
    public async Task Caption_and_credit_are_two_lines_of_one_paragraph(string? caption, string? credit, string lines)
    {
        var content = With(new Picture { MediaId = "x.jpg", Alt = "En plogbil", Caption = caption, Credit = credit, Width = 800, Height = 600 });

        var mail = Parse((await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11"))).Html);
        var page = Parse(await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-11", LetterSurface.Archive)));

        Assert.That(Lines(mail.QuerySelector("img + p")), Is.EqualTo(lines));
        Assert.That(Lines(page.QuerySelector("figcaption")), Is.EqualTo(lines));
    }

    [Test]
    public async Task A_picture_without_either_has_no_paragraph()
    {
        var content = With(new Picture { MediaId = "x.jpg", Alt = "En plogbil", Width = 800, Height = 600 });

        Assert.That(Parse((await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11"))).Html).QuerySelector("img + p"), Is.Null);
        Assert.That(await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-11", LetterSurface.Archive)),
            Does.Not.Contain("figcaption"));
    }

    private static IssueContent With(Picture picture) => new()
    {
        Year = 2026,
        Month = 11,
        Subject = "Ämne",
        Preheader = "Rad",
        Sections = [new Section { Heading = "Avdelning", Blocks = [new Article { Heading = "Rubrik", Body = "Text", Pictures = [picture] }] }],
    };

    private static string? Lines(IElement? element) => element?.InnerHtml.Replace("<br>", "|", StringComparison.Ordinal);

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);
}
