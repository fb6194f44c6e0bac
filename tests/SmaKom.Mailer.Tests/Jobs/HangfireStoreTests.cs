using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Jobs;

/// <summary>What is Hangfire's alone: its tables, its retries, its dashboard.</summary>
public sealed class HangfireStoreTests
{
    [Test]
    public async Task The_recurring_jobs_are_those_of_the_table_and_go_when_they_leave_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (await TestHost.StartAsync(database, builder => builder.Services.AddJob(new("Retired", typeof(Ring), "0 0 3 * * *")),
            ("Roles", "worker")))
            Assert.That(await RecurringAsync(database), Does.Contain("Retired 0 0 3 * * * Europe/Stockholm"));

        await using (await TestHost.StartAsync(database, ("Roles", "worker")))
            Assert.That(await RecurringAsync(database),
                Is.EquivalentTo(JobTable.Jobs.Where(job => job.Cron is not null).Select(job => $"{job.Name} {job.Cron} Europe/Stockholm")));
    }

    [Test]
    public async Task A_lock_that_a_killed_worker_left_behind_keeps_no_other_from_starting()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var killed = await TestHost.StartAsync(database, ("Roles", "web")))
            _ = killed.Get<JobStorage>().GetConnection().AcquireDistributedLock("lock:recurring-job:RescueStalled", TimeSpan.FromSeconds(5));

        await using var next = await TestHost.StartAsync(database, ("Roles", "worker"));

        Assert.That(await RecurringAsync(database), Has.Some.Contains("RescueStalled"));
    }

    [Test]
    public async Task A_host_is_built_without_asking_a_database_that_may_be_away()
    {
        await using var app = MailerHost.Build([], builder => TestHost.Configure(builder, "Host=127.0.0.1;Port=1;Database=x;Username=x"));

        Assert.That(app.Services.GetRequiredService<JobStorage>(), Is.Not.Null);
    }

    [Test]
    public async Task A_failed_run_is_shown_as_failed_and_never_retried()
    {
        await using var database = await TestDatabase.CreateAsync();
        var bell = new Bell();
        bell.FailNext();
        await using var host = await StartAsync(database, bell);
        host.Get<JobEngine>().RunNow("Ring", "fails");

        Assert.That(await FailureAsync(database),
            Does.EndWith("/admin/jobb. It is not run again by itself: requeue it, or try it again at /admin/jobb."));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM hangfire.jobparameter WHERE name = 'RetryCount'"), Is.Zero);
    }

    [Test]
    public async Task A_failed_recurring_run_is_said_to_run_again_at_its_next_time()
    {
        await using var database = await TestDatabase.CreateAsync();
        var bell = new Bell();
        bell.FailNext();
        await using var host = await StartAsync(database, bell, "0 0 3 * * *");
        host.Get<IRecurringJobManager>().Trigger("Ring");

        Assert.That(await FailureAsync(database), Does.EndWith("/admin/jobb. It runs again at its next time."));
    }

    [Test]
    public async Task What_failed_of_a_recurring_job_leaves_hangfire_after_a_day()
    {
        await using var database = await TestDatabase.CreateAsync();
        var bell = new Bell();
        await using var host = await StartAsync(database, bell, "0 0 3 * * *");
        foreach (var recurring in new[] { true, false })
        {
            bell.FailNext();
            if (recurring) host.Get<IRecurringJobManager>().Trigger("Ring");
            else host.Get<JobEngine>().RunNow("Ring", "asked for");
            await database.UntilAsync($"SELECT count(*) = {(recurring ? 1 : 2)} FROM hangfire.job WHERE statename = 'Failed'");
        }

        await ForgetAsync(host);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM hangfire.job WHERE statename = 'Failed'"), Is.EqualTo(2));
        await database.ExecuteAsync(
            "UPDATE hangfire.state SET data = jsonb_set(data, '{FailedAt}', to_jsonb(((extract(epoch FROM now() - interval '25 hours') * 1000)::bigint)::text)) WHERE name = 'Failed'");
        await ForgetAsync(host);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM hangfire.job WHERE statename = 'Failed'"), Is.EqualTo(1),
            "what somebody asked for stays");

        static async Task ForgetAsync(TestHost host)
        {
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ForgetRuns>().RunAsync(null, default);
        }
    }

    [Test]
    public async Task The_dashboard_is_for_administrators_and_takes_no_forged_orders()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await TestHost.StartAsync(database, StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        using var stranger = new PageReader(host.Url);
        using var editor = new PageReader(host.Url);
        using var admin = new PageReader(host.Url);
        await editor.LogInAsync("karin@gransele.example", await AddEditorAsync(host));
        await admin.LogInAsync();

        await stranger.GetAsync("/hangfire");
        await editor.GetAsync("/hangfire");
        var page = await admin.GetAsync("/hangfire/recurring");
        Assert.That(stranger.Path, Does.StartWith(AccountsFeature.LoginPath));
        Assert.That((int)editor.Answer.StatusCode, Is.EqualTo(403));
        Assert.That((int)admin.Answer.StatusCode, Is.EqualTo(200));
        Assert.That(page.Body!.TextContent, Does.Contain("Startar nummer vars tid är inne"));

        await admin.SendAsync(Order());
        Assert.That((int)admin.Answer.StatusCode, Is.InRange(400, 403), "without the token");
        var order = Order();
        order.Headers.Add(Meta("csrf-header"), Meta("csrf-token"));
        await admin.SendAsync(order);
        Assert.That(admin.Answer.IsSuccessStatusCode, Is.True, "with the token");

        string Meta(string name) => page.QuerySelector($"meta[name={name}]")!.GetAttribute("content")!;
        static HttpRequestMessage Order() =>
            new(HttpMethod.Post, "/hangfire/recurring/trigger") { Content = new FormUrlEncodedContent([new("jobs[]", nameof(PlanIssue))]) };
    }

    [Test]
    public async Task The_page_of_jobs_leads_to_the_dashboard()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await TestHost.StartAsync(database, StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        using var admin = new PageReader(host.Url);
        await admin.LogInAsync();

        var link = (await admin.GetAsync("/admin/jobb")).QuerySelectorAll("main a").Single(link => link.TextContent == "Hangfires egen översikt");
        var page = await admin.GetAsync(link.GetAttribute("href")!);
        Assert.That(((int)admin.Answer.StatusCode, page.Title), Is.EqualTo((200, "Overview – SmåKom · Hangfire")));
    }

    private static Task<TestHost> StartAsync(TestDatabase database, Bell bell, string? cron = null) => TestHost.StartAsync(database, builder =>
    {
        builder.Services.AddSingleton(bell);
        builder.Services.AddJob(new("Ring", typeof(Ring), cron));
    }, ("Schedule:PollInterval", "00:00:01"));

    /// <summary>What the dashboard says of the run that failed.</summary>
    private static async Task<string> FailureAsync(TestDatabase database)
    {
        await database.UntilAsync("SELECT EXISTS (SELECT FROM hangfire.job WHERE statename = 'Failed')");
        return await database.ScalarAsync<string>("SELECT data->>'ExceptionMessage' FROM hangfire.state WHERE name = 'Failed'");
    }

    private static async Task<string> AddEditorAsync(TestHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<StaffRegister>()
            .AddAsync(EmailAddress.Parse("karin@gransele.example"), StaffRole.Editor, Actor.CommandLine, default))!;
    }

    private static Task<string[]> RecurringAsync(TestDatabase database) => database.ScalarAsync<string[]>(
        """
        SELECT array_agg(substr(c.key, 15) || ' ' || c.value || ' ' || z.value)
        FROM hangfire.hash AS c
        JOIN hangfire.hash AS z ON z.key = c.key AND z.field = 'TimeZoneId'
        WHERE c.key LIKE 'recurring-job:%' AND c.field = 'Cron'
        """);
}
