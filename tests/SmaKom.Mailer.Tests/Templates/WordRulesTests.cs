using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Mail;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>
/// The letters in Outlook's Word, which no test can run: what it is known to draw otherwise does not occur. Each rule has its name, its reason and
/// what breaks it; the rest is caniemail.com's table.
/// </summary>
[TestFixture]
public sealed partial class WordRulesTests
{
    private static readonly (string Rule, string Because, Func<IDocument, IEnumerable<IElement>> Broken)[] Rules =
    [
        ("tables have cellpadding, cellspacing and border as attributes", "it knows no border-spacing and pads cells by itself",
            page => page.QuerySelectorAll("table:not([cellpadding='0'][cellspacing='0'][border='0'])")),
        ("only cells have padding", "it pads nothing else; a button's cell has it again as mso-padding-alt",
            page => page.QuerySelectorAll("[style*=padding]:not(td)").Where(element =>
                !NoPadding().IsMatch(Style(element)) && element is not { LocalName: "a" })),
        ("lists are set in by a margin", "it draws the bullets left of the list, outside the letter, where that is padding",
            page => page.QuerySelectorAll("ul,ol").Where(list => !Style(list).Contains("margin:0 0 12px 24px;", StringComparison.Ordinal))),
        ("tables have no margin", "it reads none", page => page.QuerySelectorAll("table[style*=margin]").Where(table =>
            !Style(table).Contains("margin:0 auto", StringComparison.Ordinal))),
        ("lines less than a letter high say so", "it makes every line as high as a letter, and room of 24 px a gap",
            page => page.QuerySelectorAll("td").Where(cell => cell.TextContent == "\u00A0"
                && !(Style(cell).Contains("mso-line-height-rule:exactly", StringComparison.Ordinal)
                    && Style(cell).Contains("font-size:1px", StringComparison.Ordinal)))),
        ("pictures are as wide as their place at most", "it obeys the attribute, and the card grows",
            page => page.QuerySelectorAll("img").Where(picture => int.Parse(picture.GetAttribute("width")!) > MostIn(picture))),
        ("no text runs from right to left", "it keeps the direction of the table within the cells, and sets a full stop first",
            page => page.QuerySelectorAll("[dir]")),
        ("no border stands beside anything but a cell or a table", "it draws it unreliably beside other elements",
            page => page.QuerySelectorAll("[style*='border-left'],[style*='border-top'],[style*='border:1px']").Where(element =>
                element.LocalName is not ("td" or "table"))),
    ];

    /// <summary>Of caniemail's table: what Outlook on Windows does not draw, or in part, and why the letters stand all the same.</summary>
    private static readonly Dictionary<string, string> Borne = new()
    {
        ["none :hover"] = "only underlines",
        ["none @media"] = "dark mode and phones",
        ["none Attribute selector"] = "Outlook on the web",
        ["none border-radius"] = "corners are square",
        ["none border-spacing"] = "cellspacing says it, too",
        ["none color-scheme CSS property"] = "dark mode",
        ["none color-scheme meta tag"] = "dark mode",
        ["none overflow"] = "is overflow-wrap",
        ["none overflow-wrap"] = "it breaks long words by itself",
        ["none white-space"] = "a date may break",
        ["partial !important keyword"] = "in the stylesheet only",
        ["partial <style> element"] = "in the head",
        ["partial <ul>, <ol> and <dl>"] = "is of numbers that run backwards",
        ["partial background"] = "is of pictures",
        ["partial border"] = "under 8 px, of cells",
        ["partial display"] = "halves stand in cells that only Word reads",
        ["partial font-size"] = "is of rem",
        ["partial font-weight"] = "is of numbers",
        ["partial height attribute"] = "is of percentages",
        ["partial height property"] = "of cells only",
        ["partial letter-spacing"] = "is of em",
        ["partial line-height"] = "mso-line-height-rule",
        ["partial margin"] = "of paragraphs, none of them negative",
        ["partial max-width"] = "a table that only Word reads",
        ["partial padding"] = "a rule above",
        ["partial text-align"] = "is of start and end",
        ["partial text-decoration"] = "is of several",
        ["partial width attribute"] = "is of percentages",
        ["partial width property"] = "of cells and tables",
        ["partial word-break"] = "it breaks long words by itself",
    };

    private IReadOnlyList<(string Name, RenderedLetter Letter)> mails = [];

    [OneTimeSetUp]
    public async Task Render() =>
        mails = [.. await SampleLetters.AllMailsAsync(), ("second look", await SampleLetters.MailAsync("2026-11", SampleLetters.SecondLook))];

    [Test]
    public void No_letter_breaks_a_rule_of_Words() => Assert.Multiple(() =>
    {
        foreach (var (name, letter) in mails)
        {
            var page = new HtmlParser().ParseDocument(AsWord(letter.Html));
            foreach (var (rule, because, broken) in Rules)
                Assert.That(broken(page).Select(element => element.OuterHtml).Take(3), Is.Empty, $"{name}: {rule}, for {because}");
        }
    });

    [Test]
    public async Task What_caniemail_knows_against_them_is_borne()
    {
        var folder = Directory.CreateTempSubdirectory("letters");
        try
        {
            foreach (var (name, letter) in mails) await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{name}.html"), letter.Html);
            var tool = Path.Combine(Repository.Root, "tests", "tools", "caniemail");
            Assert.That(Directory.Exists(Path.Combine(tool, "node_modules")), "Its packages are missing. Install them: npm ci --prefix tests/tools/caniemail");
            var (code, said) = await Tool.RunAsync("sudo apt-get install npm", [], "node",
                [Path.Combine(tool, "check.mjs"), "outlook.windows", .. Directory.GetFiles(folder.FullName)]);

            Assert.That(code, Is.Zero, said);
            Assert.That(said.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.Not.Empty.And.SubsetOf(Borne.Keys));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // As Word reads it: what is written for it alone is there.
    private static string AsWord(string html) => ForWord().Replace(html, "$1");

    private static string Style(IElement element) => element.GetAttribute("style") ?? "";

    // The second look's card has no border.
    private static int MostIn(IElement picture) => picture.Closest("td[width]") is { } half ? int.Parse(half.GetAttribute("width")!)
        : Style(picture.Closest("table.surface")!).Contains("border:1px", StringComparison.Ordinal) ? MailStyles.CardWidth
        : 600;

    [GeneratedRegex(@"<!--\[if mso\]>(.*?)<!\[endif\]-->", RegexOptions.Singleline)]
    private static partial Regex ForWord();

    [GeneratedRegex(@"padding:0;|^(?!.*padding)")]
    private static partial Regex NoPadding();
}
