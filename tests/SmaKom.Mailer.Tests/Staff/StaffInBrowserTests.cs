using Microsoft.Playwright;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Staff;

/// <summary>The staff's way of an issue in a real Chromium, with script and without.</summary>
public sealed class StaffInBrowserTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private Chromium chromium = null!;
    private int issue;

    [SetUp]
    public async Task BeginAsync()
    {
        chromium.Complaints.Clear();
        await database.ExecuteAsync("TRUNCATE issue, subscriber CASCADE");
        await database.SubscribersAsync(40);
        issue = await database.IssueAsync();
    }

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        chromium = await Chromium.StartAsync();
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        await chromium.DisposeAsync();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task From_draft_to_queued_and_back(bool script)
    {
        var page = await chromium.OpenAsync(host.Url, script);
        await page.LogInAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Nyheter från småkommunerna" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Köa numret" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Granska" }).ClickAsync();
        await Assertions.Expect(page.Locator("#mening")).ToContainTextAsync("till 40 mottagare");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, köa numret" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Köat", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ta tillbaka" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Utkast", new() { Exact = true })).ToBeVisibleAsync();

        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
        Assert.That(chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task Numbers_and_buttons_follow_the_issue_without_a_click()
    {
        await host.Get<IssueDesk>().QueueAsync(issue, null, default);
        await host.PlanAsync();
        var page = await OpenIssueAsync(script: true);
        await database.ExecuteAsync("UPDATE delivery SET state = 'accepted' WHERE id <= (SELECT min(id) + 29 FROM delivery)");
        await Assertions.Expect(page.Locator("[data-count=accepted]")).ToHaveTextAsync("30");
        await Assertions.Expect(page.Locator("[data-said]")).ToContainTextAsync("75 %");

        await database.ExecuteAsync("UPDATE delivery SET state = 'accepted'; UPDATE issue SET state = 'sent', finished_at = now()");
        await Assertions.Expect(page.GetByText("Skickat", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-said]")).ToContainTextAsync("Utskicket är klart.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pausa" })).ToHaveCountAsync(0);
        Assert.That(chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task Without_script_a_link_refreshes_the_numbers()
    {
        await host.Get<IssueDesk>().QueueAsync(issue, null, default);
        await host.PlanAsync();
        var page = await OpenIssueAsync(script: false);
        await database.ExecuteAsync("UPDATE delivery SET state = 'accepted' WHERE id <= (SELECT min(id) + 9 FROM delivery)");
        await page.GetByRole(AriaRole.Link, new() { Name = "Uppdatera" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-count=accepted]")).ToHaveTextAsync("10");
    }

    [TestCase(1280, ColorScheme.Light)]
    [TestCase(1280, ColorScheme.Dark)]
    [TestCase(320, ColorScheme.Light)]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        var queued = await database.IssueAsync("2027-01", queued: true);
        await host.PlanAsync();
        var page = await chromium.OpenAsync(host.Url, width: width, scheme: scheme);
        await page.GotoAsync("/logga-in");
        var found = (await page.AxeAsync()).ToList();
        await page.LogInAsync();
        foreach (var path in new[]
        {
            "/redaktion", $"/redaktion/nummer/{issue}", $"/redaktion/nummer/{issue}?visa=text", $"/redaktion/nummer/{queued}", $"/redaktion/nummer/{issue}/koa",
            $"/redaktion/nummer/{issue}/koa?nar=tid&datum=2020-01-01&tid=09:00", $"/redaktion/nummer/{issue}/koa?nar=nu", $"/redaktion/nummer/{queued}/avbryt", "/redaktion/prenumeranter",
            "/redaktion/prenumeranter?sok=finns+inte", "/redaktion?lang=en",
        })
        {
            await page.GotoAsync(path);
            found.AddRange(await page.AxeAsync());
            if (await page.OverflowsAsync()) found.Add($"{path} overflows at {width} px");
        }

        Assert.That(found, Is.Empty);
        Assert.That(chromium.Complaints, Is.Empty);
    }

    private async Task<IPage> OpenIssueAsync(bool script)
    {
        var page = await chromium.OpenAsync(host.Url, script);
        await page.LogInAsync();
        await page.GotoAsync($"/redaktion/nummer/{issue}");
        return page;
    }
}
