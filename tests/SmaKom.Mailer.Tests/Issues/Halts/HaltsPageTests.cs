using Microsoft.Playwright;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Halts;

/// <summary>The decision in a real Chromium, with script and without.</summary>
public sealed class HaltsPageTests : BrowserFixture
{
    private int sending;
    private int due;

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, notice, halt");
        sending = await Database.HalfSentAsync("2026-11", "9 hours");
        due = await Database.IssueAsync("2026-12", queued: true);
        await Database.ExecuteAsync(
            """
            INSERT INTO notice (kind, email, language, created_at, next_attempt_at)
            VALUES ('confirmation', 'åsa@ånäset.example', 'sv', now(), now())
            """);
        await Database.RestoredAsync("9 hours");
        await Host.Get<Mailer.Issues.Halts.DatabaseWatch>().LookAsync(worker: false, default);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task From_the_overview_to_each_decision(bool script)
    {
        var page = await OpenAsync("/admin", script);
        await page.Locator("[data-kind=IssueHalted] a").First.ClickAsync();
        var halted = Card(page, "Numret 2026-11");
        await Assertions.Expect(halted).ToContainTextAsync("40 brev, och 60 väntade");
        await Assertions.Expect(halted).ToContainTextAsync("Det gick 9 timmar");
        await halted.GetByRole(AriaRole.Button, new() { Name = "Räkna dem som ovissa" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Ovissa från och med nu: 60.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Besluta om dem" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync($"{Host.Url}/redaktion/nummer/{sending}/ovissa");
        await page.GotoAsync("/admin/stopp");

        await Card(page, "Enskilda brev").GetByRole(AriaRole.Button, new() { Name = "Skicka dem inte" }).ClickAsync();
        await Card(page, "Numret 2026-12").GetByRole(AriaRole.Link, new() { Name = "Avbryt numret" }).ClickAsync();
        await page.GetByLabel("Skriv AVBRYT").FillAsync("AVBRYT");
        await page.GetByRole(AriaRole.Button, new() { Name = "Avbryt utskicket" }).ClickAsync();
        await page.GotoAsync("/admin/stopp");

        await Assertions.Expect(page.GetByText("Inget väntar på beslut.")).ToBeVisibleAsync();
        Assert.That((await Database.StateAsync(sending), await Database.StateAsync(due)), Is.EqualTo((IssueState.Sent, IssueState.Cancelled)));
        var noted = await Database.ScalarAsync<string>(
            "SELECT string_agg(DISTINCT what, ' ' ORDER BY what) FROM admin_action WHERE what LIKE 'halt.%'");
        Assert.That(noted, Does.Contain("halt.notices-unknown").And.Contain("halt.unknown"), "beside what other tests of this site did");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task An_issue_s_page_says_why_it_stands_still_and_offers_no_way_around()
    {
        var page = await OpenAsync($"/redaktion/nummer/{sending}");
        await Assertions.Expect(page.GetByText("Inget av numret skickas förrän någon har bestämt.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Fortsätt" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Bestäm", Exact = true }).ClickAsync();
        await Card(page, "Numret 2026-11").GetByRole(AriaRole.Button, new() { Name = "Fortsätt skicka" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("det går vidare");

        Assert.That(await Database.StateAsync(sending), Is.EqualTo(IssueState.Sending));
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        var page = await Chromium.OpenLoggedInAsync(Host.Url, "/admin/stopp", script: true, width, scheme);

        var faults = await page.FaultsAtAsync(
            "/admin", "/admin/stopp", $"/admin/stopp?svar=ovissa&antal=60&nummer={sending}", $"/redaktion/nummer/{sending}", $"/redaktion/nummer/{due}",
            "/admin/stopp?lang=en");
        Assert.That(faults, Is.Empty);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    private static ILocator Card(IPage page, string name) => page.Locator("section.card").Filter(new() { HasText = name });
}
