using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// A person who has no mouse makes an issue with every kind of part, mends what is found, reads the test letter, queues it, takes it back, queues it
/// again, and it goes out.
/// </summary>
public sealed class WrittenInTheComposerTests
{
    private IPage page = null!;
    private Keyboard keys = null!;

    [Test]
    public async Task From_an_empty_page_to_a_receipt_that_adds_up_by_keyboard_alone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(12);
        await database.SentIssuesAsync();
        await using var host =
            await SampleHost.StartAsync(database, StaffSite.SampleLoginAllowed, ("Schedule:UndoWindow", "00:00:01"),
                ("Schedule:PollInterval", "00:00:01"));
        await host.AddSampleLoginAsync();
        await using var chromium = await Chromium.StartAsync();
        page = await chromium.OpenLoggedInAsync(host.Url, "/redaktion");
        keys = new(page);

        await keys.PressAsync(Link("Nytt nummer").First);
        await keys.PickAsync(page.Locator("input[name=fran]"), page.GetByLabel("Från grunden"));
        await keys.PressAsync(Button("Skapa utkastet"));
        await page.WaitForURLAsync(new Regex("/skriv"));
        var issue = int.Parse(Regex.Match(page.Url, "nummer/([0-9]+)/").Groups[1].Value);
        await WriteEveryPartAsync();
        await MendWhatIsFoundAsync();
        await ReadTheTestLetterAsync(host.Url);

        await page.GotoAsync($"/redaktion/nummer/{issue}/koa");
        await keys.PressAsync(Button("Granska"));
        await keys.PressAsync(Button("Ja, köa numret"));
        await database.UntilStateAsync(issue, IssueState.Queued);
        await keys.PressAsync(Button("Ta tillbaka"));
        await database.UntilStateAsync(issue, IssueState.Draft);

        await page.GotoAsync($"/redaktion/nummer/{issue}/koa");
        await keys.PickAsync(page.Locator("input[name=nar]"), page.GetByLabel("Nu, med"));
        await keys.PressAsync(Button("Granska"));
        await keys.PressAsync(Button("Ja, köa numret"));
        await database.UntilAsync($"SELECT state <> 'draft' AND scheduled_at <= now() FROM issue WHERE id = {issue}");
        await host.PlanAsync();
        await database.UntilAsync($"SELECT started_at IS NOT NULL FROM issue WHERE id = {issue}");
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Audience, receipt.Accepted, receipt.AddsUp), Is.EqualTo((12, 12, true)));
        AssertWritten((await host.Get<DraftStore>().ReadAsync(issue, default))!.Content);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM inbox_message WHERE recipient LIKE 'p%'"), Is.EqualTo(12));
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(chromium.Complaints, Is.Empty);
    }

    private async Task WriteEveryPartAsync()
    {
        await keys.TypeAsync(Field("Ämne"), "Vintern i småkommunerna");
        await keys.TypeAsync(Field("Rad efter ämnet"), "Sju saker att läsa före jul.");
        await PictureAsync("En orange plogbil");
        await SaveAsync();
        foreach (var (layout, picture) in new[] { ("Helbredd", "En röd bygdegård"), ("Bilden till vänster", "En gul skola"),
            ("Bilden till höger", "En skidåkare") })
        {
            await AddAsync("Nytt sedan sist", "Artikel");
            await keys.TypeAsync(Field("Rubrik"), $"Artikel {layout}");
            await TextAsync();
            await keys.ChooseAsync(Field("Utseende"), layout);
            await keys.PressAsync(Fold("Lägg till en bild"));
            await PictureAsync(picture);
            await keys.TypeAsync(Field("Bildtext"), "Utanför kansliet");
            await keys.PressAsync(Fold("Lägg till en länk"));
            await keys.TypeAsync(Field("Länkens ord"), "Läs hela planen");
            await keys.TypeAsync(Field("Adress"), "https://example.org/plan");
            await SaveAsync();
        }

        await AddAsync("På gång", "Ruta");
        await keys.TypeAsync(Field("Rubrik"), "Svara på enkäten");
        await keys.TypeAsync(Editor, "Det tar tio minuter.");
        await keys.PressAsync(Fold("Underskrift"));
        await keys.TypeAsync(Field("Namn"), "Karin Lindmark");
        await keys.TypeAsync(Field("Roll"), "Ordförande");
        await SaveAsync();
        await AddAsync("Tips från andra", "Två tips bredvid varandra");
        foreach (var half in new[] { "left", "right" })
        {
            await keys.TypeAsync(page.Locator($"#falt-{half}-heading"), $"Tips {half}");
            await keys.TypeAsync(page.Locator($"rich-text:has(#falt-{half}-body) [contenteditable=true]"), "Ett gott råd.");
        }

        await SaveAsync();
        await AddAsync("Kalender", "Evenemang");
        await keys.TypeAsync(Field("Evenemangets namn"), "Höstmötet");
        await keys.TickAsync(Field("Första dagen"), "02012027");
        await keys.TickAsync(Field("Börjar klockan"), "0930am");
        await SaveAsync();
        await AddAsync("Kalender", "Kalender");
        await keys.PressAsync(Button("+ Lägg till kontaktruta").Or(page.Locator("#rad-kontakt a")).First);
        await keys.TypeAsync(Field("Namn"), "Elin Haddad");
        await keys.TypeAsync(Field("E-postadress"), "elin@example.org");
        await SaveAsync();
    }

    // One thing is forgotten on purpose, and mended through its link.
    private async Task MendWhatIsFoundAsync()
    {
        await AddAsync("Kalender", "Evenemang");
        await keys.TypeAsync(Field("Evenemangets namn"), "Utan datum");
        await SaveAsync();
        await keys.PressAsync(page.Locator(".findings a").First);
        await Assertions.Expect(Field("Första dagen")).ToBeFocusedAsync();
        await keys.TickAsync(Field("Första dagen"), "03012027");
        await SaveAsync();
        await Assertions.Expect(page.Locator(".findings li.blocks")).ToHaveTextAsync(new Regex("Inget testbrev har skickats"));
    }

    private async Task ReadTheTestLetterAsync(string root)
    {
        await keys.TypeAsync(page.GetByLabel("Skicka till"), "red@example.org");
        await keys.PressAsync(Button("Skicka testbrev"));
        await Assertions.Expect(page.Locator(".tests")).ToContainTextAsync("Mottaget av servern");
        await Assertions.Expect(page.Locator(".findings li.blocks")).ToHaveCountAsync(0);

        await page.GotoAsync($"{root}/inkorg");
        await keys.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "[TEST] Vintern i småkommunerna" }));
        await Assertions.Expect(page.FrameLocator("iframe.mail").GetByText("Artikel Bilden till vänster")).ToBeVisibleAsync();
    }

    private static void AssertWritten(IssueContent content)
    {
        var blocks = content.Sections.SelectMany(section => section.Blocks).ToList();
        Assert.That(blocks.OfType<Article>().Select(article => article.Layout).Distinct().Count(), Is.EqualTo(4));
        Assert.That(blocks.OfType<Article>().First().Body, Is.EqualTo("Ett stycke med **fet** text.\n\n- en punkt\n- en till"));
        Assert.That(blocks.OfType<EventItem>().First(), Is.EqualTo(new EventItem
        {
            Id = blocks.OfType<EventItem>().First().Id,
            Name = "Höstmötet",
            Start = new DateOnly(2027, 2, 1),
            StartTime = new TimeOnly(9, 30),
        }));
        Assert.That(blocks.OfType<CalendarBlock>().Count(), Is.EqualTo(1));
        Assert.That(((Article)blocks.OfType<TipsPair>().Single().Right).Body, Is.EqualTo("Ett gott råd."));
        Assert.That(content.Contact!.Email, Is.EqualTo("elin@example.org"));
    }

    // As the editor's own keys make it.
    private async Task TextAsync()
    {
        await keys.TypeAsync(Editor, "Ett stycke med ");
        await page.Keyboard.PressAsync("Control+b");
        await page.Keyboard.TypeAsync("fet");
        await page.Keyboard.PressAsync("Control+b");
        await page.Keyboard.TypeAsync(" text.");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("- en punkt");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("en till");
    }

    private async Task PictureAsync(string words)
    {
        await keys.ChooseAsync(Form.Locator(".choose:visible select").First, words);
        await keys.TypeAsync(Field("Alt-text: beskrivning för den som inte ser bilden"), $"{words} i skymningen.");
    }

    private async Task SaveAsync()
    {
        await keys.PressAsync(Form.GetByRole(AriaRole.Button, new() { Name = "Spara", Exact = true }));
        await Assertions.Expect(page.Locator("[data-says]")).ToContainTextAsync("Sparat.");
    }

    private async Task AddAsync(string section, string kind)
    {
        var place = page.Locator($"section.outline[aria-label='{section}']");
        var fold = place.Locator("details.add");
        if (!await fold.EvaluateAsync<bool>("part => part.open")) await keys.PressAsync(fold.Locator("summary"));
        var before = await place.Locator(".part").CountAsync();
        await keys.PressAsync(place.GetByRole(AriaRole.Button, new() { Name = kind, Exact = true }));
        await Assertions.Expect(place.Locator(".part")).ToHaveCountAsync(before + 1);
        await Assertions.Expect(place.Locator(".part.open .part-form")).ToBeVisibleAsync();
    }

    private ILocator Form => page.Locator("form.part-form");
    private ILocator Editor => Form.Locator("[contenteditable=true]:visible").First;
    private ILocator Field(string label) => Form.GetByLabel(label, new() { Exact = true }).Locator("visible=true").First;
    private ILocator Fold(string words) => Form.Locator("summary", new() { HasText = words }).Locator("visible=true").First;
    private ILocator Link(string name) => page.GetByRole(AriaRole.Link, new() { Name = name });
    private ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
