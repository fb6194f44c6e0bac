using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>What other programs leave on the clipboard, pasted: <c>Clipboard/</c> has it, and the Markdown that it must become.</summary>
public sealed class EditorPasteTests : EditorPage
{
    private const string Tables = "Tabellen har blivit en lista";
    private const string Pictures = "gick inte att hämta ur det inklistrade";
    private const string Footnotes = "Fotnoterna följde inte med";
    private const string Tracking = "Spårning har tagits bort";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "SmaKom.Mailer.Tests", "Issues", "Compose", "Editor", "Clipboard");

    private ILocator Pasted => Page.Locator("pasted-pictures");

    [TestCase("word.html", Footnotes, Tracking, Tables, Pictures)]
    [TestCase("word-on-the-web.html")]
    [TestCase("outlook.html", Tracking)]
    [TestCase("outlook-on-the-web.html")]
    [TestCase("google-docs.html", Footnotes, Tracking)]
    [TestCase("libreoffice.html", Footnotes)]
    [TestCase("web-page.html", Footnotes, Tracking, Tables, Pictures)]
    [TestCase("pdf.txt")]
    public async Task Text_comes_clean(string file, params string[] notices)
    {
        await OpenTextAsync();
        var copied = await File.ReadAllTextAsync(Path.Combine(Folder, file));
        if (Path.GetExtension(file) == ".html") await PasteAsync("ord", copied);
        else await PasteAsync(copied);

        var expected = await File.ReadAllTextAsync(Path.Combine(Folder, Path.ChangeExtension(file, ".md")));
        Assert.That(await MarkdownAsync(), Is.EqualTo(expected.TrimEnd('\n')));
        var said = await Notices.TextContentAsync() + await Pasted.Locator("[data-said]").TextContentAsync();
        foreach (var notice in new[] { Tables, Pictures, Footnotes, Tracking })
            Assert.That(said, notices.Contains(notice) ? Does.Contain(notice) : Does.Not.Contain(notice));
        // What the field holds is what is saved, whatever it is: the longest shows it.
        if (file == "word.html") Assert.That(await SavedAsync(), Is.EqualTo(expected.TrimEnd('\n')));
    }

    [Test]
    public async Task Words_within_a_sentence_stay_in_it_and_one_undo_takes_them_back()
    {
        await OpenTextAsync("ett två");
        await TypeAsync("<End>");
        await PasteAsync("tre", "<meta charset='utf-8'><b style='color: red'>tre</b>");
        Assert.That(await MarkdownAsync(), Is.EqualTo("ett två**tre**"));

        await TypeAsync("<Control+z>");
        Assert.That(await MarkdownAsync(), Is.EqualTo("ett två"));
    }

    [Test]
    public async Task An_address_over_selected_words_is_their_link_without_its_tracking()
    {
        await OpenTextAsync("Läs mer");
        await TypeAsync("<Control+Shift+End>");
        await PasteAsync("https://example.org/a?utm_source=brev&id=7&fbclid=x#del");

        Assert.That(await MarkdownAsync(), Is.EqualTo("[Läs mer](https://example.org/a?id=7#del)"));
        await Assertions.Expect(Notices).ToContainTextAsync(Tracking);
    }

    [Test]
    public async Task A_list_lies_between_the_paragraphs_that_it_is_pasted_between()
    {
        await OpenTextAsync("före\n\nefter");
        await TypeAsync("<End>", "<Enter>");
        await PasteAsync("a\nb", "<ul><li>a<ol><li>b</li></ol></li></ul>");

        Assert.That(await MarkdownAsync(), Is.EqualTo("före\n\n- a\n  1. b\n\nefter"));
    }

    [Test]
    public async Task Pictures_of_a_paste_are_offered_and_become_the_articles()
    {
        await OpenTextAsync();
        var (one, two) = (Convert.ToBase64String(GivenPictures.Png(40, 30)), Convert.ToBase64String(GivenPictures.Png(50, 60)));
        await PasteAsync("Före efter",
            $"<p>Före<img src='data:image/png;base64,{one}'><img src='cid:bild1'><img src='data:image/svg+xml;base64,PHN2Zy8+'> efter</p>",
            Convert.FromBase64String(two));

        await Assertions.Expect(Pasted).ToContainTextAsync("Texten innehöll 2 bilder.");
        await Assertions.Expect(Pasted).ToContainTextAsync("En bild gick inte att hämta ur det inklistrade.");
        Assert.That(await MarkdownAsync(), Is.EqualTo("Före efter"));
        await Page.PictureAsync("pictures of a paste");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Lägg till i artikeln, som bild" }).PressAsync("Enter");
        await Assertions.Expect(Page.Locator("#falt-pictures-0-alt")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("Plogbilen");
        await Page.Locator("#falt-pictures-1-alt").FillAsync("Skidspåret");

        Assert.That(await SavedAsync(), Is.EqualTo("Före efter"));
        var sizes = await Database.ScalarAsync<string>(
            "SELECT string_agg(width || '×' || height, ' ' ORDER BY width) FROM media WHERE (width, height) IN ((40, 30), (50, 60))");
        Assert.That(sizes, Is.EqualTo("40×30 50×60"));
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Lägg till i artikeln, som bild" })).ToBeHiddenAsync();
    }

    [Test]
    public async Task Nothing_that_could_run_comes_along()
    {
        await OpenTextAsync();
        await PasteAsync("x",
            "<a href='javascript:alert(1)'>x</a> <a href='data:text/html,x'>y</a><iframe src='/'></iframe><form><input name='__x'></form><p>z</p>");

        Assert.That(await MarkdownAsync(), Is.EqualTo("x y\n\nz"));
        Assert.That(await Text.Locator("a, iframe, form, input").CountAsync(), Is.Zero);
    }
}
