using Microsoft.Playwright;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Issues.Checks;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Tests.Issues;

/// <summary>The staff's way of an issue in a real Chromium, with script and without.</summary>
public sealed class StaffInBrowserTests : BrowserFixture
{
    private int issue;

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber");
        await Database.SubscribersAsync(40);
        await Database.RelayAsync();
        issue = await Database.IssueAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task From_draft_to_queued_and_back(bool script)
    {
        var page = await OpenAsync("/redaktion", script);
        await page.GetByRole(AriaRole.Link, new() { Name = "Nyheter från småkommunerna" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Köa numret" }).ClickAsync();
        var time = page.GetByLabel("Dag och klockslag");
        await time.FillAsync("i övermorgon kl 10");
        if (script) await ChooseInCalendarAsync(page, time);
        await page.GetByRole(AriaRole.Button, new() { Name = "Granska" }).ClickAsync();
        await Assertions.Expect(page.Locator("#mening")).ToContainTextAsync(script ? "1 december 2037 kl. 10.00" : "om 2 dagar, till 40 mottagare");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, köa numret" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Köat", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ta tillbaka" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Utkast", new() { Exact = true })).ToBeVisibleAsync();

        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    private static async Task ChooseInCalendarAsync(IPage page, ILocator time)
    {
        await Assertions.Expect(page.Locator("#vid")).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Välj i kalendern" }).ClickAsync();
        // What is chosen in it arrives at the field behind the button.
        await page.Locator("day-picker input").FillAsync("2037-12-01");
        await Assertions.Expect(time).ToHaveValueAsync("tisdag 1 december 2037 kl 10");
    }

    [Test]
    public async Task Numbers_and_buttons_follow_the_issue_without_a_click()
    {
        await Host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await Host.PlanAsync();
        var page = await OpenAsync($"/redaktion/nummer/{issue}", script: true);
        await Database.ExecuteAsync("UPDATE delivery SET state = 'accepted' WHERE id <= (SELECT min(id) + 29 FROM delivery)");
        await Assertions.Expect(page.Locator("[data-value=accepted]")).ToHaveTextAsync("30");
        await Assertions.Expect(page.Locator("[data-said]")).ToContainTextAsync("75 %");

        await Database.ExecuteAsync("UPDATE delivery SET state = 'accepted'; UPDATE issue SET state = 'sent', finished_at = now()");
        await Assertions.Expect(page.GetByText("Skickat", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-said]")).ToContainTextAsync("Utskicket är klart.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pausa" })).ToHaveCountAsync(0);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task Without_script_a_link_refreshes_the_numbers()
    {
        await Host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await Host.PlanAsync();
        var page = await OpenAsync($"/redaktion/nummer/{issue}", script: false);
        await Database.ExecuteAsync("UPDATE delivery SET state = 'accepted' WHERE id <= (SELECT min(id) + 9 FROM delivery)");
        await page.GetByRole(AriaRole.Link, new() { Name = "Uppdatera" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-value=accepted]")).ToHaveTextAsync("10");
    }

    [TestCase("/redaktion", "Nummer")]
    [TestCase("/admin", "Översikt")]
    public async Task On_a_phone_the_header_is_one_row_and_a_menu_without_script(string path, string here)
    {
        var page = await OpenAsync(path, script: false, width: 320);
        Assert.That((await page.Locator(".rail").BoundingBoxAsync())!.Height, Is.LessThan(80));
        var entry = page.GetByRole(AriaRole.Link, new() { Name = here, Exact = true });
        await Assertions.Expect(entry).ToBeHiddenAsync();

        await page.Locator(".menu summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(entry).ToHaveAttributeAsync("aria-current", "page");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Logga ut" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(entry).ToBeFocusedAsync();
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        var queued = await Database.IssueAsync("2027-01", queued: true);
        var (blocked, warned) = (await Database.FlawedIssueAsync("2027-02", blocks: true), await Database.FlawedIssueAsync("2027-03", blocks: false));
        await Host.PlanAsync();
        var page = await Chromium.OpenAsync(Host.Url, width: width, scheme: scheme);
        await page.GotoAsync("/logga-in");
        var found = (await page.AxeAsync()).ToList();
        await page.LogInAsync();
        found.AddRange(await page.FaultsAtAsync(
            "/redaktion", $"/redaktion/nummer/{issue}", $"/redaktion/nummer/{issue}?visa=text", $"/redaktion/nummer/{queued}",
            $"/redaktion/nummer/{issue}/koa", $"/redaktion/nummer/{blocked}/koa", $"/redaktion/nummer/{warned}/koa?nar=nu",
            $"/redaktion/nummer/{warned}/koa?lang=sv", $"/redaktion/nummer/{blocked}/skriv",
            $"/redaktion/nummer/{issue}/koa?nar=tid&tid=2020-01-01%2009:00", $"/redaktion/nummer/{issue}/koa?nar=nu",
            $"/redaktion/nummer/{queued}/avbryt", "/redaktion/prenumeranter", "/redaktion/prenumeranter/formular",
            $"/redaktion/prenumeranter?sok={Host.Get<SealedSearch>().Seal("finns inte")}", "/redaktion?lang=en"));

        Assert.That(found, Is.Empty);
        Assert.That(Chromium.Complaints, Is.Empty);
    }
}
