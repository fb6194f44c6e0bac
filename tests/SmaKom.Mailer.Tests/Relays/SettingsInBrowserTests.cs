using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Relays;

/// <summary>The administrators' way with relays and limits in a real Chromium, with script and without.</summary>
public sealed class SettingsInBrowserTests : BrowserFixture
{
    private const string Settings = "/admin/installningar";
    private FakeRelay relay = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        relay = new FakeRelay(new() { Username = "smakom", Password = "hemligt ord", AuthRequired = true });
        await Database.ExecuteAsync("DELETE FROM rate_limit; DELETE FROM relay");
    }

    [TearDown]
    public async Task EndAsync() => await relay.DisposeAsync();

    protected override Task<TestHost> StartHostAsync() => StartWebAsync(("Smtp:AllowPlaintextAuth", "true"));

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_server_is_added_tested_changed_and_removed_and_its_password_is_never_shown(bool script)
    {
        var page = await OpenAsync(Settings, script);
        await page.GetByRole(AriaRole.Link, new() { Name = "Lägg till e-postserver" }).ClickAsync();
        await page.GetByLabel("Namn", new() { Exact = true }).FillAsync("reserv");
        await page.GetByLabel("Värd").FillAsync(relay.Host);
        await page.GetByLabel("Port").FillAsync("99999");
        await page.GetByLabel("Kryptering").SelectOptionAsync("None");
        await page.GetByLabel("Användarnamn").FillAsync("smakom");
        await page.GetByLabel("Lösenord").FillAsync("hemligt ord");
        await page.GetByRole(AriaRole.Button, new() { Name = "Lägg till e-postserver" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Port: Skriv ett heltal från 1 till 65535.");
        await page.GetByLabel("Port").FillAsync($"{relay.Port}");
        await page.GetByLabel("Lösenord").FillAsync("hemligt ord");
        await page.GetByRole(AriaRole.Button, new() { Name = "Lägg till e-postserver" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("E-postservern reserv är tillagd.");
        Assert.That(await page.ContentAsync(), Does.Not.Contain("hemligt"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Prova anslutningen" }).ClickAsync();
        await Assertions.Expect(page.Locator("#prov")).ToContainTextAsync("Servern fungerar");
        await Assertions.Expect(page.Locator("#prov")).ToContainTextAsync("En rundresa tar");
        Assert.That(relay.Messages, Is.Empty);
        relay.Options = relay.Options with { Password = "ett annat" };
        await page.GetByRole(AriaRole.Button, new() { Name = "Prova igen" }).ClickAsync();
        await Assertions.Expect(page.Locator("#prov")).ToContainTextAsync("Servern kan inte användas");
        await Assertions.Expect(page.Locator(".steps li").Last).ToContainTextAsync("535");

        await page.GetByLabel("Prioritet").FillAsync("20");
        await page.GetByLabel("Vikt").FillAsync("3");
        await page.GetByLabel("Klient").SelectOptionAsync("Pipelined");
        await page.GetByRole(AriaRole.Button, new() { Name = "Spara" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("gäller genast");
        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT priority = 20 AND weight = 3 AND client = 'pipelined' AND username = 'smakom' AND password_protected NOT LIKE '%hemligt%' FROM relay"), "and the password is as it was");

        await page.GetByText("Ta bort servern").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, ta bort reserv" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("E-postservern reserv är borttagen.");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM relay"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM admin_action WHERE what LIKE 'relay.%'"), Is.GreaterThanOrEqualTo(3),
            "who did it is kept");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_limit_is_set_changed_and_removed(bool script)
    {
        await SampleRelaysAsync();
        await Database.ExecuteAsync("DELETE FROM rate_limit");
        var page = await OpenAsync(Settings, script);
        await page.GetByText("Sätt en ny gräns").ClickAsync();
        await page.GetByLabel("Högst antal brev", new() { Exact = true }).FillAsync("hundra");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sätt gränsen" }).ClickAsync();
        await Assertions.Expect(page.Locator("#count-error")).ToContainTextAsync("heltal");
        await page.GetByLabel("Högst antal brev", new() { Exact = true }).FillAsync("100");
        await page.GetByLabel("Till", new() { Exact = true }).FillAsync("Gmail.com");
        await page.GetByLabel("Via", new() { Exact = true }).SelectOptionAsync("reserv");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sätt gränsen" }).ClickAsync();
        await Assertions.Expect(page.GetByText("per timme till google via reserv")).ToBeVisibleAsync();

        await page.GetByLabel("Högst antal brev per timme till google via reserv").FillAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ändra gränsen per timme till google via reserv" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("ändrad");
        Assert.That(await Database.ScalarAsync<int>("SELECT count FROM rate_limit"), Is.EqualTo(50));

        await page.GetByRole(AriaRole.Button, new() { Name = "Ta bort gränsen per timme till google via reserv" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("borttagen");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM rate_limit"), Is.Zero);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_failure_is_told_in_words_without_the_servers_own()
    {
        await SampleRelaysAsync();
        var page = await OpenAsync(Settings);
        await Assertions.Expect(page.Locator(".relays tr", new() { HasText = "standard" }))
            .ToContainTextAsync("Inloggningen avvisades. 3 fel i rad. Provas igen kl.");
        await Assertions.Expect(page.Locator(".relays tr", new() { HasText = "reserv" })).ToContainTextAsync("används");
        Assert.That(await page.ContentAsync(), Does.Not.Contain("nils@gransele.example"), "the server's words may name a recipient");
    }

    [Test]
    public async Task Nobody_gets_in_without_a_login_and_a_form_without_its_token_changes_nothing()
    {
        await SampleRelaysAsync();
        using var nobody = new PageReader(Host.Url, followRedirects: false);
        await nobody.GetAsync(Settings);
        Assert.That(nobody.Answer.Headers.Location?.ToString(), Does.Contain("/logga-in"));
        using var admin = new PageReader(Host.Url);
        await admin.LogInAsync();
        await admin.GetAsync(Settings);
        Assert.That((int)admin.Answer.StatusCode, Is.EqualTo(200), await admin.Answer.Content.ReadAsStringAsync());
        await admin.SendAsync(new(HttpMethod.Post, $"{Settings}/e-postserver/{await IdAsync()}/ta-bort"));
        Assert.That((int)admin.Answer.StatusCode, Is.EqualTo(400));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM relay"), Is.EqualTo(2));
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        var page = await OpenAsync(Settings, width: width, scheme: scheme);
        var found = new List<string>(await page.AxeAsync());
        await SampleRelaysAsync();
        var id = await IdAsync();
        found.AddRange(await page.FaultsAtAsync(Settings, $"{Settings}?lang=en", $"{Settings}/e-postserver/{id}", $"{Settings}/e-postserver/ny"));

        Assert.That(found, Is.Empty);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    private Task<short> IdAsync() => Database.ScalarAsync<short>("SELECT id FROM relay WHERE name = 'standard'");

    private async Task SampleRelaysAsync() => await Database.ExecuteAsync(
        """
        INSERT INTO relay (name, Host, port, tls, username, password_protected, priority, failures, available_at, last_failure, last_failure_kind)
        VALUES ('standard', 'smtp.gransele.example', 587, 'start_tls', 'smakom', 'x', 10, 3, now() + interval '4 minutes', '535 5.7.8 nils@gransele.example', 'Authentication');
        INSERT INTO relay (name, Host, port, tls, priority, weight) VALUES ('reserv', 'smtp2.gransele.example', 465, 'implicit', 20, 3);
        INSERT INTO rate_limit (relay_id, destination_group, count, per, doubles_from)
        SELECT id, 'google', 500, interval '1 hour', NULL::date FROM relay WHERE name = 'reserv'
        UNION ALL SELECT NULL, NULL, 20, '1 second', NULL
        UNION ALL SELECT id, NULL, 200, '1 day', '2026-12-01' FROM relay WHERE name = 'reserv';
        INSERT INTO destination_state (relay_id, destination_group, paused_until, reply)
        SELECT id, 'google', now() + interval '8 minutes', '421 4.7.28 Gmail has detected an unusual rate of mail' FROM relay WHERE name = 'reserv'
        """);
}
