using Microsoft.Playwright;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>Which municipalities are reached, and where somebody must call.</summary>
public sealed class ByMunicipalityTests : BrowserFixture
{
    private const string Page = "/redaktion/prenumeranter/kommuner";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("subscriber, staff_task, return_signal, incoming_mail");
        foreach (var (name, municipality, status) in new[]
        {
            ("anna", "Bjurholm", "bounced"), ("bo", "bjurholms kommun", "unsubscribed"), // nobody left, written in two ways
            ("cia", "Åsele", "active"), ("dan", "Åsele", "bounced"), // with a task
            ("eva", "Älvsbyn", "active"), // with a soft bounce
            ("fia", "Öckerö", "active"), ("gun", "Arboga", "active"), ("hans", "Region Gränsland", "active"),
            ("ia", "Ale", "pending"), ("jan", "Dals-Ed", "erased"), ("kim", "", "active"), ("lo", "Åre", "complained"), ("mia", "Malå", "active"),
            ("nils", "Alexanderstad", "active"),
        })
            await Database.ScalarAsync<long>(
                """
                INSERT INTO subscriber (email, email_key, domain, name, status, municipality, legal_basis, created_at)
                VALUES ($1, $1, 'gransele.example', $2, $3::subscriber_status, NULLIF($4, ''), 'member', now()) RETURNING id
                """, new() { Value = $"{name}@gransele.example" }, new() { Value = $"{char.ToUpperInvariant(name[0])}{name[1..]}" },
                new() { Value = status }, new() { Value = municipality });
        await Database.ExecuteAsync(
            """
            INSERT INTO staff_task (kind, subscriber_id, at, done_at) SELECT 'address_gone', id, now(), NULL FROM subscriber WHERE name = 'Dan';
            INSERT INTO staff_task (kind, subscriber_id, at, done_at) SELECT 'has_left', id, now(), now() FROM subscriber WHERE name = 'Gun';
            INSERT INTO return_signal (subscriber_id, at, class, attempt_id)
            SELECT id, now() - CASE name WHEN 'Eva' THEN interval '59 days' WHEN 'Fia' THEN interval '61 days' ELSE interval '1 day' END,
                CASE name WHEN 'Mia' THEN 'ours' ELSE 'soft' END, id
            FROM subscriber WHERE name IN ('Eva', 'Fia', 'Mia');
            """);
    }

    [Test]
    public async Task Where_nobody_is_left_stands_first_then_trouble_then_the_rest_in_Swedish_order()
    {
        var (all, without) = await Host.Get<ByMunicipality>().ReadAsync(default);

        Assert.That(all.Where(one => one.Need == MunicipalityNeed.NobodyLeft).Select(Told), Is.EqualTo(new[] { "Bjurholm 0 0 1 1", "Åre 0 0 1 0" }));
        Assert.That(all.Where(one => one.Need == MunicipalityNeed.Trouble).Select(Told), Is.EqualTo(new[] { "Åsele 1 1 1 0", "Älvsbyn 1 1 0 0" }));
        var others = all.Where(one => one.Need == MunicipalityNeed.None).ToList();
        Assert.That(others, Has.Count.EqualTo(290 - 4 + 2), "and what is none of Sweden's");
        Assert.That(others.Select(one => one.Name), Is.Ordered.Using((IComparer<string>)StringComparer.Create(new("sv"), ignoreCase: true)));
        Assert.That(others.Single(one => one.Name == "Region Gränsland").Receiving, Is.EqualTo(1));
        Assert.That(others.Single(one => one.Name == "Dals-Ed").Writings, Is.Empty, "erased");
        Assert.That(without, Is.EqualTo(1));
        Assert.That(all.Take(2).SelectMany(one => one.ToAsk), Is.EqualTo(new[] { "Anna, anna@gransele.example" }), "nobody who has left");
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task The_page_leads_to_the_register_of_each(int width, ColorScheme scheme)
    {
        var page = await OpenAsync(Page, width: width, scheme: scheme);

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveCountAsync(3);
        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(await page.OverflowsAsync(), Is.False);
        await page.PictureAsync("municipalities");
        await page.GetByRole(AriaRole.Link, new() { Name = "Bjurholm", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        Assert.That(page.Url, Does.Match("/redaktion/prenumeranter[?]kommun=[A-Za-z0-9_-]+$"));
        await Assertions.Expect(page.Locator(".status")).ToContainTextAsync("Bara Bjurholm.");
        Assert.That(await page.AxeAsync(), Is.Empty);
        await page.GotoAsync("/redaktion/prenumeranter?kommun=Bjurholm");
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("Sök igen");
        Assert.That(Chromium.Complaints.Where(one => !one.Contains("400", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task The_list_to_call_names_whom_to_ask_about()
    {
        var page = await OpenAsync(Page);
        var file = await page.APIRequest.GetAsync($"{Host.Url}{await page.GetByRole(AriaRole.Link, new() { Name = "Ringlista (CSV)" }).GetAttributeAsync("href")}");

        Assert.That(file.Headers["cache-control"], Is.EqualTo("no-store"));
        Assert.That((await file.TextAsync()).TrimStart('\uFEFF').Split("\r\n"), Is.EqualTo(new[]
        {
            "Kommun;Varför;Får brev;I trubbel;Stoppade;Avslutade;Fråga om",
            "Bjurholm;Ingen kvar;0;0;1;1;\"Anna, anna@gransele.example\"",
            "Åre;Ingen kvar;0;0;1;0;",
            "Åsele;I trubbel;1;1;1;0;\"Dan, dan@gransele.example\"",
            "Älvsbyn;I trubbel;1;1;0;0;\"Eva, eva@gransele.example\"",
            "",
        }));
    }

    [Test]
    public async Task With_nobody_it_says_what_it_is_for()
    {
        await Database.EmptyAsync("subscriber");
        var page = await OpenAsync(Page, width: 320);

        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("kommun för kommun");
        Assert.That(await page.GetByRole(AriaRole.Link, new() { Name = "Ringlista (CSV)" }).CountAsync(), Is.Zero);
    }

    private static string Told(MunicipalityCount one) => $"{one.Name} {one.Receiving} {one.Troubled} {one.Stopped} {one.Left}";
}
