using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Privacy;

/// <summary>What staff and administrators see of people's data: accessible, narrow enough, within the policy.</summary>
public sealed class PrivacyPagesInChromiumTests : PagesFixture
{
    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.AutumnAsync();
        return await StartWebAsync();
    }

    private static readonly Dictionary<string, Func<PrivacyPagesInChromiumTests, IPage, Task>> States = new()
    {
        ["data requests"] = (_, page) => page.GotoAsync("/redaktion/personuppgifter"),
        ["data found"] = async (_, page) =>
        {
            await page.GotoAsync("/redaktion/personuppgifter");
            await page.GetByLabel("Personens e-postadress").FillAsync("bengt@gransele.example");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sök" }).ClickAsync();
            await page.Locator("#funnet").WaitForAsync();
        },
        ["register"] = (_, page) => page.GotoAsync("/redaktion/personuppgifter/register"),
        ["retention"] = (_, page) => page.GotoAsync("/admin/gallring"),
    };

    public static IEnumerable<string> Names() => States.Keys;

    [TestCaseSource(nameof(Names))]
    public Task A_page_is_accessible_narrow_enough_and_within_its_policy(string state) => CheckAsync(state, async page =>
    {
        await page.GotoAsync("/admin");
        await page.LogInAsync();
        await States[state](this, page);
    });
}
