using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class LetterStructureTests
{
    private static readonly string[] VagueLinks = ["läs mer", "klicka här", "här", "mer", "länk", "read more", "click here", "here"];

    private IReadOnlyList<(string Name, RenderedLetter Letter)> _mails = null!;

    [OneTimeSetUp]
    public async Task Render() => _mails = await SampleLetters.AllMailsAsync();

    [Test]
    public void Every_mail_weighs_less_than_90_kB_before_and_after_encoding() => ForEach((name, letter) =>
    {
        Assert.That(Encoding.UTF8.GetByteCount(letter.Html), Is.LessThan(90_000), name);
        Assert.That(SampleEml.Of(name, letter, isIssue: true), Has.Length.LessThan(90_000), name);
    });

    [Test]
    public void Every_mail_names_its_language_title_and_character_set() => ForEach((name, letter) =>
    {
        Assert.That(letter.Html, Does.StartWith("<!DOCTYPE html>\n<html lang=\""), name);
        var page = Parse(letter.Html);
        var language = page.DocumentElement.GetAttribute("lang");
        Assert.That(language, Is.EqualTo(name.EndsWith("-en", StringComparison.Ordinal) ? "en" : "sv"), name);
        Assert.That(page.Body!.FirstElementChild!.GetAttribute("lang"), Is.EqualTo(language), name);
        Assert.That(page.Title, Is.EqualTo(letter.Subject), name);
        Assert.That(page.QuerySelector("meta[charset]")!.GetAttribute("charset"), Is.EqualTo("utf-8"), name);
        Assert.That(page.QuerySelector("meta[name=color-scheme]"), Is.Not.Null, name);
    });

    [Test]
    public void Headings_begin_with_one_h1_and_never_jump_a_level() => ForEach((name, letter) =>
    {
        var levels = Parse(letter.Html).QuerySelectorAll("h1,h2,h3,h4,h5,h6").Select(heading => heading.LocalName[1] - '0').ToList();
        Assert.That(levels.Count(level => level == 1), Is.EqualTo(1), name);
        Assert.That(levels[0], Is.EqualTo(1), name);
        Assert.That(levels.Zip(levels.Skip(1)).All(pair => pair.Second <= pair.First + 1), $"{name}: {string.Join(' ', levels)}");
    });

    [Test]
    public void Every_picture_has_words_a_size_and_an_https_address() => ForEach((name, letter) =>
    {
        foreach (var picture in Parse(letter.Html).QuerySelectorAll("img"))
        {
            // A portrait's name stands beside it.
            Assert.That(picture.GetAttribute("alt"), picture.GetAttribute("width") == "72" ? Is.Empty : Is.Not.Null.And.Not.Empty,
                $"{name}: {picture.OuterHtml}");
            Assert.That(int.Parse(picture.GetAttribute("width")!, null), Is.InRange(1, 600), name);
            Assert.That(int.Parse(picture.GetAttribute("height")!, null), Is.InRange(1, 600), name);
            Assert.That(picture.GetAttribute("src"), Does.StartWith("https://"), name);
        }
    });

    [Test]
    public async Task Headings_lie_one_below_the_other_where_a_section_has_none_and_the_letter_has_its_own()
    {
        var sample = SampleLetters.Content("2026-11");
        var content = sample with
        {
            Headline = "Snön kom i tid",
            Sections = [.. sample.Sections.Select((section, s) => s is 1 or 4 ? section with { Heading = "" } : section)],
        };
        var letter = await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11"));
        var web = Parse(await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-11", LetterSurface.Archive)));

        foreach (var page in new[] { Parse(letter.Html), web })
        {
            var levels = page.QuerySelectorAll("h1,h2,h3,h4").Select(heading => heading.LocalName[1] - '0').ToList();
            Assert.That(levels.Zip(levels.Skip(1)).Where(pair => pair.Second > pair.First + 1), Is.Empty);
            Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Snön kom i tid"));
            Assert.That(page.QuerySelectorAll("h1,h2,h3,h4").Select(heading => heading.TextContent.Trim()), Has.None.Empty);
            Assert.That(page.QuerySelectorAll("h2").Select(heading => heading.TextContent), Has.Some.EqualTo("Trygghetspunkten som höll hela natten"));
        }

        Assert.That(Parse(letter.Html).Title, Is.EqualTo(sample.Subject));
        Assert.That(letter.Text, Does.Contain("\nSnön kom i tid\n--------------\n").And.Contain("______\n\n\nSvartnäs kommun\n"));
        Assert.That(web.QuerySelectorAll(".letter-contents a").Select(link => web.QuerySelector(link.GetAttribute("href")!)), Has.None.Null);
        Assert.That(web.QuerySelectorAll(".letter-contents a"), Has.Count.EqualTo(sample.Sections.Count - 2));
    }

    [Test]
    public async Task An_event_in_a_pair_is_whole_with_its_picture_and_stands_in_the_calendar()
    {
        var content = SampleLetters.WithCalendar("2026-10");
        var pair = content.Sections.SelectMany(section => section.Blocks).OfType<TipsPair>().First(pair => pair.Left is EventItem);
        var pictured = content.Events().First(item => item.Picture is not null);
        var letter = await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-10"));
        var web = await SampleLetters.Renderer.RenderWebBodyAsync(content, SampleLetters.Context("2026-10", LetterSurface.Archive));

        foreach (var html in new[] { letter.Html, web })
        {
            foreach (var half in new[] { pair.Left, pair.Right }.Cast<EventItem>())
                Assert.That(html.Split(half.Name), Has.Length.GreaterThanOrEqualTo(3), "in the pair and in the calendar");
            Assert.That(Parse(html).QuerySelector($"img[alt='{pictured.Picture!.Alt}']"), Is.Not.Null);
        }

        Assert.That(letter.Text.IndexOf(((EventItem)pair.Left).Name, StringComparison.Ordinal), Is.LessThan(letter.Text.IndexOf(((EventItem)pair.Right).Name, StringComparison.Ordinal)));
        Assert.That(content.Pictures(), Has.Member(pictured.Picture));
    }

    [Test]
    public async Task What_is_empty_leaves_no_hole()
    {
        var sample = SampleLetters.Content("2026-11");
        var tip = new Article { Heading = "Låna en cykel", Body = "Två dagar i maj." };
        var content = sample with
        {
            Sections =
            [
                sample.Sections[0], new Section { Heading = "Tom avdelning" },
                new Section { Heading = "Tips", Blocks = [new TipsPair { Left = tip, Right = new Article { Heading = "", Body = " " } }] },
            ],
        };
        var whole = content with { Sections = [sample.Sections[0], new Section { Heading = "Tips", Blocks = [tip] }] };

        Assert.That(await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11")),
            Is.EqualTo(await SampleLetters.Renderer.RenderAsync(whole, SampleLetters.Context("2026-11"))));
        var page = SampleLetters.Context("2026-11", LetterSurface.Archive);
        Assert.That(await SampleLetters.Renderer.RenderWebBodyAsync(content, page), Is.EqualTo(await SampleLetters.Renderer.RenderWebBodyAsync(whole, page)));
    }

    [Test]
    public void Every_link_says_where_it_leads() => ForEach((name, letter) =>
    {
        var links = Parse(letter.Html).QuerySelectorAll("a").ToList();
        foreach (var link in links)
        {
            var words = link.TextContent.Trim();
            Assert.That(words, Is.Not.Empty, $"{name}: {link.OuterHtml}");
            Assert.That(VagueLinks, Does.Not.Contain(words.ToLowerInvariant()), name);
            Assert.That(link.GetAttribute("href"), Does.Match("^(https|mailto|tel):"), name);
        }

        var ambiguous = links.GroupBy(link => link.TextContent.Trim())
            .Where(same => same.Select(link => link.GetAttribute("href")).Distinct().Count() > 1);
        Assert.That(ambiguous.Select(same => same.Key), Is.Empty, name);
    });

    [Test]
    public void Every_table_only_lays_out_and_no_cell_is_a_list() => ForEach((name, letter) =>
    {
        var page = Parse(letter.Html);
        Assert.That(page.QuerySelectorAll("table:not([role=presentation])"), Is.Empty, name);
        Assert.That(page.QuerySelectorAll("h2 + h2, h3:empty, p:empty, li:empty"), Is.Empty, name);
    });

    [Test]
    public async Task The_footer_says_why_it_came_how_to_leave_and_who_sent_it()
    {
        foreach (var (reason, words) in new[] { (RecipientReason.MemberRepresentative, "företräder en medlemskommun"),
            (RecipientReason.SignedUp, "själv har anmält dig") })
        {
            var letter = await SampleLetters.Renderer.RenderAsync(SampleLetters.Content("2026-11"), SampleLetters.Context("2026-11", reason: reason));
            foreach (var part in new[] { letter.Html, letter.Text.ReplaceLineEndings(" ") })
            {
                foreach (var owed in new[] { words, "/avsluta/", "/uppgifter/", "/brev/", "/arkiv", SampleLetters.Sender.PostalAddress,
                    SampleLetters.Sender.Email })
                    Assert.That(part, Does.Contain(owed));
            }
        }
    }

    [Test]
    public async Task An_english_reader_gets_an_english_frame_around_swedish_content()
    {
        var letter = await SampleLetters.Renderer.RenderAsync(SampleLetters.Content("2026-11"), SampleLetters.Context("2026-11", language: "en"));
        var page = Parse(letter.Html);
        Assert.That(page.DocumentElement.GetAttribute("lang"), Is.EqualTo("sv"));
        Assert.That(page.QuerySelector("[lang=en] a[href*=avsluta]")!.TextContent, Is.EqualTo("Unsubscribe"));
        Assert.That(page.QuerySelector("[lang=en] a[href*=brev]")!.TextContent, Is.EqualTo("Read in the browser"));
        Assert.That(letter.Text, Does.Contain("Unsubscribe:"));
    }

    [Test]
    public async Task The_archive_has_no_personal_footer_and_no_style_attribute()
    {
        var body = await SampleLetters.Renderer.RenderWebBodyAsync(SampleLetters.Content("2026-11"),
            SampleLetters.Context("2026-11", LetterSurface.Archive));
        Assert.That(body, Does.Not.Contain(SampleLetters.TokenSlot).And.Not.Contain(" style=").And.Not.Contain("<table"));
        var personal = await SampleLetters.Renderer.RenderWebBodyAsync(SampleLetters.Content("2026-11"),
            SampleLetters.Context("2026-11", LetterSurface.Browser));
        Assert.That(personal, Does.Contain("/avsluta/" + SampleLetters.TokenSlot).And.Not.Contain(" style="));
    }

    [Test]
    public void Slots_stand_whole_in_both_parts_and_in_no_title_or_alt_text() => ForEach((name, letter) =>
    {
        // What the office is told leads nowhere.
        if (!name.StartsWith("fel-", StringComparison.Ordinal))
        {
            Assert.That(letter.Html, Does.Contain(SampleLetters.TokenSlot), name);
            Assert.That(letter.Text, Does.Contain(SampleLetters.TokenSlot), name);
        }

        Assert.That(letter.Text.Split(SampleLetters.TokenSlot[..10]),
            Has.Length.EqualTo(Count(letter.Text, SampleLetters.TokenSlot) + Count(letter.Text, SampleLetters.AddressSlot) + 1), name);
        var page = Parse(letter.Html);
        Assert.That(page.Title, Does.Not.Contain("slotsample"), name);
        Assert.That(page.QuerySelectorAll("[alt*=slotsample],[title*=slotsample],[aria-label*=slotsample]"), Is.Empty, name);
    });

    [Test]
    public void Letters_of_Swedish_stand_as_themselves() => ForEach((name, letter) =>
        Assert.That(letter.Html, Does.Not.Match("&#x[C-F][0-9A-F];|&[aAoO](uml|ring);"), name));

    [Test]
    public void Samples_show_every_part_of_the_anatomy()
    {
        foreach (var issue in SampleLetters.Issues)
        {
            var content = SampleLetters.Content(issue);
            Assert.That(content.Problems(), Is.Empty, issue);
            Assert.That(content.Articles().Count(), Is.AtLeast(10), issue);
            Assert.That(content.Events().Count(), Is.InRange(2, 4), issue);
            Assert.That(content.Contact, Is.Not.Null, issue);
            foreach (var picture in content.Pictures()) Assert.That(File.Exists(SampleLetters.FileOf(issue, picture.MediaId)), picture.MediaId);
        }

        var layouts = SampleLetters.Issues.SelectMany(issue => SampleLetters.Content(issue).Articles()).Select(article => article.Layout).Distinct();
        Assert.That(layouts, Is.EquivalentTo(Enum.GetValues<Mailer.Templates.Content.ArticleLayout>()));
    }

    private void ForEach(Action<string, RenderedLetter> check)
    {
        foreach (var (name, letter) in _mails) check(name, letter);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static IDocument Parse(string html) => new HtmlParser().ParseDocument(html);
}
