using Microsoft.Playwright;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>
/// Every public page in every state, in a real Chromium: nothing for axe-core to object to, no sideways scrolling at 320 px, no breach of
/// the content security policy. Pictures are of more views.
/// </summary>
public sealed class PagesInChromiumTests : BrowserFixture
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
        ["issue"] = (_, page) => page.GotoAsync("/arkiv/2026/november"),
        ["letter"] = async (t, page) => await page.GotoAsync(t.Host.LetterPath(await t.PersonAsync(), t.issue)),
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
        ["thanks"] = (_, page) => page.GotoAsync("/prenumerera/tack"),
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
        ["details broken"] = (_, page) => page.GotoAsync("/uppgifter/x"),
        ["inbox"] = async (t, page) =>
        {
            await t.MailAsync();
            await page.GotoAsync("/inkorg");
        },
        ["inbox without match"] = async (t, page) =>
        {
            await t.MailAsync();
            await page.GotoAsync("/inkorg?sok=finns-inte");
        },
        ["mail"] = async (t, page) => await page.GotoAsync($"/inkorg/{await t.MailAsync()}"),
        ["mail signed wrongly"] = async (t, page) =>
        {
            var mail = await t.MailAsync();
            await t.Database.ExecuteAsync($"UPDATE inbox_message SET bytes = convert_to(E'DKIM-Signature: d=gransele.example; s=x\\r\\n', 'UTF8') || bytes WHERE id = {mail}");
            await page.GotoAsync($"/inkorg/{mail}");
            await page.GetByText("ingen nyckel är publicerad").WaitForAsync();
        },
        ["mail text"] = async (t, page) => await page.GotoAsync($"/inkorg/{await t.MailAsync()}?visa=text"),
        ["mail source"] = async (t, page) => await page.GotoAsync($"/inkorg/{await t.MailAsync()}?visa=kalla"),
        ["privacy"] = (_, page) => page.GotoAsync("/integritet"),
        ["accessibility"] = (_, page) => page.GotoAsync("/tillganglighet"),
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
    public async Task A_page_is_accessible_narrow_enough_and_within_its_policy(string state)
    {
        foreach (var (width, scheme) in PageViews.All)
        {
            var page = await Chromium.OpenAsync(Host.Url, width: width, scheme: scheme);
            await States[state](this, page);
            await page.PictureAsync(state);

            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), $"{width} px");
            Assert.That(await page.AxeAsync(), Is.Empty, $"{width} px, {scheme}");
            Assert.That(await page.EvaluateAsync<int>("document.querySelectorAll('h1').length"), Is.EqualTo(1), "one h1");
            Assert.That(await page.TitleAsync(), Is.Not.Empty);
            Assert.That(await SmallTargetsAsync(page), Is.Empty, "targets are at least 24 px (WCAG 2.5.8), buttons 44");
            Assert.That(Chromium.Complaints, Is.Empty);
            await page.Context.CloseAsync();
        }
    }

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

    private static Task<string[]> SmallTargetsAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('button, .button, input:not([type=hidden]):not([tabindex="-1"]), select')]
            .filter(e => e.getClientRects().length)
            .filter(e => e.getBoundingClientRect().height < (e.matches('[type=checkbox], [type=radio]') ? 24 : 44))
            .map(e => e.outerHTML)
        """);

    private Task<long> PersonAsync() => Database.SubscriberAsync($"kim{Interlocked.Increment(ref people)}@gransele.example");

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

    /// <summary>A confirmation mail in the inbox.</summary>
    private async Task<long> MailAsync()
    {
        using var reader = new PageReader(Host.Url);
        var email = $"lo{Interlocked.Increment(ref people)}@gransele.example";
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", email), ("Form.Consent", "true"));
        await Database.UntilAsync($"SELECT EXISTS (SELECT FROM inbox_message WHERE recipient = '{email}')");
        return await Database.ScalarAsync<long>($"SELECT id FROM inbox_message WHERE recipient = '{email}'");
    }
}
