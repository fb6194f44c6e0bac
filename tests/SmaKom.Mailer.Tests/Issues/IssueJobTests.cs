using Hangfire;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues;

/// <summary>The Hangfire job of a queued issue: one, at its time, gone when the issue is taken back. Nobody runs it here.</summary>
public sealed class IssueJobTests
{
    private static readonly DateTimeOffset December = DateTimeOffset.Parse("2126-12-02T08:00:00Z");
    private TestDatabase database = null!;
    private TestHost host = null!;
    private IssueCommands desk = null!;
    private int issue;

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"));
        desk = host.Get<IssueCommands>();
        await database.SubscribersAsync(1);
        await database.RelayAsync();
        issue = await database.IssueAsync("2126-12");
    }

    [TearDown]
    public async Task TearDown()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Queueing_again_leaves_one_job_at_the_new_time()
    {
        await desk.QueueAsync(issue, December.AddDays(1), Given.Editor, default);
        await desk.QueueAsync(issue, December, Given.Editor, default);

        Assert.That(Planned(), Is.EqualTo(new[] { (nameof(SendIssue), $"{issue}", December) }));
        Assert.That(await JobsAsync(), Is.EqualTo(new[] { "Deleted", "Scheduled" }));
    }

    // Hangfire keeps whole seconds: a time between two is the later one.
    [Test]
    public async Task A_job_is_never_planned_early()
    {
        await desk.QueueAsync(issue, December.AddSeconds(0.4), Given.Editor, default);

        Assert.That(await database.ScalarAsync<decimal>("SELECT score::numeric FROM hangfire.set WHERE key = 'schedule'"),
            Is.EqualTo(December.AddSeconds(1).ToUnixTimeSeconds()));
    }

    // A worker that is quicker than the commit of the row would find a draft, and end.
    [Test]
    public async Task A_job_does_not_begin_before_its_row_names_it()
    {
        host.Get<IssueJobs>().Create(issue, "2126-12", null);
        Assert.That(await JobsAsync(), Is.EqualTo(new[] { "Scheduled" }));

        await desk.QueueAsync(issue, null, Given.Editor, default);
        Assert.That(await JobsAsync(), Is.EqualTo(new[] { "Scheduled", "Enqueued" }));
    }

    [Test]
    public async Task Taking_back_and_cancelling_delete_the_job()
    {
        await desk.QueueAsync(issue, December, Given.Editor, default);
        await desk.TakeBackAsync(issue, Given.Editor, default);
        Assert.That(Planned(), Is.Empty);

        await desk.QueueAsync(issue, December, Given.Editor, default);
        await desk.CancelAsync(issue, Given.Editor, default);
        Assert.That(Planned(), Is.Empty);
    }

    [TestCase("sent")]
    [TestCase("cancelled")]
    [TestCase("sending")]
    [TestCase("paused")]
    public async Task A_refused_request_leaves_nothing_behind(string state)
    {
        await database.ExecuteAsync($"UPDATE issue SET state = '{state}'");

        Assert.That((await desk.QueueAsync(issue, December, Given.Editor, default)).Answer, Is.EqualTo(CommandAnswer.WrongState));
        Assert.That((await desk.QueueAsync(4711, December, Given.Editor, default)).Answer, Is.EqualTo(CommandAnswer.NoSuchIssue));
        Assert.That((await desk.QueueAsync(issue, DateTimeOffset.Parse("2020-01-01T08:00:00Z"), Given.Editor, default)).Answer,
            Is.EqualTo(CommandAnswer.TimeHasPassed));
        Assert.That(await JobsAsync(), Is.Empty);
    }

    [Test]
    public async Task An_issue_whose_job_is_gone_gets_another_at_its_time()
    {
        await desk.QueueAsync(issue, December, Given.Editor, default);
        await database.ExecuteAsync("TRUNCATE hangfire.job CASCADE; DELETE FROM hangfire.set");

        await RoundAsync();
        await RoundAsync();

        Assert.That(Planned(), Is.EqualTo(new[] { (nameof(SendIssue), $"{issue}", December) }));
    }

    // What was queued under another job engine, or by a version that kept no job.
    [Test]
    public async Task A_queued_issue_that_never_had_a_job_gets_one()
    {
        await database.ExecuteAsync("UPDATE issue SET state = 'queued', scheduled_at = '2126-12-02T08:00:00Z'");

        await RoundAsync();

        Assert.That(Planned(), Is.EqualTo(new[] { (nameof(SendIssue), $"{issue}", December) }));
    }

    [Test]
    public async Task A_job_that_hangfire_did_not_start_in_time_is_started()
    {
        await desk.QueueAsync(issue, December, Given.Editor, default);
        await database.ExecuteAsync("UPDATE issue SET scheduled_at = now() - interval '2 minutes'");

        await host.Get<IssueJobs>().EnsureAllAsync(default);

        Assert.That(await JobsAsync(), Is.EqualTo(new[] { "Enqueued" }));
    }

    [Test]
    public async Task Deleting_the_job_takes_the_issue_back()
    {
        await desk.QueueAsync(issue, December, Given.Editor, default);
        host.Get<IBackgroundJobClient>().Delete(await JobAsync());

        Assert.That(await StateAsync(), Is.EqualTo("draft"));
        await RoundAsync();
        Assert.That(Planned(), Is.Empty);
    }

    [Test]
    public async Task Jobs_that_the_issue_does_not_name_change_nothing()
    {
        await desk.QueueAsync(issue, December.AddDays(1), Given.Editor, default);
        var old = await JobAsync();
        await desk.QueueAsync(issue, December, Given.Editor, default);

        host.Get<IBackgroundJobClient>().Requeue(old);
        host.Get<IBackgroundJobClient>().Delete(old);

        Assert.That(await StateAsync(), Is.EqualTo("queued"));
        Assert.That(await database.ScalarAsync<DateTime>("SELECT scheduled_at FROM issue"), Is.EqualTo(December.UtcDateTime));
    }

    private Task RoundAsync() => host.Get<IssueJobs>().EnsureAllAsync(default);

    private IEnumerable<(string Job, string? Key, DateTimeOffset? At)> Planned() =>
        host.Get<JobEngine>().Planned().Select(run => (run.Job, run.Key, run.At));

    private Task<string> JobAsync() => database.ScalarAsync<string>("SELECT job_id FROM issue");

    private Task<string> StateAsync() => database.ScalarAsync<string>("SELECT state::text FROM issue");

    /// <summary>States of all Hangfire jobs, in the order in which they were made.</summary>
    private Task<string[]> JobsAsync() => database.ScalarAsync<string[]>("SELECT coalesce(array_agg(statename ORDER BY id), '{}') FROM hangfire.job");
}
