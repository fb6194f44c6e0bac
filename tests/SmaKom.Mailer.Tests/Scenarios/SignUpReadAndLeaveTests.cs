using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// A newcomer's whole way in a real browser, with script and without: sign up, confirm by mail, get an issue, leave by its link, undo.
/// </summary>
public sealed class SignUpReadAndLeaveTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private Chromium chromium = null!;

    [SetUp]
    public async Task Open()
    {
        database = await TestDatabase.CreateAsync();
        host = await SampleHost.StartAsync(database);
        chromium = await Chromium.StartAsync();
    }

    [TearDown]
    public async Task Close()
    {
        await chromium.DisposeAsync();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task From_the_form_to_the_list_and_out_again_and_back(bool script)
    {
        var page = await chromium.OpenAsync(host.Url, script: script);
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Prenumerera" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "E-postadress" }).FillAsync("asa@gransele.example");
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Skicka anmälan" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Titta i din inkorg" }).WaitForAsync();

        await FollowMailAsync(page, 1, "a[href*='/bekrafta/']");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, jag vill prenumerera" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Välkommen!" }).WaitForAsync();
        var asa = await database.ScalarAsync<long>("SELECT id FROM subscriber WHERE status = 'active'");

        var issue = await database.IssueAsync(queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        await FollowMailAsync(page, 2, "a[href*='/avsluta/']");
        Assert.That(await database.StatusAsync(asa), Is.EqualTo("active"), "following the link changes nothing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Avsluta prenumerationen" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Prenumerationen är avslutad" }).WaitForAsync();
        Assert.That(await database.StatusAsync(asa), Is.EqualTo("unsubscribed"));

        await FollowMailAsync(page, 3, "a[href*='/avsluta/']");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ångra och fortsätt prenumerera" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Du prenumererar igen" }).WaitForAsync();
        Assert.That(await database.StatusAsync(asa), Is.EqualTo("active"));
        Assert.That(chromium.Complaints, Is.Empty);
    }

    /// <summary>Opens the newest of so many mails in the inbox and clicks a link in it, which opens over the frame.</summary>
    private async Task FollowMailAsync(IPage page, int mails, string link)
    {
        await database.UntilAsync($"SELECT count(*) = {mails} FROM inbox_message");
        await page.GotoAsync("/inkorg");
        await page.Locator("tbody a").First.ClickAsync();
        await page.FrameLocator("iframe.mail").Locator(link).First.ClickAsync();
        // Not WaitForURL: it waits for ever when the page was there first.
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex("/inkorg"));
    }
}
