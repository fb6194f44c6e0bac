using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose.Word;

/// <summary>An issue from a Word document, in a real Chromium: what comes along, what is said of the rest, and which files are refused.</summary>
public sealed class WordInBrowserTests : BrowserFixture
{
    private const string Page = "/redaktion/nummer/nytt";

    [SetUp]
    public Task BeginAsync() => Database.EmptyAsync("issue, media");

    [TearDown]
    public void NothingIsComplainedOf() => Assert.That(Chromium.Complaints, Is.Empty);

    [Test]
    public async Task A_newsletter_becomes_a_draft_and_what_it_lost_is_said()
    {
        var before = await CreatedAsync();
        var page = await OpenAsync(Page);
        Assert.That(await page.EvaluateAsync<bool>("performance.getEntriesByType('resource').some(one => one.name.includes('word.js'))"),
            Is.False, "it is fetched when it is needed");
        await page.GetByLabel("Från ett Word-dokument").CheckAsync();
        await page.Locator("word-document input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "december.docx",
            MimeType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Buffer = WordFile.Newsletter(),
        });

        await Assertions.Expect(page.Locator("word-document [role=status]"))
            .ToHaveTextAsync("december.docx blir 2 avdelningar, 3 artiklar och 3 bilder. Inget är sparat än.");
        Assert.That(await LinesAsync(page, "changed"), Is.EqualTo(new[]
        {
            "Tabeller, nu listor eller vanlig text: 1", "Textrutor, nu i texten efter stycket där de satt: 1", "Spårade ändringar, nu godkända: 2",
            "Länkar på bilder, i rubriker, inom dokumentet eller till filer i en dator, nu bara ord: 1",
            "Länkar som spårning togs bort ur (utm, fbclid och liknande): 1", "Numrerade bildtexter (”Bild 1”), nu utan nummer: 1",
        }));
        Assert.That((await LinesAsync(page, "lost")).Select(line => line.Split(". ")[0]), Is.EqualTo(new[]
        {
            "Fotnoter och slutnoter: 1", "Kommentarer: 1", "SmartArt: 1", "Bilder i Windows ritformat (EMF, WMF): 1",
            "Bilder som inte ligger i dokumentet utan någon annanstans: 1", "Sidhuvuden och sidfötter med text: 1", "Innehållsförteckning: 1",
            "Dold text: 1",
        }));
        Assert.That(await LinesAsync(page, "todo"), Is.EqualTo(new[] { "Bilder utan beskrivning för den som inte ser dem: 1" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM issue) + (SELECT count(*) FROM media)"), Is.Zero);

        await Assertions.Expect(page.GetByLabel("Ämne")).ToHaveValueAsync("Nyhetsbrev från Gransele i december");
        await page.GetByLabel("Ämne").FillAsync("Nytt från Gransele");
        await Make(page).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/redaktion/nummer/[0-9]+/skriv$"));

        var content = await ContentAsync();
        Assert.That((content.Subject, content.Preheader), Is.EqualTo(("Nytt från Gransele", "Vintervägar, höstmöte och två tips")));
        Assert.That(content.LeadPicture, Has.Property("Decorative").True.And.Property("Width").EqualTo(60));
        Assert.That(content.Sections.Select(section => section.Heading), Is.EqualTo(new[] { "Hänt sedan sist", "På gång" }));
        var (plough, hours, meeting) = (content.Articles().First(), content.Articles().ElementAt(1), content.Articles().Last());
        Assert.That(plough.Heading, Is.EqualTo("Vinterväghållningen är upphandlad"));
        Assert.That(plough.Body, Is.EqualTo(
            """
            Plogningen kostar **10 000 kr** om *året*. Ytan är 300 m². Det är bra. [Anmäl dig här](https://example.org/a?id=7) eller läs protokollet.

            ### Så söker du

            - Fyll i blanketten
              - båda sidorna
            - Skicka den till [kansliet@example.org](mailto:kansliet@example.org)

            Därefter:

            1. Vänta på svar
            2. Skriv under

            Det tar några dagar.

            3. Betala
            """.Replace("10 000", "10\u00a0000", StringComparison.Ordinal)));
        Assert.That((hours.Heading, hours.Body),
            Is.EqualTo(("Tider i december", "- Måndag: 9–12\n- Tisdag: stängt\n\nVälkommen!\n\nKaffe serveras från åtta.")));
        Assert.That((meeting.Heading, meeting.Body),
            Is.EqualTo(("Höstmötet i Ångsta", "Välkomna till bygdegården.\n\nTre saker gick inte att ta med:")));
        Assert.That(plough.Pictures.Single(), Has.Property("Alt").EqualTo("En plogbil på Storgatan")
            .And.Property("Caption").EqualTo("Plogbilen kom klockan fem. Foto: Åsa Öberg"));
        Assert.That(plough.Pictures.Single().Width, Is.EqualTo(600), "a fourth was cut away");
        Assert.That(meeting.Pictures.Single(), Has.Property("Alt").Empty.And.Property("Caption").EqualTo("Vägen till bygdegården"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM media"), Is.EqualTo(2));
        Assert.That(await CreatedAsync(), Is.EqualTo(before + 1));
    }

    [Test]
    public async Task Headings_decide_what_becomes_what()
    {
        var page = await OpenAsync(Page);
        var cases = new (string What, string Becomes, string[] Paragraphs)[]
        {
            ("two levels", "Ett = Ett: (a), Två(b ### Tre c) / Fyra: (d)",
                ["Heading1|Ett", "a", "Heading2|Två", "b", "Heading3|Tre", "c", "Heading1|Fyra", "d"]),
            ("one level", "Ett = : Ett(a), Två(b)", ["Heading1|Ett", "a", "Heading1|Två", "b"]),
            ("one above all others is the title", "Brevet = Ett: Två(a) / Tre: Fyra(b)",
                ["Rubrik1|Brevet", "Rubrik2|Ett", "Rubrik3|Två", "a", "Rubrik2|Tre", "Rubrik3|Fyra", "b"]),
            ("a text before", "Brevet = : (Hej!), Ett(a)", ["Title|Brevet", "Hej!", "Heading2|Ett", "a"]),
            ("levels left out", "Brevet = Ett: Två(a)", ["Title|Brevet", "Heading2|Ett", "Heading4|Två", "a"]),
            ("no headings", "fil = : (Hej! På dig.)", ["Hej!", "På dig."]),
            ("bold lines", "Ett = : Ett(a), Två(b **Obs!** c)", ["bold|Ett", "a", "bold|Två", "b", "bold|Obs!", "c"]),
            ("second title", "Brevet = : Mer(a)", ["Title|Brevet", "Title|Mer", "a"]),
        };
        foreach (var (what, becomes, paragraphs) in cases)
            Assert.That(await OutlineAsync(page, paragraphs), Is.EqualTo(becomes), what);
    }

    [Test]
    public async Task What_is_no_Word_document_is_explained()
    {
        var page = await OpenAsync(Page);
        var bomb = WordFile.Declaring(WordFile.Of("Hej"), "word/document.xml", 210 << 20);
        var liar = WordFile.Declaring(WordFile.WithBody(new string(' ', 30 << 20)), "word/document.xml", 1000);
        var files = new (string What, byte[] File, string Says)[]
        {
            ("nothing", [], "Filen är tom"),
            (".doc", WordFile.Compound("WordDocument"), "gamla format (.doc). Öppna det i Word, välj Spara som"),
            ("locked", WordFile.Compound("EncryptedPackage"), "skyddat med lösenord"),
            (".xls", WordFile.Compound("Workbook"), "inget Word-dokument"),
            ("RTF", @"{\rtf1\ansi Hej}"u8.ToArray(), "RTF-fil"),
            ("PDF", "%PDF-1.7"u8.ToArray(), "Det är en PDF"),
            ("web page", "<html><body>Hej</body></html>"u8.ToArray(), "sparats som webbsida"),
            (".odt", WordFile.Zip(("mimetype", "application/vnd.oasis.opendocument.text"u8.ToArray())), "Det är ett OpenDocument"),
            ("text", "Hej på dig"u8.ToArray(), "inget Word-dokument"),
            ("other zip", WordFile.Zip(("xl/workbook.xml", "<a/>"u8.ToArray())), "inget Word-dokument"),
            ("cut short", WordFile.Newsletter()[..4000], "skadat eller avhugget"),
            ("not XML", WordFile.WithBody("<w:p>"), "skadat eller avhugget"),
            ("too deep", WordFile.WithBody(string.Concat(Enumerable.Repeat("<w:p>", 20_000)) + string.Concat(Enumerable.Repeat("</w:p>", 20_000))),
                "skadat eller avhugget"),
            ("empty document", WordFile.Of("", " "), "ingen text i dokumentet"),
            ("entity", WordFile.WithBody("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", "<!DOCTYPE x [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"),
                "som inget Word-dokument får innehålla"),
            ("bomb", bomb, "större än 200 MB"),
            ("bomb that lies", liar, "större än 200 MB"),
            ("novel", WordFile.Of(new string('x', 40_001)), "för långt"),
        };

        var wrong = new List<string>();
        foreach (var (what, file, says) in files)
        {
            var said = await TakeAsync(page, file);
            if (!said.Contains(says, StringComparison.Ordinal)) wrong.Add($"{what}: {said}");
        }

        Assert.That(wrong, Is.Empty);
        // In what Chromium itself writes of XML that it cannot read there is a style.
        Chromium.Complaints.RemoveAll(complaint => complaint.Contains("Applying inline style", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("[data-summary]")).ToBeHiddenAsync();
        await Make(page).ClickAsync();
        await Assertions.Expect(page.Locator("word-document [role=status]")).ToHaveTextAsync("Välj ett dokument först.");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM issue"), Is.Zero);
    }

    [Test]
    public async Task A_login_that_is_over_is_told_and_after_the_next_one_the_draft_is_made()
    {
        var page = await OpenAsync(Page);
        await TakeAsync(page, WordFile.Of("Heading1|Ett", "a"));
        await page.Context.ClearCookiesAsync();
        await Make(page).ClickAsync();
        await Assertions.Expect(page.Locator("word-document [role=status]")).ToContainTextAsync("Inloggningen har gått ut, och utkastet är inte skapat.");

        var login = await page.Context.NewPageAsync();
        await login.LogInAsync();
        await login.CloseAsync();
        await Make(page).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/redaktion/nummer/[0-9]+/skriv$"));
        Assert.That((await ContentAsync()).Articles().Single().Heading, Is.EqualTo("Ett"));
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task What_a_document_becomes_does_not_overflow_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        var page = await OpenAsync(Page, width: width, scheme: scheme);
        Assert.That(await TakeAsync(page, WordFile.Newsletter()), Does.Contain("blir 2 avdelningar"));
        await page.PictureAsync("word");

        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(await page.OverflowsAsync(), Is.False);
    }

    [Test]
    public async Task Without_script_the_choice_is_not_there()
    {
        var page = await OpenAsync(Page, script: false);

        await Assertions.Expect(page.GetByText("Från ett Word-dokument")).ToBeHiddenAsync();
    }

    private Task<long> CreatedAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM admin_action WHERE what = 'issue.create'");

    private static ILocator Make(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Skapa utkastet" });

    /// <summary>As if it had been chosen; gives what the page then says.</summary>
    private static Task<string> TakeAsync(IPage page, byte[] file) => page.EvaluateAsync<string>(
        """
        async packed => {
          const element = document.querySelector("word-document");
          await element.take(new File([Uint8Array.from(atob(packed), sign => sign.charCodeAt(0))], "fil.docx"));
          return element.querySelector("[role=status]").textContent;
        }
        """,
        Convert.ToBase64String(file));

    private static async Task<string> OutlineAsync(IPage page, params string[] paragraphs)
    {
        await TakeAsync(page, WordFile.Of(paragraphs));
        return await page.EvaluateAsync<string>(
            """
            () => {
              const element = document.querySelector("word-document");
              const { sections } = element.document;
              const article = ({ heading, body }) => `${heading}(${body.replace(/\s+/g, " ")})`;
              const section = ({ heading, articles }) => `${heading}: ${articles.map(article).join(", ")}`;
              return `${element.subject.value} = ${sections.map(section).join(" / ")}`;
            }
            """);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(IPage page, string list) =>
        await page.Locator($"[data-list={list}] > ul > li").AllTextContentsAsync();

    private async Task<IssueContent> ContentAsync() =>
        (await Host.Get<DraftStore>().ReadAsync(await Database.ScalarAsync<int>("SELECT id FROM issue"), default))!.Content;
}
