using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Jobs;

/// <summary>The dashboard of jobs in a real Chromium, with jobs that succeed, fail and hang, on two workers.</summary>
public sealed class JobsInBrowserTests : BrowserFixture
{
    private readonly Bell bell = new();
    private TestHost two = null!;

    [OneTimeSetUp]
    public async Task StartSecondAsync() => two = await StartAsync("worker");

    [OneTimeTearDown]
    public async Task StopSecondAsync() => await two.DisposeAsync();

    [SetUp]
    public Task BeginAsync() => Database.ExecuteAsync("DELETE FROM job_run WHERE state <> 'running'; DELETE FROM job_hour; DELETE FROM job_pause");

    [Test]
    public async Task Jobs_that_succeed_fail_and_hang_show_without_a_reload()
    {
        var page = await OpenAsync("/admin/jobb");
        await Assertions.Expect(page.GetByText("varje dag kl. 03.00")).ToBeVisibleAsync();
        await RunNowAsync(page);
        await Assertions.Expect(Row(page).GetByText("Klar", new() { Exact = true })).ToBeVisibleAsync();

        bell.FailNext();
        await RunNowAsync(page);
        await Assertions.Expect(Row(page).GetByText("Misslyckad", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-kind=JobFailed]")).ToContainTextAsync("InvalidOperationException: The bell has no clapper.");

        var held = bell.HoldNext();
        await RunNowAsync(page);
        await held.Entered.WaitAsync(Bell.Patience);
        await Assertions.Expect(Row(page).GetByText("Körs", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section:has(#arbetare)")).ToContainTextAsync("Kör Ring");
        held.Release();
        await Assertions.Expect(Row(page).GetByText("Klar", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("section:has(#atgarder)")).ToContainTextAsync("valde Kör nu för ”Ring”");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_failure_is_told_to_those_who_listen_when_it_happens()
    {
        var page = await OpenAsync("/admin/jobb");
        await Assertions.Expect(page.Locator("[data-swap=troubles]")).ToContainTextAsync("Allt går som det ska.");
        bell.FailNext();
        Host.Get<JobEngine>().RunNow("Ring", null);
        await Assertions.Expect(page.Locator("[data-said]")).ToContainTextAsync("The bell has no clapper.");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_failed_run_is_read_tried_again_and_deleted(bool script)
    {
        bell.FailNext();
        Host.Get<JobEngine>().RunNow("Ring", "sju");
        await Database.UntilAsync("SELECT EXISTS (SELECT FROM job_run WHERE key = 'sju' AND state = 'failed')");

        var page = await OpenAsync("/admin/jobb/korningar?lage=failed", script);
        await page.GetByRole(AriaRole.Link, new() { Name = "Ring" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Felet", new() { Exact = true })).ToContainTextAsync("The bell has no clapper.");
        await Assertions.Expect(page.GetByLabel("Loggrader")).ToContainTextAsync("Job Ring (for sju) failed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Försök igen" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Jobbet körs igen.")).ToBeVisibleAsync();
        await Database.UntilAsync("SELECT EXISTS (SELECT FROM job_run WHERE key = 'sju' AND kind = 'now' AND state = 'succeeded')");

        await page.GotoAsync("/admin/jobb/korningar?lage=failed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ring" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ta bort ur historiken" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Körningen är borttagen")).ToBeVisibleAsync();
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM job_run WHERE state = 'failed'"), Is.Zero);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_job_is_paused_and_resumed(bool script)
    {
        var page = await OpenAsync("/admin/jobb", script);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pausa: Ring" }).ClickAsync();
        await Assertions.Expect(Row(page).GetByText("Pausat", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-kind=JobPaused]")).ToContainTextAsync("körs inte förrän någon väljer Fortsätt");
        Assert.That(await Host.Get<JobPauses>().IsPausedAsync("Ring", default), Is.True);

        await page.GetByRole(AriaRole.Button, new() { Name = "Fortsätt: Ring" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pausa: Ring" })).ToBeVisibleAsync();
        Assert.That(await two.Get<JobPauses>().IsPausedAsync("Ring", default), Is.False);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task All_that_match_are_tried_again_once_for_each_thing_and_deleted_together()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO job_run (job, key, kind, worker_id, node, started_at, ended_at, state, cause)
            SELECT 'Ring', 'sak ' || n % 3, 'once', gen_random_uuid(), 'gammal/1', now(), now(), 'failed', 'TimeoutException: #'
            FROM generate_series(1, 30) AS n
            """);
        var page = await OpenAsync("/admin/jobb");
        await page.GetByRole(AriaRole.Link, new() { Name = "TimeoutException: #" }).ClickAsync();
        await Assertions.Expect(page.GetByText("30 körningar")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Försök igen med alla" }).ClickAsync();
        await Assertions.Expect(page.GetByText("3 olika jobb körs igen. Bakom dem ligger 30 körningar")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, kör dem igen" }).ClickAsync();
        await Assertions.Expect(page.GetByText("3 jobb körs igen i bakgrunden.")).ToBeVisibleAsync();
        await Database.UntilAsync("SELECT count(*) = 3 FROM job_run WHERE job = 'Ring' AND kind = 'now' AND state = 'succeeded'");
        await Database.UntilAsync("SELECT count(*) = 0 FROM job_run WHERE retry");

        await page.GotoAsync("/admin/jobb/korningar?lage=failed&sok=Timeout");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ta bort alla ur historiken" }).ClickAsync();
        await Assertions.Expect(page.GetByText("30 körningar tas bort")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ja, ta bort dem" }).ClickAsync();
        await Assertions.Expect(page.GetByText("30 körningar är borttagna")).ToBeVisibleAsync();
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(DISTINCT key, ' ' ORDER BY key) FROM job_run WHERE job = 'Ring'"),
            Is.EqualTo("sak 0 sak 1 sak 2"), "the new runs stay");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_planned_run_is_listed_and_taken_back()
    {
        Host.PlanOnce("Ring", "åtta", DateTimeOffset.Parse("2099-01-01T08:00:00Z"));
        var page = await OpenAsync("/admin/jobb");
        await Assertions.Expect(page.Locator("section:has(#planerade)")).ToContainTextAsync("torsdag 1 januari 2099 kl. 09.00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ta bort: Ring åtta" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Det är borttaget.")).ToBeVisibleAsync();
        Assert.That(two.Get<JobEngine>().Planned().Select(run => run.Key), Has.None.EqualTo("åtta"));
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_worker_that_died_is_silent_and_its_run_is_cut_off()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at) VALUES ('00000000-0000-0000-0000-0000000000aa', 'borta/7', now(), now() - interval '3 minutes');
            INSERT INTO job_run (job, kind, worker_id, node, started_at) VALUES ('Ring', 'recurring', '00000000-0000-0000-0000-0000000000aa', 'borta/7', now() - interval '3 minutes');
            """);
        try
        {
            var page = await OpenAsync("/admin/jobb");
            await Assertions.Expect(page.GetByText("Arbetaren borta/7 har varit tyst i 3 min")).ToBeVisibleAsync();
            await Assertions.Expect(Row(page).GetByText("Avbruten", new() { Exact = true })).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("section:has(#arbetare) tbody tr")).ToHaveCountAsync(3);
            Assert.That(Chromium.Complaints, Is.Empty);
        }
        finally
        {
            await Database.ExecuteAsync("DELETE FROM worker WHERE name = 'borta/7'");
        }
    }

    [Test]
    public async Task Older_runs_are_a_link_away_and_none_is_shown_twice()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO job_run (job, key, kind, worker_id, node, started_at, ended_at, state)
            SELECT 'Bladdra', 'nr ' || n, 'once', gen_random_uuid(), 'n', now(), now(), 'succeeded'
            FROM generate_series(1, 120) AS n
            """);
        var page = await OpenAsync("/admin/jobb/korningar?jobb=Bladdra", script: false);
        var seen = new List<string>(await page.Locator("tbody th code").AllInnerTextsAsync());
        while (await page.GetByRole(AriaRole.Link, new() { Name = "Äldre" }).CountAsync() > 0)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = "Äldre" }).ClickAsync();
            seen.AddRange(await page.Locator("tbody th code").AllInnerTextsAsync());
        }

        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 120).Reverse().Select(n => $"nr {n}")));
    }

    [TestCase(1280, ColorScheme.Light, "sv")]
    [TestCase(320, ColorScheme.Dark, "en")]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme, string language)
    {
        bell.FailNext();
        Host.Get<JobEngine>().RunNow("Ring", "nio");
        var planned = Host.PlanOnce("Ring", "tio", DateTimeOffset.Parse("2099-01-01T08:00:00Z"));
        await Host.Get<JobPauses>().PauseAsync("ForgetSignUps", Actor.Staff("åsa"), default);
        await Database.UntilAsync("SELECT EXISTS (SELECT FROM job_run WHERE key = 'nio' AND state = 'failed')");
        var run = await Database.ScalarAsync<long>("SELECT max(id) FROM job_run WHERE key = 'nio'");
        var page = await OpenAsync($"/admin?lang={language}", width: width, scheme: scheme);
        var found = await page.FaultsAtAsync(
            "/admin", "/admin/jobb", "/admin/jobb/korningar", "/admin/jobb/korningar?jobb=finns+inte", $"/admin/jobb/korningar/{run}",
            "/admin/jobb/korningar/alla?gor=igen&lage=failed", "/admin/jobb/korningar/alla?gor=bort");

        Host.Get<JobEngine>().Delete(planned);
        Assert.That(found, Is.Empty);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task Editors_and_strangers_neither_see_nor_act()
    {
        string password;
        await using (var scope = Host.Services.CreateAsyncScope())
            password = (await scope.ServiceProvider.GetRequiredService<StaffRegister>()
                .AddAsync(EmailAddress.Parse("karin@gransele.example"), StaffRole.Editor, Actor.CommandLine, default))!;
        using var editor = new PageReader(Host.Url);
        await editor.LogInAsync("karin@gransele.example", password);
        using var stranger = new PageReader(Host.Url, followRedirects: false);
        foreach (var path in new[] { "/admin", "/admin/jobb", "/admin/jobb/lage", "/admin/jobb/korningar", "/admin/jobb/korningar/1",
            "/admin/jobb/korningar/alla" })
        {
            await editor.GetAsync(path);
            await stranger.GetAsync(path);
            Assert.That(((int)editor.Answer.StatusCode, (int)stranger.Answer.StatusCode), Is.EqualTo((403, 302)), path);
        }

        foreach (var path in new[] { "kor-nu", "pausa", "fortsatt", "ta-bort-planerat", "korningar/1/igen", "korningar/1/ta-bort",
            "korningar/alla/igen", "korningar/alla/ta-bort" })
        {
            await editor.SendAsync(new(HttpMethod.Post, $"/admin/jobb/{path}") { Content = new FormUrlEncodedContent([new("jobb", "Ring")]) });
            Assert.That((int)editor.Answer.StatusCode, Is.EqualTo(403), path);
        }
    }

    [Test]
    public async Task Without_the_forms_token_nothing_happens()
    {
        using var admin = new PageReader(Host.Url);
        await admin.LogInAsync();
        foreach (var path in new[] { "kor-nu", "pausa", "fortsatt", "ta-bort-planerat", "korningar/1/igen", "korningar/1/ta-bort",
            "korningar/alla/igen", "korningar/alla/ta-bort" })
        {
            await admin.SendAsync(new(HttpMethod.Post, $"/admin/jobb/{path}") { Content = new FormUrlEncodedContent([new("jobb", "Ring")]) });
            Assert.That((int)admin.Answer.StatusCode, Is.EqualTo(400), path);
        }
    }

    private static ILocator Row(IPage page) => page.Locator("tr:has(button[aria-label='Kör nu: Ring'])");

    private static async Task RunNowAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Kör nu: Ring" }).ClickAsync();
        await Assertions.Expect(page.GetByText("körs nu på den arbetare som är ledig")).ToBeVisibleAsync();
    }

    protected override Task<TestHost> StartHostAsync() => StartAsync("web,worker");

    private Task<TestHost> StartAsync(string roles) => TestHost.StartAsync(Database, builder =>
    {
        builder.Services.AddSingleton(bell);
        builder.Services.AddJob(new("Ring", typeof(Ring), "0 0 3 * * ?"));
    }, ("Roles", roles), StaffSite.SampleLoginAllowed, ("Schedule:PollInterval", "00:00:01"), ("Schedule:CheckInInterval", "00:00:00.5"));
}
