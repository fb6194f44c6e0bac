using Microsoft.Playwright;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>Every letter in a real Chromium: 600 and 320 px, light and dark, pictures on and off.</summary>
[TestFixture]
public sealed class LetterInBrowserTests
{
    private static readonly (int Width, ColorScheme Scheme, bool Pictures)[] Views =
    [
        (600, ColorScheme.Light, true), (600, ColorScheme.Dark, true), (600, ColorScheme.Light, false),
        (320, ColorScheme.Light, true), (320, ColorScheme.Dark, true), (320, ColorScheme.Dark, false),
    ];

    private Chromium chromium = null!;

    [OneTimeSetUp]
    public async Task Open() => chromium = await Chromium.StartAsync();

    [OneTimeTearDown]
    public async Task Close() => await chromium.DisposeAsync();

    [Test]
    public async Task No_mail_overflows_and_axe_finds_nothing_in_any_view()
    {
        foreach (var (name, letter) in await SampleLetters.AllMailsAsync())
        {
            // One issue has every part that a letter can have. Of the others the widest light view and the narrowest
            // dark one say what there is to say.
            var views = name == "2026-11" ? Views : [Views[0], Views[^1]];
            foreach (var view in views) await Check(name, letter.Html, view, isPage: false);
        }

        var calendar = await SampleLetters.Renderer.RenderAsync(SampleLetters.WithCalendar("2026-11"), SampleLetters.Context("2026-11"));
        foreach (var view in new[] { Views[0], Views[^1] }) await Check("calendar", calendar.Html, view, isPage: false);
    }

    [Test]
    public async Task The_second_look_overflows_nowhere_and_axe_finds_nothing_in_any_view()
    {
        var letter = await SampleLetters.MailAsync("2026-11", SampleLetters.SecondLook);
        foreach (var view in Views) await Check("second look", letter.Html, view, isPage: false);
    }

    [TestCase(LetterSurface.Archive)]
    [TestCase(LetterSurface.Browser)]
    public async Task No_web_body_overflows_and_axe_finds_nothing_in_any_view(LetterSurface surface)
    {
        var html = await WebPage.Of("2026-11", surface);
        foreach (var view in Views) await Check(surface.ToString(), html, view, isPage: true);
    }

    [Test]
    public async Task Tips_stand_side_by_side_at_600_and_stack_at_320_even_without_the_stylesheet()
    {
        var letter = await SampleLetters.MailAsync("2026-11");
        var bare = Bare(letter.Html);
        foreach (var (html, width, beside) in new[] { (letter.Html, 600, true), (letter.Html, 320, false), (bare, 600, true), (bare, 320, false) })
        {
            await using var context = await Context((width, ColorScheme.Light, true));
            var page = await context.NewPageAsync();
            await page.SetContentAsync(html);
            var left = await page.GetByText("Ett beslutsbrev på en sida").BoundingBoxAsync();
            var right = await page.GetByText("Fråga de unga innan ni ritar").BoundingBoxAsync();
            Assert.That(Math.Abs(left!.Y - right!.Y) < 2, Is.EqualTo(beside), $"{width} px");
            if (!beside) Assert.That(right.X, Is.EqualTo(left.X), "beneath each other, in one line");
        }
    }

    [Test]
    public async Task A_picture_at_the_right_of_its_text_comes_first_on_a_phone()
    {
        var letter = await SampleLetters.MailAsync("2026-11");
        foreach (var (width, first) in new[] { (600, false), (320, true) })
        {
            await using var context = await Context((width, ColorScheme.Light, true));
            var page = await context.NewPageAsync();
            await page.SetContentAsync(letter.Html);
            var picture = await page.Locator("img[src$='portratt-jonas.jpg']").First.BoundingBoxAsync();
            var words = await page.GetByText("Jonas Ekwall vill räkna på närheten").BoundingBoxAsync();
            Assert.That((picture!.Y < words!.Y - 50, picture.X > words.X + 200), Is.EqualTo((first, !first)), $"{width} px");
        }
    }

    [Test]
    public async Task Neither_a_long_address_nor_text_twice_as_large_makes_a_letter_wider_than_a_phone()
    {
        var address = "https://example.org/" + string.Concat(Enumerable.Repeat("arenden-och-handlingar.", 9)) + "pdf";
        var word = "Kommunalförbundsordförandeskapsöverlåtelsen";
        var long_ = new Article { Kicker = word, Heading = word, Body = $"Se {address}\n\n- {address}\n\n> {address}\n\n#### {word}", Layout = ArticleLayout.Box };
        var sample = SampleLetters.WithCalendar("2026-11");
        var content = sample with
        {
            Headline = word,
            Sections =
            [
                new Section
                {
                    Heading = word,
                    Blocks =
                    [
                        long_, long_ with { Layout = ArticleLayout.PictureRight, Pictures = [sample.LeadPicture! with { Caption = address }] },
                        new TipsPair { Left = long_, Right = sample.Events().Skip(1).First() with { Name = word, Place = address, Body = address } },
                    ],
                },
                .. sample.Sections,
            ],
        };
        var mail = (await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11"))).Html;
        var web = WebPage.Around(await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-11", LetterSurface.Archive)));
        foreach (var (name, html) in new[] { ("mail", mail), ("without its styles", Bare(mail)), ("web", web) })
        {
            await using var context = await Context((320, ColorScheme.Light, false));
            var page = await context.NewPageAsync();
            await page.SetContentAsync(html);
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(320), name);
            await page.EvaluateAsync(
                """
                for (const element of [...document.body.querySelectorAll("*")].reverse()) {
                  const { fontSize, lineHeight } = getComputedStyle(element);
                  if (parseFloat(fontSize) > 1) element.style.cssText += `;font-size:${2 * parseFloat(fontSize)}px!important;line-height:${2 * parseFloat(lineHeight)}px!important`;
                }
                """);
            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(320), $"{name}, twice as large");
        }
    }

    [Test]
    public async Task A_mail_asks_for_nothing_but_its_pictures()
    {
        var letter = await SampleLetters.MailAsync("2026-11");
        var asked = new List<string>();
        await using var context = await chromium.ContextAsync();
        await context.RouteAsync("**/*", route =>
        {
            asked.Add(route.Request.Url);
            return route.AbortAsync();
        });
        var page = await context.NewPageAsync();
        await page.SetContentAsync(letter.Html);

        Assert.That(asked, Is.Not.Empty.And.All.StartsWith("https://post.example.org/media/2026-11/"));
        Assert.That(asked, Has.None.Contain("slotsample"), "one address per person would be tracking");
    }

    // As a program shows it that drops the head's styles.
    private static string Bare(string html) => html[..html.IndexOf("<style>", StringComparison.Ordinal)]
        + html[(html.IndexOf("</style>", StringComparison.Ordinal) + 8)..];

    private async Task Check(string name, string html, (int Width, ColorScheme Scheme, bool Pictures) view, bool isPage)
    {
        await using var context = await Context(view);
        var page = await context.NewPageAsync();
        await page.SetContentAsync(html, new() { WaitUntil = WaitUntilState.Load });

        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(view.Width), $"{name} {view}");
        // A mail is no page: its landmarks are the mail program's.
        var found = await page.AxeAsync(isPage ? [] : ["region", "landmark-one-main"]);
        Assert.That(found, Is.Empty, $"{name} {view}");
    }

    private async Task<IBrowserContext> Context((int Width, ColorScheme Scheme, bool Pictures) view)
    {
        var context = await chromium.ContextAsync(new() { ViewportSize = new() { Width = view.Width, Height = 900 }, ColorScheme = view.Scheme });
        await context.RouteAsync("https://post.example.org/media/**", route => view.Pictures
            ? route.FulfillAsync(new() { Path = FileOf(route.Request.Url) })
            : route.AbortAsync());
        return context;
    }

    private static string FileOf(string url)
    {
        var parts = url.Split('/');
        return SampleLetters.FileOf(parts[^2], parts[^1]);
    }
}
