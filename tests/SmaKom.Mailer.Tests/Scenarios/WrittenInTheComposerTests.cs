using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A person makes an issue with every kind of part, mends what is found, sends a test letter, queues it, and it goes out.</summary>
public sealed class WrittenInTheComposerTests
{
    private IPage page = null!;

    [Test]
    public async Task From_an_empty_page_to_a_receipt_that_adds_up()
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

        await LinkAsync("Nytt nummer");
        await page.GetByLabel("Från grunden").CheckAsync();
        await ButtonAsync("Skapa utkastet");
        var issue = int.Parse(System.Text.RegularExpressions.Regex.Match(page.Url, "nummer/([0-9]+)/").Groups[1].Value);
        await FillAsync("Ämne", "Vintern i småkommunerna");
        await FillAsync("Rad efter ämnet", "Sju saker att läsa före jul.");
        await ChooseAsync("plogbil.jpg");
        await FillAsync("Alt-text: beskrivning för den som inte ser bilden", "En plogbil i skymningen.");
        await SaveAsync();

        foreach (var (layout, picture) in new[] { ("FullWidth", "bygdegard.jpg"), ("PictureLeft", "solceller.jpg"),
            ("PictureRight", "skidspar.jpg") })
        {
            await AddAsync("Nytt sedan sist", "Artikel");
            await FillAsync("Rubrik", $"Artikel {layout}");
            await FillAsync("Text", "Ett stycke med **fet** text.\n\n- en punkt\n- en till");
            await page.GetByLabel("Utseende").SelectOptionAsync(layout);
            await page.Locator("summary", new() { HasText = "Lägg till en bild" }).ClickAsync();
            await ChooseAsync(picture);
            await FillAsync("Alt-text: beskrivning för den som inte ser bilden", $"Bilden {picture}");
            await FillAsync("Bildtext", "Foto: kansliet");
            await page.Locator("summary", new() { HasText = "Lägg till en länk" }).ClickAsync();
            await FillAsync("Länkens ord", "Läs hela planen");
            await FillAsync("Adress", "https://example.org/plan");
            await SaveAsync();
        }

        await AddAsync("På gång", "Ruta");
        await FillAsync("Rubrik", "Svara på enkäten");
        await FillAsync("Text", "Det tar tio minuter.");
        await page.Locator("summary", new() { HasText = "Underskrift" }).ClickAsync();
        await FillAsync("Namn", "Karin Lindmark");
        await FillAsync("Roll", "Ordförande");
        await SaveAsync();
        await AddAsync("Tips från andra", "Två tips bredvid varandra");
        foreach (var half in new[] { "left", "right" })
        {
            await page.Locator($"#falt-{half}-heading").FillAsync($"Tips {half}");
            await page.Locator($"#falt-{half}-body").FillAsync("Ett gott råd.");
        }

        await SaveAsync();
        await AddAsync("Kalender", "Händelse");
        await FillAsync("Evenemangets namn", "Höstmötet");
        await FillAsync("Första dagen", "2027-02-01");
        await FillAsync("Börjar klockan", "09:30");
        await SaveAsync();
        await ButtonAsync("+ Lägg till kontaktruta", optional: true);
        await page.Locator("#rad-kontakt a").First.ClickAsync();
        await FillAsync("Namn", "Elin Haddad");
        await FillAsync("E-postadress", "elin@example.org");
        await SaveAsync();

        // One thing is forgotten on purpose, found, and mended through its link.
        await AddAsync("Kalender", "Händelse");
        await FillAsync("Evenemangets namn", "Utan datum");
        await SaveAsync();
        await page.Locator(".findings a").First.ClickAsync();
        await FillAsync("Första dagen", "2027-03-01");
        await SaveAsync();
        await Assertions.Expect(page.Locator(".findings li.blocks")).ToHaveTextAsync(new Regex("Inget testbrev har skickats"));

        await page.GetByLabel("Skicka till").FillAsync("red@example.org");
        await ButtonAsync("Skicka testbrev");
        await Assertions.Expect(page.Locator(".tests")).ToContainTextAsync("Mottaget av servern", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".findings li.blocks")).ToHaveCountAsync(0);

        await LinkAsync("Granska och köa");
        await page.GetByLabel("Nu, med").CheckAsync();
        await ButtonAsync("Granska");
        await ButtonAsync("Ja, köa numret");
        await database.UntilAsync($"SELECT scheduled_at <= now() FROM issue WHERE id = {issue}");
        await host.PlanAsync();
        await database.UntilAsync($"SELECT started_at IS NOT NULL FROM issue WHERE id = {issue}");
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Audience, receipt.Accepted, receipt.AddsUp), Is.EqualTo((12, 12, true)));
        var content = (await host.Get<DraftStore>().ReadAsync(issue, default))!.Content;
        Assert.That(content.Sections.SelectMany(section => section.Blocks).OfType<Article>().Select(article => article.Layout).Distinct().Count(),
            Is.EqualTo(4));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM inbox_message WHERE recipient LIKE 'p%'"), Is.EqualTo(12));
        await database.UntilStateAsync(issue, IssueState.Sent);
        Assert.That(chromium.Complaints, Is.Empty);
    }

    private Task FillAsync(string label, string text) => Form.GetByLabel(label, new() { Exact = true }).Locator("visible=true").First.FillAsync(text);

    private Task ChooseAsync(string picture) => Form.Locator(".choose:visible select").First.SelectOptionAsync(picture);

    private ILocator Form => page.Locator("form.part-form");

    private async Task SaveAsync()
    {
        await Form.GetByRole(AriaRole.Button, new() { Name = "Spara", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-says]")).ToContainTextAsync("Sparat.");
    }

    private async Task AddAsync(string section, string kind)
    {
        var place = page.Locator($"section.outline[aria-label='{section}']");
        if (!await place.Locator("details.add").EvaluateAsync<bool>("part => part.open")) await place.Locator("details.add summary").ClickAsync();
        await place.GetByRole(AriaRole.Button, new() { Name = kind, Exact = true }).ClickAsync();
        await Form.WaitForAsync();
    }

    private Task LinkAsync(string name) => page.GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();

    private async Task ButtonAsync(string name, bool optional = false)
    {
        var button = page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First;
        if (optional && await button.CountAsync() == 0) return;
        await button.ClickAsync();
    }
}
