using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Reports;

/// <summary>The administrators' pages about letters in a real Chromium, with script and without.</summary>
public sealed class OutcomesInBrowserTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private Chromium chromium = null!;
    private IPage? page;
    private int issue;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        chromium = await Chromium.StartAsync();
    }

    [SetUp]
    public async Task BeginAsync()
    {
        chromium.Complaints.Clear();
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        issue = await database.AutumnAsync();
    }

    [TearDown]
    public async Task EndAsync()
    {
        // A page that listens would complain of the host that has gone.
        if (page is not null) await page.Context.CloseAsync();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await chromium.DisposeAsync();

    [TestCase(true)]
    [TestCase(false)]
    public async Task From_a_cause_to_its_letters_and_only_these_again(bool script)
    {
        page = await chromium.OpenLoggedInAsync(host.Url, $"/admin/utskick/{issue}", script);
        await page.GetByRole(AriaRole.Link, new() { Name = "Servern vill inte ha brev från oss" }).ClickAsync();
        await Assertions.Expect(page.Locator(".letters tbody tr")).ToHaveCountAsync(1);
        await page.GetByLabel("Välj brevet till anna.soderlund@ånäset.example").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Skicka de valda igen" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Ett brev skickas igen.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, skicka ett brev igen" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Ett brev skickas igen.");
        Assert.That(await database.ScalarAsync<string>($"SELECT state::text FROM delivery WHERE issue_id = {issue} AND email LIKE 'anna.%'"),
            Is.EqualTo("waiting"));
        Assert.That((await database.ReceiptAsync(issue)).AddsUp);
        Assert.That(chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task Numbers_and_tables_follow_the_sending_without_a_click()
    {
        page = await chromium.OpenLoggedInAsync(host.Url, $"/admin/utskick/{issue}", script: true);
        await Assertions.Expect(page.Locator("[data-value=waiting]")).ToHaveTextAsync("3");
        await Assertions.Expect(page.Locator(".causes")).Not.ToContainTextAsync("domänen finns inte");
        await database.ExecuteAsync(
            $"UPDATE delivery SET state = 'refused', reply_code = 550, reply_enhanced = '5.1.2', reply_text = '5.1.2 No such domain', last_attempt_at = now() WHERE state = 'waiting' AND issue_id = {issue}");

        await Assertions.Expect(page.Locator("[data-value=waiting]")).ToHaveTextAsync("0");
        await Assertions.Expect(page.Locator("[data-value=refused]")).ToHaveTextAsync("7");
        await Assertions.Expect(page.Locator(".causes")).ToContainTextAsync("Domänen finns inte");
        await database.ExecuteAsync(
            $"UPDATE delivery SET state = 'accepted' WHERE issue_id = {issue}; UPDATE issue SET state = 'sent', finished_at = now() WHERE id = {issue}");
        await Assertions.Expect(page.Locator("[data-said]")).ToContainTextAsync("Utskicket är klart.");
        await Assertions.Expect(page.Locator("section.card .state").First).ToHaveTextAsync("Skickat");
        Assert.That(chromium.Complaints, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_address_becomes_a_timeline_and_never_stands_in_an_address(bool script)
    {
        page = await chromium.OpenLoggedInAsync(host.Url, "/admin/mottagare", script);
        await page.GetByLabel("E-postadress").FillAsync("Anna.Soderlund@ånäset.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Visa händelser" }).ClickAsync();

        await Assertions.Expect(page.Locator(".answer"))
            .ToContainTextAsync("Anna Söderlund fick inte novembernumret 2026: servern vill inte ha brev från oss.");
        Assert.That(new Uri(page.Url).PathAndQuery, Is.EqualTo($"/admin/mottagare/{await database.AnnaAsync()}"));
        Assert.That(chromium.Complaints, Is.Empty);
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        page = await chromium.OpenAsync(host.Url, width: width, scheme: scheme);
        await page.LogInAsync();
        var anna = await database.AnnaAsync();

        var found = await page.FaultsAtAsync(
            "/admin/utskick", $"/admin/utskick/{issue}", $"/admin/utskick/{issue}/brev", $"/admin/utskick/{issue}/brev?lage=refused&kod=5.1",
            $"/admin/utskick/{issue}/brev?doman=finns.example", $"/admin/utskick/{issue}/igen?urval=alla", "/admin/mottagare",
            $"/admin/mottagare/{anna}",
            $"/admin/mottagare/{anna}?lang=en", $"/admin/utskick/{issue}?lang=en");

        Assert.That(found, Is.Empty);
        Assert.That(chromium.Complaints, Is.Empty);
    }
}
