using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Templates;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Tests.Issues.Checks;

/// <summary>What is found in an issue's content, as one table: a flaw, where it is told, and a twin that is none.</summary>
public sealed class ContentChecksTests
{
    private const string Body = "sections[0].blocks[0].body";
    private const string Url = "sections[0].blocks[0].callsToAction[0].url";
    private const string CallText = "sections[0].blocks[0].callsToAction[0].text";
    private const string Event = "sections[0].blocks[1]";
    private const bool Blocks = true, Warns = false;

    /// <summary>A Tuesday.</summary>
    private static readonly DateOnly Sent = new(2026, 12, 1);

    private static readonly FlawWords Words = new(
        new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IStringLocalizer<IssueWords>>(),
        new LocalText(Options.Create(new SiteOptions())));

    private static readonly IssueContent Sound = new()
    {
        Year = 2026,
        Month = 12,
        Subject = "Snön som kom i tid",
        Preheader = "Höstmötet, bredbandet och en ny ordförande.",
        Sections =
        [
            new Section
            {
                Heading = "Hänt sedan sist",
                Blocks =
                [
                    new Article { Heading = "Höstmötet", Body = "Vi talade om skolskjutsar.", CallsToAction = [new() { Text = "Läs protokollet", Url = "https://smakom.example.org/a" }] },
                    new EventItem { Name = "Lunchsamtal", Start = new(2026, 12, 9) },
                ],
            },
        ],
        Contact = new ContactBlock { Name = "Elin Haddad", Site = "https://smakom.example.org/" },
    };

    public static IEnumerable<TestCaseData> Table()
    {
        // Kind, place, whether it blocks, what has it, what has not.
        yield return Row("Missing", "subject", Blocks, Subject(""), Subject("Nytt"));
        yield return Row("SubjectLong", "subject", Warns, Subject(new('a', 61)), Subject(new('a', 60)));
        yield return Row("SubjectShouts", "subject", Warns, Subject("SNÖN SOM KOM I TID"), Subject("SKR OCH SVT"));
        yield return Row("PreheaderLong", "preheader", Warns, Preheader(new('a', 131)), Preheader(new('a', 130)));
        yield return Row("PreheaderRepeats", "preheader", Warns,
            Preheader("Snön, som kom i tid! Och mer."), Preheader("Snön kom, och mer."));
        // Texts that are unfinished on purpose: the check is to find them.
        foreach (var left in new[] { "Lorem ipsum dolor sit amet.", "Ring XXX.", "TODO: siffror", "Mötet hålls \\[fyll i datum].", "Kom till [plats] i tid.", "Vad kostar det???", "\\[insert name]" })
            yield return Row("Placeholder", Body, Blocks,
                Text(left), Text("Kl. 9 [enligt protokollet] todos? xx? ”tbd-projektet”"));
        yield return Row("Placeholder", "sections[0].heading", Blocks, Heading("XXX"), Heading("Sidor XX"));
        yield return Row("AltMissing", "leadPicture.alt", Blocks, Lead(1200, ""), Lead(1200, "En insjö."));
        yield return Row("PictureSmall", "leadPicture.mediaId", Warns, Lead(597, "En insjö."), Lead(598, "En insjö."));
        yield return Row("PictureSmall", "sections[0].blocks[0].pictures[0].mediaId", Warns,
            Picture(215, ArticleLayout.PictureLeft), Picture(216, ArticleLayout.PictureLeft));
        yield return Row("PictureSmall", "sections[0].blocks[0].pictures[0].mediaId", Warns,
            Picture(400, ArticleLayout.FullWidth), Picture(532, ArticleLayout.FullWidth));
        yield return Row("SectionWithoutHeading", "sections[0].heading", Warns, Heading(""), Heading("Nytt"));
        yield return Row("ControlCharacter", "headline", Blocks, content => content with { Headline = "a\nb" }, content => content with { Headline = "Annat" });
        yield return Row("AltMissing", $"{Event}.picture.alt", Blocks, When(item => item with { Picture = Poster("") }), When(item => item with { Picture = Poster("En affisch.") }));
        yield return Row("EventPassed", "sections[0].blocks[0].left.start", Warns, EventPair(new(2026, 11, 30)), EventPair(Sent));
        yield return Row("PairHalf", "sections[0].blocks[0].left.name", Warns, Block(0, _ => new TipsPair
        {
            Left = new EventItem { Name = "", Start = default },
            Right = new Article { Heading = "Höger", Body = "Text." },
        }), EventPair(Sent));
        yield return Row("SectionEmpty", "sections[0].blocks", Warns, Sections(new Section { Heading = "Tom" }), Same);
        yield return Row("Missing", "sections[0].blocks[0].right.heading", Blocks, Pair(""), Pair("Höger"));
        yield return Row("PairHalf", "sections[0].blocks[0].right.heading", Warns, Pair("", ""), Pair("Höger"));
        yield return Row("Missing", "sections[0].blocks[0].right.body", Blocks, Pair("Höger", ""), Pair("", ""));
        yield return Row("EndsBeforeStart", $"{Event}.end", Blocks,
            When(item => item with { End = new(2026, 12, 8) }), When(item => item with { End = new(2026, 12, 9) }));
        yield return Row("EventPassed", $"{Event}.start", Warns,
            When(item => item with { Start = new(2026, 11, 30) }), When(item => item with { Start = Sent }));
        yield return Row("SignUpPassed", $"{Event}.signUpBy", Warns,
            When(item => item with { SignUpBy = new(2026, 11, 30) }), When(item => item with { SignUpBy = Sent }));

        yield return Row("CalendarEmpty", Event, Warns, Block(1, _ => new CalendarBlock()), content => content with
        {
            Sections = [.. content.Sections, new Section { Heading = "Kalender", Blocks = [new CalendarBlock()] }],
        });

        foreach (var url in new[] { "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/sida", "ftp://x.example.org/", "https:///sida" })
        {
            yield return Row("LinkNotAllowed", Url, Blocks, Call("Protokollet i pdf", url), Same);
            if (!url.Contains('(')) yield return Row("LinkNotAllowed", Body, Blocks,
                Text($"Läs [protokollet i pdf]({url})."), Text("Läs [protokollet i pdf](https://x.example.org)."));
        }

        yield return Row("LinkNotAllowed", Body, Blocks,
            Text("Se [sidan om snö](sno.pdf)."), Text("Se [sidan om snö](www.smakom.se) eller www.smakom.se."));
        foreach (var raw in new[] { "Se [filen](min fil.pdf).", "Se [filen](https://min fil.se/).", "Se \\[filen]\\(www.x.se).", "Se [filen] (https://x.se)." })
            yield return Row("LinkBroken", Body, Blocks, Text(raw), Text("Se [filen](https://x.se/min fil.pdf) [3] (se sidan 4) och [filen om snö][1].\n\n[1]: https://x.se"));
        yield return Row("PictureInText", Body, Warns, Text("Så: ![en plog](https://x.se/p.png)"), Text("Så: [en plog](https://x.se/p.png)!"));
        yield return Row("LinkWithPassword", Url, Blocks,
            Call("Läs protokollet", "https://anna:hemligt@x.example.org/"), Call("Läs protokollet", "https://x.example.org/@anna"));
        foreach (var own in new[] { "https://intranet/sida", "http://localhost:5080/", "http://192.168.1.4/", "http://[::1]/", "http://10.0.0.1/" })
            yield return Row("LinkWithoutHost", Url, Blocks,
                Call("Läs protokollet", own), Call("Läs protokollet", "https://193.10.10.10/"));
        yield return Row("LinkMailAddress", Body, Blocks,
            Text("Skriv till [kansliet i Gransele](mailto:kansliet)."), Text("Skriv till [kansliet i Gransele](mailto:kansli@example.org?subject=Hej)."));
        yield return Row("LinkPhone", Url, Blocks,
            Call("Ring kansliet", "tel:kansliet"), Call("Ring kansliet", "tel:+46999123"));
        yield return Row("LinkUnencrypted", Url, Warns,
            Call("Läs protokollet", "http://x.example.org/"), Call("Läs protokollet", "https://x.example.org/http:"));
        foreach (var vague in new[] { "här", "Läs mer »", "Klicka här!", "Here", "read more…" })
            yield return Row("LinkVague", CallText, Warns,
                Call(vague, "https://x.example.org/"), Call("Läs mer om snö", "https://x.example.org/"));
        yield return Row("LinkVague", Body, Warns,
            Text("Läs det [här](https://x.example.org)."), Text("Läs det [här protokollet](https://x.example.org)."));
        yield return Row("LinkSameWords", "sections[0].blocks[2].callsToAction[0].text", Warns,
            Twice("Läs protokollet", "https://smakom.example.org/b"), Twice("Läs protokollet", "https://smakom.example.org/a/"));

        foreach (var day in new[] { "fredag 3 december 2026", "fredagen den 3 december", "Fredag 3 dec", "Friday, 3 December", "Friday 3rd of December 2026", "Friday, December 3, 2026" })
            yield return Row("WrongWeekday", Body, Warns,
                Text($"Vi ses {day} kl. 9."), Text($"Vi ses {day.Replace("redag", "orsdag").Replace("Forsdag", "Torsdag").Replace("forsdag", "torsdag").Replace("Friday", "Thursday")} kl. 9, och onsdag–fredag 2–4 december."));
        yield return Row("WrongWeekday", "preheader", Warns,
            Preheader("Möte måndag 2 januari 2027"), Preheader("Möte lördag 2 januari"));
        yield return Row("DeadlinePassed", Body, Warns,
            Text("Svara senast 15 november."), Text("Svara senast 1 juli. Tack för måndag 6 juli! Vi ses måndag 5 juli."));
        yield return Row("NoSuchDay", Body, Warns,
            Text("Svara den 31 november."), Text("Svara den 30 november, eller 29 februari 2028."));
        yield return Row("DeadlinePassed", Body, Warns,
            Text("Svara senast den 30 november."), Text("Den 30 november kom snön. Svara senast fredagen den 1 januari."));
        yield return Row("DeadlinePassed", Body, Warns,
            Text("Answer no later than 30 November."), Text("Answer no later than 1 December."));

        yield return Row("HeadingAlone", Body, Warns,
            Text("Hej.\n\n#### Ensam"), Text("Hej.\n\n#### Inte ensam\n\nText."));
        yield return Row("HeadingAlone", Body, Warns, Text("#### Ett\n\n#### Två\n\nText."), Text("#### Ett\n\n- Två"));
        yield return Row("HeadingInBold", Body, Warns,
            Text("**Så gjorde de**\n\nText."), Text("**Så gjorde de.** Text.\n\nText.\n\n**Kom!**"));
        yield return Row("ParagraphLong", Body, Warns,
            Text(Sentences(121, "ord")), Text(Sentences(120, "ord") + "\n\n" + Sentences(120, "ord")));
        yield return Row("LixHigh", Body, Warns,
            Text(Sentences(100, "förvaltningsnämnd")), Text(Sentences(100, "ord")));
        yield return Row("LixHigh", Body, Warns,
            Text(Sentences(100, "förvaltningsnämnd")), Text(Sentences(99, "förvaltningsnämnd")));
    }

    [TestCaseSource(nameof(Table))]
    public void A_flaw_is_found_at_its_place_and_its_twin_is_not(
        string kind, string place, bool blocks, Func<IssueContent, IssueContent> flawed, Func<IssueContent, IssueContent> sound)
    {
        Assert.That(Found(flawed(Sound)), Has.Member((kind, place, blocks)));
        Assert.That(Found(sound(Sound)).Where(found => found.Kind == kind), Is.Empty);
    }

    [Test]
    public void A_sound_issue_has_none() => Assert.That(Found(Sound), Is.Empty);

    [TestCaseSource(nameof(Table))]
    public void Each_is_told_in_both_languages(
        string kind, string place, bool blocks, Func<IssueContent, IssueContent> flawed, Func<IssueContent, IssueContent> sound)
    {
        foreach (var language in new[] { "sv", "en" })
        {
            using var spoken = new Spoken(language);
            foreach (var flaw in IssueChecks.InContent(flawed(Sound), Sent))
                Assert.That(Words.Say(flaw).Words, Does.Match(@"^[”“\p{Lu}].*[.?]$").And.Not.Contain("{").And.Not.EqualTo(flaw.Kind), flaw.Kind);
        }
    }

    [TestCase("SubjectLong", "Ämnet har 61 tecken. Efter 60 syns det inte i inkorgen: korta det, eller ställ det viktiga först.")]
    [TestCase("WrongWeekday", "Det står ”fredag 3 december 2026”, men 3 december 2026 är en torsdag. Rätta veckodagen eller datumet.")]
    [TestCase("PictureSmall", "Bilden är 597 bildpunkter bred, och platsen är 598. Den blir suddig eller liten: välj en större.")]
    public void The_words_name_what_is_wrong(string kind, string sentence)
    {
        using var spoken = new Spoken("sv");
        var flawed = Table().Where(row => (string)row.Arguments[0]! == kind)
            .Select(row => ((Func<IssueContent, IssueContent>)row.Arguments[3]!)(Sound)).First();

        Assert.That(IssueChecks.InContent(flawed, Sent).Select(flaw => Words.Say(flaw).Words), Is.EqualTo(new[] { sentence }));
    }

    [TestCaseSource(typeof(SampleLetters), nameof(SampleLetters.Issues))]
    public void The_samples_have_no_flaw_on_the_day_they_go_out(string sample)
    {
        var content = SampleLetters.Content(sample);
        Assert.That(content.Problems(), Is.Empty);
        Assert.That(IssueChecks.InContent(content, new(content.Year, content.Month, 2)).Select(flaw => $"{flaw.Kind} {flaw.Place} {string.Join(' ', flaw.Facts)}"),
            Is.Empty);
        var earlier = SampleLetters.Issues.Where(other => string.CompareOrdinal(other, sample) < 0).Reverse().Select(SampleLetters.Content).ToList();
        Assert.That(RepeatChecks.Find(content, earlier), Is.Empty);
    }

    [Test]
    public void A_paragraph_of_the_month_before_is_found_but_not_one_that_recurs()
    {
        var text = "Kansliet svarar på vardagar mellan nio och tre, och den som vill ha besök före jul skriver till oss så snart det går, helst före advent.";
        var last = Text($"Nytt.\n\n{text}")(Sound) with { Month = 11 };
        var now = Text(text.Replace(", helst", " – helst") + "\n\nKort.")(Sound);

        Assert.That(RepeatChecks.Find(now, [last, Sound]).Select(flaw => (flaw.Kind, flaw.Place, flaw.Facts[1])),
            Is.EqualTo(new[] { ("TextRepeats", Body, (object)new MonthOfIssue(2026, 11)) }));
        Assert.That(RepeatChecks.Find(now, [last, Text(text)(Sound)]), Is.Empty, "it recurs each month");
        Assert.That(RepeatChecks.Find(Text("Nytt.")(Sound), [last]), Is.Empty, "short ones recur by themselves");
        Assert.That(RepeatChecks.Find(now, []), Is.Empty);
    }

    private static IEnumerable<(string Kind, string? Place, bool Blocks)> Found(IssueContent content) =>
        content.Problems().Select(problem => (problem.Key, (string?)problem.Path, true))
            .Concat(IssueChecks.InContent(content, Sent).Select(flaw => (flaw.Kind, flaw.Place, flaw.Blocks))).ToList();

    private static TestCaseData Row(
        string kind, string place, bool blocks, Func<IssueContent, IssueContent> flawed, Func<IssueContent, IssueContent> sound) =>
        new(kind, place, blocks, flawed, sound);

    private static Func<IssueContent, IssueContent> Same { get; } = content => content;

    private static Func<IssueContent, IssueContent> Subject(string subject) => content => content with { Subject = subject };

    private static Func<IssueContent, IssueContent> Preheader(string preheader) => content => content with { Preheader = preheader };

    private static Func<IssueContent, IssueContent> Lead(int width, string alt) =>
        content => content with { LeadPicture = new() { MediaId = "a.jpg", Width = width, Height = 300, Alt = alt } };

    private static Func<IssueContent, IssueContent> Sections(params Section[] sections) => content => content with { Sections = sections };

    private static Func<IssueContent, IssueContent> Heading(string heading) =>
        content => content with { Sections = [content.Sections[0] with { Heading = heading }] };

    private static Func<IssueContent, IssueContent> Block(int index, Func<Block, Block> change) => content => content with
    {
        Sections = [content.Sections[0] with { Blocks = [.. content.Sections[0].Blocks.Select((block, i) => i == index ? change(block) : block)] }],
    };

    private static Func<IssueContent, IssueContent> Article(Func<Article, Article> change) => Block(0, block => change((Article)block));

    private static Func<IssueContent, IssueContent> When(Func<EventItem, EventItem> change) => Block(1, block => change((EventItem)block));

    private static Func<IssueContent, IssueContent> Text(string body) => Article(article => article with { Body = body });

    private static Func<IssueContent, IssueContent> Call(string text, string url) =>
        Article(article => article with { CallsToAction = [new() { Text = text, Url = url }] });

    private static Func<IssueContent, IssueContent> Twice(string text, string url) => content => content with
    {
        Sections =
        [
            content.Sections[0] with
            {
                Blocks =
                [
                    ((Article)content.Sections[0].Blocks[0]) with { CallsToAction = [new() { Text = text, Url = url }] },
                    content.Sections[0].Blocks[1],
                    new Article { Heading = "Igen", Body = "Igen.", CallsToAction = [new() { Text = text, Url = "https://smakom.example.org/a" }] },
                ],
            },
        ],
    };

    private static Func<IssueContent, IssueContent> Picture(int width, ArticleLayout layout) => Article(article => article with
    {
        Layout = layout,
        Pictures = [new() { MediaId = "a.jpg", Alt = "En insjö.", Width = width, Height = 300 }],
    });

    private static Func<IssueContent, IssueContent> Pair(string heading, string body = "Text.") => Block(0, _ => new TipsPair
    {
        Left = new Article { Heading = "Vänster", Body = "Text." },
        Right = new Article { Heading = heading, Body = body },
    });

    private static Func<IssueContent, IssueContent> EventPair(DateOnly start) => Block(0, _ => new TipsPair
    {
        Left = new EventItem { Name = "Lunchsamtal", Start = start },
        Right = new Article { Heading = "Höger", Body = "Text." },
    });

    private static Picture Poster(string alt) => new() { MediaId = "a.jpg", Alt = alt, Width = 1200, Height = 600 };

    // Ten words each.
    private static string Sentences(int words, string word) =>
        string.Join(' ', Enumerable.Range(1, words).Select(i => i % 10 == 0 || i == words ? $"{word}." : i % 10 == 1 ? $"A{word}" : word));

    private sealed class Spoken : IDisposable
    {
        private readonly System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentUICulture;

        public Spoken(string language) => System.Globalization.CultureInfo.CurrentUICulture = new(language);

        public void Dispose() => System.Globalization.CultureInfo.CurrentUICulture = before;
    }
}
