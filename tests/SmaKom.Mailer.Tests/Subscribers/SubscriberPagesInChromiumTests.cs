using Microsoft.Playwright;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>What a subscriber sees who confirms, leaves or changes their details.</summary>
public sealed class SubscriberPagesInChromiumTests : PagesFixture
{
    private int people;

    protected override Task<TestHost> StartHostAsync() => SampleHost.StartAsync(Database);

    private static readonly Dictionary<string, Func<SubscriberPagesInChromiumTests, IPage, Task>> States = new()
    {
        ["confirm"] = async (t, page) => await page.GotoAsync(await t.ConfirmPathAsync()),
        ["confirmed"] = async (t, page) =>
        {
            await page.GotoAsync(await t.ConfirmPathAsync());
            await page.Locator("main button").ClickAsync();
            await page.GetByText("Välkommen!").WaitForAsync();
        },
        ["confirm expired"] = async (t, page) =>
        {
            var path = await t.ConfirmPathAsync();
            await t.Database.ExecuteAsync("UPDATE sign_up SET expires_at = now() - interval '1 day' WHERE confirmed_at IS NULL");
            await page.GotoAsync(path);
        },
        ["confirm unknown"] = (_, page) => page.GotoAsync("/bekrafta/" + ConfirmationToken.Create().Text),
        ["leave"] = async (t, page) => await page.GotoAsync(t.Host.UnsubscribePath(await t.PersonAsync())),
        ["left"] = (t, page) => t.LeaveAsync(page),
        ["left with reason"] = async (t, page) =>
        {
            await t.LeaveAsync(page);
            await page.GetByLabel("Jag har lämnat uppdraget").CheckAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka svaret" }).ClickAsync();
            await page.GetByText("Tack för svaret").WaitForAsync();
        },
        ["left long ago"] = async (t, page) =>
        {
            var kim = await t.PersonAsync();
            await t.Database.ExecuteAsync($"UPDATE subscriber SET status = 'unsubscribed', left_at = now() - interval '90 days' WHERE id = {kim}");
            await page.GotoAsync(t.Host.UnsubscribePath(kim));
        },
        ["leave broken"] = (_, page) => page.GotoAsync("/avsluta/x"),
        ["details"] = async (t, page) => await page.GotoAsync(t.Host.DetailsPath(await t.PersonAsync())),
        ["details saved"] = async (t, page) =>
        {
            await page.GotoAsync(t.Host.DetailsPath(await t.PersonAsync()));
            await page.GetByRole(AriaRole.Button, new() { Name = "Spara" }).ClickAsync();
            await page.Locator(".status.ok").WaitForAsync();
        },
        ["links"] = (_, page) => page.GotoAsync("/lank"),
        ["links with fault"] = async (_, page) =>
        {
            await page.GotoAsync("/lank");
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka länkarna" }).ClickAsync();
            await page.Locator("[role=alert]").WaitForAsync();
        },
        ["links asked"] = async (_, page) =>
        {
            await page.GotoAsync("/lank");
            await page.GetByRole(AriaRole.Textbox, new() { Name = "E-postadress" }).FillAsync("nobody@gransele.example");
            await page.GetByRole(AriaRole.Button, new() { Name = "Skicka länkarna" }).ClickAsync();
            await page.GetByText("Titta i din inkorg").First.WaitForAsync();
        },
        ["my data"] = async (t, page) =>
        {
            await page.GotoAsync(t.Host.MyDataPath(await t.HistoryAsync()));
            await page.Locator("summary").First.ClickAsync();
        },
        ["my data expired"] = (_, page) => page.GotoAsync("/mina-uppgifter/x"),
        ["erase"] = async (t, page) => await page.GotoAsync($"{t.Host.MyDataPath(await t.PersonAsync())}/radera"),
        ["erased"] = async (t, page) =>
        {
            await page.GotoAsync($"{t.Host.MyDataPath(await t.PersonAsync())}/radera");
            await page.GetByRole(AriaRole.Button, new() { Name = "Radera allt" }).ClickAsync();
            await page.GetByText("Allt om dig är raderat").First.WaitForAsync();
        },
        ["details broken"] = (_, page) => page.GotoAsync("/uppgifter/x"),
    };

    public static IEnumerable<string> Names() => States.Keys;

    [TestCaseSource(nameof(Names))]
    public Task A_page_is_accessible_narrow_enough_and_within_its_policy(string state) => CheckAsync(state, page => States[state](this, page));

    private Task<long> PersonAsync() => Database.SubscriberAsync($"kim{Interlocked.Increment(ref people)}@gransele.example");

    /// <summary>Somebody to whom things have happened.</summary>
    private async Task<long> HistoryAsync()
    {
        if (!await Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM issue)")) await Database.AutumnAsync();
        return await Database.AnnaAsync();
    }

    private async Task LeaveAsync(IPage page)
    {
        await page.GotoAsync(Host.UnsubscribePath(await PersonAsync()));
        await page.Locator("main button").ClickAsync();
        await page.GetByText("Prenumerationen är avslutad").First.WaitForAsync();
    }

    private async Task<string> ConfirmPathAsync()
    {
        var token = ConfirmationToken.Create();
        await Database.ScalarAsync<long>(
            """
            INSERT INTO sign_up (email, email_key, language, consent, requested_at, decided_at, verdict, token_hash, expires_at)
            VALUES ($1, $1, 'sv', '{}', now(), now(), 'mailed', $2, now() + interval '1 day')
            RETURNING id
            """, new() { Value = $"lo{Interlocked.Increment(ref people)}@gransele.example" }, new() { Value = token.Hash });
        return "/bekrafta/" + token.Text;
    }
}
