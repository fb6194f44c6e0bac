using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The newsletter in Hangfire's own dashboard: what it shows, and that each button does what it says.</summary>
public sealed class IssueJobInDashboardTests
{
    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private TestHost host = null!;
    private PageReader admin = null!;
    private int issue;

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(60);
        issue = await database.IssueAsync("2026-12");
        relay = new(new() { Latency = TimeSpan.FromMilliseconds(60) });
        await OpenAsync();
        await host.AddSampleLoginAsync();
        await admin.LogInAsync();
    }

    private async Task OpenAsync(params (string, string)[] settings)
    {
        host = await TestHost.StartAsync(
            database, [.. Given.Relay(relay), StaffSite.SampleLoginAllowed, ("Schedule:PollInterval", "00:00:01"),
                ("Schedule:CheckInInterval", "00:00:00.3"), .. settings]);
        admin = new(host.Url);
    }

    /// <summary>The pages alone: no one takes a job.</summary>
    private async Task WithoutWorkersAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
        await OpenAsync(("Roles", "web"));
        await admin.LogInAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        admin.Dispose();
        await host.DisposeAsync();
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task An_issue_is_scheduled_then_processing_then_succeeded_with_its_receipt()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, TimeProvider.System.GetUtcNow().AddSeconds(3), Given.Editor, default);
        Assert.That(await TextAsync("/hangfire/jobs/scheduled"), Does.Contain("Skicka nummer 2026-12"));

        await database.UntilAsync("SELECT state = 'sending' FROM issue");
        await UntilAsync("Processing");
        Assert.That(await TextAsync("/hangfire/jobs/processing"), Does.Contain("Skicka nummer 2026-12"));
        var details = await admin.GetAsync($"/hangfire/jobs/details/{await JobAsync()}");
        Assert.That(details.Body!.TextContent, Does.Contain("Numret skickas.").And.Contain("Mottagare"));
        Assert.That(details.QuerySelector($"a[href='/admin/utskick/{issue}']"), Is.Not.Null);

        await UntilAsync("Succeeded");
        var receipt = await database.ReceiptAsync(issue);
        Assert.That((receipt.Audience, receipt.Accepted), Is.EqualTo((60, 60)));
        Assert.That(await database.ScalarAsync<string>(
            "SELECT data->>'Result' FROM hangfire.state WHERE name = 'Succeeded' AND jobid = (SELECT job_id::bigint FROM issue)"),
            Does.Contain("\"Ended\":\"Tried\"").And.Contain("\"Audience\":60").And.Contain("\"Accepted\":60"));
        Assert.That(await database.ScalarAsync<bool>(
            "SELECT expireat > now() + interval '80 days' FROM hangfire.job WHERE id = (SELECT job_id::bigint FROM issue)"), Is.True,
            "kept as long as the history");
    }

    [Test]
    public async Task The_first_page_counts_letters_and_leads_to_the_mailings()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await database.UntilSettledAsync(issue);
        await database.ExecuteAsync("UPDATE delivery SET state = 'refused', finished_at = now() WHERE id % 20 = 0");

        var page = await admin.GetAsync("/hangfire");
        Assert.That(page.QuerySelectorAll("[title]").Select(metric => metric.GetAttribute("title")).Concat([page.Body!.TextContent])
            .Aggregate((a, b) => a + " " + b),
            Does.Contain("Brev som väntar").And.Contain("Mottagna senaste minuten").And.Contain("Avvisade senaste dygnet")
                .And.Contain("Ovissa senaste dygnet"));
        Assert.That(page.QuerySelectorAll("a[href='/admin/utskick']"), Has.Exactly(1).Items);
    }

    [Test]
    public async Task Enqueue_now_sends_an_issue_before_its_time()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, TimeProvider.System.GetUtcNow().AddDays(20), Given.Editor, default);
        await PressAsync("jobs/scheduled/enqueue", await JobAsync());

        await database.UntilSettledAsync(issue);
        Assert.That(relay.Messages, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task Delete_of_a_scheduled_job_takes_the_issue_back_and_requeue_of_it_sends_nothing()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, TimeProvider.System.GetUtcNow().AddDays(20), Given.Editor, default);
        var job = await JobAsync();
        await PressAsync("jobs/scheduled/delete", job);
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
        Assert.That(await TextAsync("/admin/jobb"), Does.Contain("red@example.org tog tillbaka decembernumret 2026 i Hangfire"));

        await PressAsync("jobs/deleted/requeue", job);
        await database.UntilAsync($"SELECT statename = 'Succeeded' FROM hangfire.job WHERE id = {job}");
        Assert.That((await database.StateAsync(issue), relay.Messages.Count), Is.EqualTo((IssueState.Draft, 0)));
    }

    [Test]
    public async Task Delete_while_letters_go_out_pauses_and_requeue_goes_on()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await relay.WaitFor(5);
        await UntilAsync("Processing");
        var job = await JobAsync();
        await PressAsync("jobs/processing/delete", job);
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Paused));
        Assert.That(relay.Messages, Has.Count.LessThan(60));

        await PressAsync("jobs/deleted/requeue", job);
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, relay.Messages.Count), Is.EqualTo((60, 60)));
    }

    [Test]
    public async Task Requeue_while_letters_go_out_begins_the_job_anew_and_nobody_gets_two()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await relay.WaitFor(5);
        await UntilAsync("Processing");
        var job = await JobAsync();
        await PressAsync("jobs/processing/requeue", job);
        await database.UntilAsync($"SELECT count(*) > 1 FROM hangfire.state WHERE jobid = {job} AND name = 'Processing'");

        await UntilAsync("Succeeded");
        Assert.That((await database.ReceiptAsync(issue)).Accepted, Is.EqualTo(60));
        Assert.That(relay.Messages.Select(mail => mail.Recipient), Is.Unique.And.Exactly(60).Items);
    }

    [Test]
    public async Task An_enqueued_job_stays_so_when_requeued_and_takes_its_issue_back_when_deleted()
    {
        await WithoutWorkersAsync();
        await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await UntilAsync("Enqueued");
        var job = await JobAsync();
        await PressAsync("jobs/enqueued/requeue", job);
        await UntilAsync("Enqueued");
        Assert.That((await database.StateAsync(issue), await JobAsync()), Is.EqualTo((IssueState.Queued, job)));

        await PressAsync("jobs/enqueued/delete", job);
        await database.UntilAsync($"SELECT statename = 'Deleted' FROM hangfire.job WHERE id = {job}");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task The_buttons_of_a_jobs_own_page_do_the_same()
    {
        await WithoutWorkersAsync();
        await host.Get<IssueCommands>().QueueAsync(issue, TimeProvider.System.GetUtcNow().AddDays(20), Given.Editor, default);
        var job = await JobAsync();
        await PressAsync($"jobs/actions/requeue/{job}", job);
        await UntilAsync("Enqueued");
        Assert.That(await database.ScalarAsync<bool>("SELECT state = 'queued' AND scheduled_at <= now() FROM issue"), Is.True,
            "started before its time, it is due");

        await PressAsync($"jobs/actions/delete/{job}", job);
        await database.UntilAsync($"SELECT statename = 'Deleted' FROM hangfire.job WHERE id = {job}");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task Pausing_ends_the_job_which_may_be_run_again_and_resuming_starts_another()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await relay.WaitFor(5);
        await UntilAsync("Processing");
        var first = await JobAsync();
        await PauseAsync(1);
        await PressAsync("jobs/succeeded/requeue", first);
        Assert.That((await database.StateAsync(issue), await JobAsync()), Is.EqualTo((IssueState.Sending, first)));
        await UntilAsync("Processing");
        await PauseAsync(2);

        await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default);
        Assert.That(await JobAsync(), Is.Not.EqualTo(first));
        await UntilAsync("Succeeded");
        Assert.That((await database.ReceiptAsync(issue)).Accepted, Is.EqualTo(60));
        Assert.That(await TextAsync($"/hangfire/jobs/details/{first}"), Does.Contain("Numret har ett annat jobb nu"));

        async Task PauseAsync(int times)
        {
            await host.Get<IssueCommands>().PauseAsync(issue, Given.Editor, default);
            await database.UntilAsync($"SELECT count(*) = {times} FROM hangfire.state WHERE jobid = {first} AND data->>'Result' LIKE '%\"Paused\"%'");
        }
    }

    [Test]
    public async Task An_issue_that_cannot_be_planned_fails_is_requeued_and_then_goes_out()
    {
        await FailAsync();
        Assert.That(await TextAsync("/hangfire/jobs/failed"), Does.Contain("Skicka nummer 2026-12"));

        await database.ExecuteAsync("UPDATE issue SET content = jsonb_set(content, '{sections}', '[]')");
        await PressAsync("jobs/failed/requeue", await JobAsync());
        await database.UntilSettledAsync(issue);
    }

    [Test]
    public async Task A_job_that_failed_is_gone_when_its_issue_is_taken_back()
    {
        await FailAsync();
        var job = await JobAsync();
        Assert.That(await host.Get<IssueCommands>().TakeBackAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));

        await database.UntilAsync($"SELECT statename = 'Deleted' FROM hangfire.job WHERE id = {job}");
    }

    [Test]
    public async Task An_issue_is_taken_back_when_its_failed_job_is_deleted()
    {
        await FailAsync();
        await PressAsync("jobs/failed/delete", await JobAsync());

        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task A_recurring_job_that_was_removed_comes_back_and_trigger_runs_it_also_when_paused()
    {
        await PressAsync("recurring/remove", "ForgetRuns");
        await database.UntilAsync("SELECT EXISTS (SELECT FROM hangfire.set WHERE key = 'recurring-jobs' AND value = 'ForgetRuns')");

        await host.Get<JobPauses>().PauseAsync("ForgetRuns", Actor.Staff("åsa"), default);
        await PressAsync("recurring/trigger", "ForgetRuns");
        await database.UntilAsync("SELECT EXISTS (SELECT FROM job_run WHERE job = 'ForgetRuns' AND kind = 'now' AND state = 'succeeded')");
    }

    /// <summary>An issue whose content is damaged after it was queued.</summary>
    private async Task FailAsync()
    {
        await host.Get<IssueCommands>().QueueAsync(issue, TimeProvider.System.GetUtcNow().AddDays(20), Given.Editor, default);
        await database.ExecuteAsync("UPDATE issue SET content = jsonb_set(content, '{sections}', '7')");
        await PressAsync("jobs/scheduled/enqueue", await JobAsync());
        await UntilAsync("Failed");
    }

    private async Task PressAsync(string command, string id)
    {
        var page = await admin.GetAsync("/hangfire");
        var order = new HttpRequestMessage(HttpMethod.Post, $"/hangfire/{command}") { Content = new FormUrlEncodedContent([new("jobs[]", id)]) };
        order.Headers.Add(Meta("csrf-header"), Meta("csrf-token"));
        await admin.SendAsync(order);
        Assert.That(admin.Answer.IsSuccessStatusCode, Is.True, command);

        string Meta(string name) => page.QuerySelector($"meta[name={name}]")!.GetAttribute("content")!;
    }

    private async Task<string> TextAsync(string path) => (await admin.GetAsync(path)).Body!.TextContent;

    private Task<string> JobAsync() => database.ScalarAsync<string>("SELECT job_id FROM issue");

    private Task UntilAsync(string state) =>
        database.UntilAsync($"SELECT statename = '{state}' FROM hangfire.job WHERE id = (SELECT job_id::bigint FROM issue)");
}
