using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>The pages that anybody may read, and the form to sign up.</summary>
public sealed class PagesInChromiumTests : PagesFixture
{
    private int issue;
    private int people;

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.SentIssuesAsync();
        issue = await Database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-11'");
        return await SampleHost.StartAsync(Database);
    }

    private static readonly Dictionary<string, Func<PagesInChromiumTests, IPage, Task>> States = new()
    {
        ["front"] = (_, page) => page.GotoAsync("/"),
        ["front in English"] = (_, page) => page.GotoAsync("/?lang=en"),
        ["archive"] = (_, page) => page.GotoAsync("/arkiv"),
        ["archive of a year"] = (_, page) => page.GotoAsync("/arkiv/2026"),
        ["archive search"] = (_, page) => page.GotoAsync("/arkiv/sok?q=kommun"),
        ["archive search while typing"] = async (_, page) =>
        {
            await page.GotoAsync("/arkiv");
            await page.GetByRole(AriaRole.Searchbox).FillAsync("kommu");
            await page.Locator(".hits mark").First.WaitForAsync();
        },
        ["archive search without hits"] = (_, page) => page.GotoAsync("/arkiv/sok?q=finnsinte"),
        ["calendar"] = async (_, page) =>
        {
            await page.GotoAsync("/kalender");
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(part => part.open = true)");
        },
        ["issue corrected"] = async (t, page) =>
        {
            await t.Database.ExecuteAsync("UPDATE issue SET correction = 'Mötet är den 12 oktober.', corrected_at = now() WHERE slug = '2026-09'");
            await page.GotoAsync("/arkiv/2026/september");
        },
        ["issue"] = (_, page) => page.GotoAsync("/arkiv/2026/november"),
        ["letter"] = async (t, page) =>
            await page.GotoAsync(t.Host.LetterPath(await t.Database.SubscriberAsync($"kim{++t.people}@gransele.example"), t.issue)),
        ["sign up"] = (_, page) => page.GotoAsync("/prenumerera"),
        ["sign up with faults"] = async (_, page) =>
        {
            await page.GotoAsync("/prenumerera");
            await page.GetByRole(AriaRole.Textbox, new() { Name = "E-postadress" }).FillAsync("åsa");
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka anmälan" }).ClickAsync();
            await page.Locator("[role=alert]").WaitForAsync();
        },
        ["sign up again"] = async (_, page) =>
        {
            await page.GotoAsync("/prenumerera");
            await page.Locator("[name='Form.Shown']").EvaluateAsync("field => field.value = 'AAAA'");
            await page.GetByRole(AriaRole.Textbox, new() { Name = "E-postadress" }).FillAsync("asa@gransele.example");
            await page.GetByRole(AriaRole.Checkbox).CheckAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka anmälan" }).ClickAsync();
            await page.Locator(".status.warn").WaitForAsync();
        },
        ["sign up in a frame"] = (_, page) => page.GotoAsync("/prenumerera/ram"),
        ["sign up in a frame of a dark site, with faults"] = async (_, page) =>
        {
            await page.GotoAsync("/prenumerera/ram?knapp=ffdd00&bakgrund=12324f");
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka anmälan" }).ClickAsync();
            await page.Locator("[role=alert]").WaitForAsync();
        },
        ["thanks in a frame"] = (_, page) => page.GotoAsync("/prenumerera/ram/tack"),
        ["thanks"] = (_, page) => page.GotoAsync("/prenumerera/tack"),
        ["privacy"] = (_, page) => page.GotoAsync("/integritet"),
        ["accessibility"] = (_, page) => page.GotoAsync("/tillganglighet"),
        ["accessibility with faults"] = async (_, page) =>
        {
            await page.GotoAsync("/tillganglighet");
            await page.GetByLabel("Din e-postadress").FillAsync("x");
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka" }).ClickAsync();
            await page.Locator("[role=alert]").WaitForAsync();
        },
        ["accessibility reported"] = async (_, page) =>
        {
            await page.GotoAsync("/tillganglighet");
            await page.GetByLabel("Vad ville du göra").FillAsync("Bilden i arkivet saknar text.\n<b>Och</b> knappen går inte att nå.");
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka" }).ClickAsync();
            await page.Locator(".status.ok").WaitForAsync();
        },
        ["missing"] = (_, page) => page.GotoAsync("/finns-inte"),
        ["form refused"] = async (_, page) =>
        {
            await page.GotoAsync("/prenumerera");
            await page.Context.ClearCookiesAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka anmälan" }).ClickAsync();
            await page.GetByText("Formuläret kunde inte tas emot").First.WaitForAsync();
        },
    };

    public static IEnumerable<string> Names() => States.Keys;

    [TestCaseSource(nameof(Names))]
    public Task A_page_is_accessible_narrow_enough_and_within_its_policy(string state) => CheckAsync(state, page => States[state](this, page));

    [Test]
    public async Task The_first_tab_stop_leads_past_the_menu_and_focus_is_seen()
    {
        var page = await Chromium.OpenAsync(Host.Url);
        await page.GotoAsync("/");

        await page.Keyboard.PressAsync("Tab");
        Assert.That(await page.EvaluateAsync<string>("document.activeElement.textContent"), Is.EqualTo("Hoppa till innehållet"));
        Assert.That(await page.EvaluateAsync<bool>("document.activeElement.getBoundingClientRect().left >= 0"), "it shows when it has focus");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.That(await page.EvaluateAsync<bool>("document.querySelector('main').contains(document.activeElement)"));
        Assert.That(await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineWidth"), Is.EqualTo("3px"));
    }

    [Test]
    public async Task What_is_wrong_with_a_page_is_found()
    {
        var page = await Chromium.OpenAsync(Host.Url);
        await page.GotoAsync("/");
        await page.EvaluateAsync("document.querySelector('main').append(Object.assign(new Image(), { src: '/ikon.svg' }))");

        Assert.That(await page.AxeAsync(), Has.One.Contains("image-alt: <img"));
    }
}
