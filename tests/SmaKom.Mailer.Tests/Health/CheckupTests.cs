using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>Each trouble that an administrator can have is found, and nothing when there is none.</summary>
public sealed class CheckupTests : CheckupFixture
{
    [Test]
    public async Task Nothing_is_found_where_nothing_is_wrong()
    {
        await using var host = await StartAsync();

        Assert.That(await KindsAsync(host), Is.Empty);
    }

    [Test]
    public async Task A_database_that_is_away_is_all_that_is_told()
    {
        var port = TestPostgres.FreePort();
        await using var app =
            MailerHost.Build([],
                builder => TestHost.Configure(builder, $"Host=127.0.0.1;Port={port};Database=x;Username=mailer;Password=4f9c1b7e22"));

        var found = await app.Services.GetRequiredService<Checkup>().LookAsync(default);
        Assert.That(found.Select(finding => (finding.Kind, finding.Severity, finding.Facts[0])),
            Is.EqualTo(new[] { (FindingKind.DatabaseAway, Severity.Fault, (object)$"127.0.0.1:{port}") }));
    }

    [Test]
    public async Task A_database_that_is_older_than_the_program_is_all_that_is_told()
    {
        await using var desk = await StartAsync(("Roles", "web"), ("Accounts:AllowSampleLogin", "true"));
        await Database.ExecuteAsync("DELETE FROM migration WHERE \"MigrationId\" = '0009_operations'");

        Assert.That(await KindsAsync(desk), Is.EqualTo(new[] { FindingKind.DatabaseOld }));
    }

    [Test]
    public async Task Connections_that_a_restart_left_behind_are_no_news()
    {
        await using var desk = await StartCommandsAsync();
        Assert.That(await KindsAsync(desk), Has.None.EqualTo(FindingKind.DatabaseAway));
        await Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        Assert.That(await KindsAsync(desk), Has.None.EqualTo(FindingKind.DatabaseAway));
    }

    [TestCase("1 hour", "NULL")]
    [TestCase("0 hours", "now()")]
    public async Task A_worker_that_has_stopped_is_missed(string silentFor, string stopped)
    {
        await using var desk = await StartAsync(("Roles", "web"));
        await Database.ExecuteAsync(
            $"INSERT INTO worker (id, name, started_at, heartbeat_at, stopped_at) VALUES (gen_random_uuid(), 'a', now() - interval '1 day', now() - interval '{silentFor}', {stopped})");

        Assert.That(await KindsAsync(desk), Is.EquivalentTo(new[] { FindingKind.NoWorker }));
    }

    [Test]
    public async Task A_worker_that_fell_silent_is_told_of_for_an_hour_while_another_works()
    {
        await using var desk = await StartCommandsAsync(workerSince: "0 hours");
        await Database.ExecuteAsync(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at, stopped_at)
            VALUES (gen_random_uuid(), 'tyst', now() - interval '1 day', now() - interval '50 minutes', NULL),
                   (gen_random_uuid(), 'glömd', now() - interval '1 day', now() - interval '70 minutes', NULL),
                   (gen_random_uuid(), 'avslutad', now() - interval '1 day', now() - interval '50 minutes', now() - interval '50 minutes')
            """);

        var found = await desk.Get<Checkup>().LookAsync(default);

        Assert.That(found.Select(finding => (finding.Kind, finding.Severity, finding.Facts[0])),
            Is.EqualTo(new[] { (FindingKind.WorkerSilent, Severity.Warning, (object)"tyst") }));
    }

    [TestCase("Authentication", FindingKind.RelayPassword)]
    [TestCase("Unreachable", FindingKind.RelayUnreachable)]
    [TestCase("Timeout", FindingKind.RelayUnreachable)]
    [TestCase("Tls", FindingKind.RelayCertificate)]
    [TestCase("Busy", FindingKind.RelayFailing)]
    public async Task A_failing_relay_is_told_by_its_kind(string failure, FindingKind kind)
    {
        await using var host = await StartAsync();
        await Database.ExecuteAsync($"UPDATE relay SET failures = 3, last_failure_kind = '{failure}', available_at = now() + interval '1 minute'");

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { kind }));
    }

    [Test]
    public async Task One_of_two_relays_that_fails_is_a_warning_and_both_are_a_fault()
    {
        await using var host = await StartAsync();
        await Database.ExecuteAsync(
            """
            UPDATE relay SET failures = 3, last_failure_kind = NULL, available_at = now() + interval '1 minute';
            INSERT INTO relay (name, host, port, tls) VALUES ('reserv', 'reserv.smakom.test', 465, 'implicit')
            """);
        Assert.That(await FoundAsync(), Is.EqualTo(new[] { (FindingKind.RelayFailing, Severity.Warning) }));

        await Database.ExecuteAsync("UPDATE relay SET failures = 1, last_failure_kind = 'Tls' WHERE name = 'reserv'");
        Assert.That(await FoundAsync(),
            Is.EquivalentTo(new[] { (FindingKind.RelayFailing, Severity.Fault), (FindingKind.RelayCertificate, Severity.Fault) }));

        async Task<IEnumerable<(FindingKind, Severity)>> FoundAsync() =>
            (await host.Get<Checkup>().LookAsync(default)).Select(finding => (finding.Kind, finding.Severity));
    }

    [Test]
    public async Task A_relay_that_refuses_the_password_is_found_from_a_real_refusal()
    {
        Relay.Options = new() { Username = "u", Password = "rätt", AuthRequired = true, AuthMechanisms = "PLAIN" };
        await Database.SubscribersAsync(1);
        await using var host = await StartAsync(("Smtp:Username", "u"), ("Smtp:Password", "fel"), ("Smtp:AllowPlaintextAuth", "true"));
        await Database.IssueAsync(queued: true);
        await host.PlanAsync();
        await Database.UntilAsync("SELECT EXISTS (SELECT FROM relay WHERE failures > 0)");

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { FindingKind.RelayPassword }));
    }

    [Test]
    public async Task Without_a_relay_that_is_what_is_wrong()
    {
        await using var host = await StartAsync();
        await Database.ExecuteAsync("UPDATE relay SET enabled = false");

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { FindingKind.NoRelay }));
    }

    [Test]
    public async Task Work_that_nobody_takes_an_overdue_issue_a_paused_one_and_unknown_letters_are_found()
    {
        await using var desk = await StartCommandsAsync(workerSince: "0 hours");
        var (stuck, paused) = (await Database.SentIssueAsync("2026-09"), await Database.IssueAsync("2026-10"));
        var overdue = await Database.IssueAsync("2026-11", queued: true);
        await Database.ExecuteAsync(
            $"""
            UPDATE issue SET state = 'sending', finished_at = NULL, updated_at = now() - interval '1 hour' WHERE id = {stuck};
            UPDATE issue SET state = 'paused' WHERE id = {paused};
            UPDATE issue SET scheduled_at = now() - interval '1 hour' WHERE id = {overdue};
            INSERT INTO slice (issue_id, first_id, last_id, due_at) VALUES ({stuck}, 1, 99, now() - interval '20 minutes');
            INSERT INTO notice (kind, email, language, created_at, next_attempt_at) VALUES ('confirmation', 'asa@gransele.example', 'sv', now(), now() - interval '20 minutes')
            """);

        var found = await desk.Get<Checkup>().LookAsync(default);

        Assert.That(found.Select(finding => finding.Kind),
            Is.EquivalentTo(new[] { FindingKind.SendingStalled, FindingKind.QueueStuck, FindingKind.NoticesStuck, FindingKind.IssueOverdue,
                FindingKind.IssuePaused, FindingKind.UnknownWaiting }));
        Assert.That(found.Select(finding => finding.Severity), Is.Ordered.Descending, "the worst first");
        var unknown = found.Single(finding => finding.Kind == FindingKind.UnknownWaiting);
        Assert.That((unknown.Where, unknown.Facts), Is.EqualTo(($"/redaktion/nummer/{stuck}/ovissa", new object[] { "2026-09", 2L })));
    }

    [Test]
    public async Task What_waits_for_its_time_its_worker_or_a_decision_that_was_made_is_no_trouble()
    {
        await using var desk = await StartCommandsAsync(workerSince: "0 hours");
        var (sending, paused) = (await Database.SentIssueAsync("2026-09"), await Database.SentIssueAsync("2026-10"));
        var soon = await Database.IssueAsync("2026-11", queued: true);
        await Database.EmptyAsync("delivery_attempt");
        await Database.ExecuteAsync(
            $"""
            DELETE FROM delivery WHERE state = 'unknown' AND reason <> 'left';
            UPDATE issue SET state = 'sending', finished_at = NULL WHERE id = {sending};
            UPDATE issue SET state = 'paused', finished_at = NULL WHERE id = {paused};
            UPDATE issue SET scheduled_at = now() - interval '1 minute' WHERE id = {soon};
            UPDATE worker SET committed_at = now() - interval '50 seconds';
            INSERT INTO slice (issue_id, first_id, last_id, due_at, claim_id, lease_until)
            VALUES ({sending}, 1, 9, now() - interval '5 minutes', NULL, NULL),
                   ({sending}, 10, 19, now() - interval '20 minutes', 1, now() + interval '1 minute'),
                   ({paused}, 20, 29, now() - interval '20 minutes', NULL, NULL);
            INSERT INTO notice (kind, email, language, state, created_at, next_attempt_at, finished_at)
            VALUES ('confirmation', 'asa@gransele.example', 'sv', 'waiting', now(), now() - interval '5 minutes', NULL),
                   ('confirmation', 'bo@gransele.example', 'sv', 'refused', now(), now() - interval '20 minutes', now())
            """);

        Assert.That(await KindsAsync(desk), Is.EquivalentTo(new[] { FindingKind.IssuePaused }));
    }

    [TestCase(34, true)]
    [TestCase(36, false)]
    public async Task Unknown_letters_are_told_of_for_35_days(int days, bool told)
    {
        await using var desk = await StartCommandsAsync(workerSince: "0 hours");
        await Database.SentIssueAsync();
        await Database.ExecuteAsync($"UPDATE issue SET finished_at = now() - interval '{days} days' WHERE state = 'sent'");

        Assert.That(await KindsAsync(desk), Is.EqualTo(told ? [FindingKind.UnknownWaiting] : Array.Empty<FindingKind>()));
    }

    [Test]
    public async Task A_job_that_failed_has_not_run_takes_long_or_is_paused_is_found()
    {
        await using var desk = await StartCommandsAsync();
        await RunsAsync(("PlanIssue", "2 minutes", "succeeded"), ("PlanIssue", "1 minute", "failed"), ("PlanIssue", "9 minutes", "running"),
            ("RescueStalled", "1 hour", "succeeded"), ("ForgetSignUps", "5 hours", "succeeded"), ("ForgetRuns", "1 minute", "succeeded"),
            ("ForgetRuns", "11 minutes", "running"));
        await Database.ExecuteAsync("INSERT INTO job_pause (job, since, paused_by) VALUES ('ForgetSignUps', now(), 'x')");

        var found = await desk.Get<Checkup>().LookAsync(default);

        Assert.That(found.Select(finding => (finding.Kind, finding.Severity, ((Named)finding.Facts[0]).Name)), Is.EquivalentTo(new[]
        {
            (FindingKind.JobFailed, Severity.Warning, "PlanIssue"), (FindingKind.JobNotRun, Severity.Warning, "RescueStalled"),
            (FindingKind.JobLong, Severity.Warning, "ForgetRuns"), (FindingKind.JobPaused, Severity.Note, "ForgetSignUps"),
        }));
    }

    [Test]
    public async Task A_job_that_failed_once_and_then_succeeded_a_little_late_is_no_trouble()
    {
        await using var desk = await StartCommandsAsync();
        await RunsAsync(("RescueStalled", "4 minutes", "failed"), ("RescueStalled", "3 minutes", "succeeded"));

        Assert.That(await KindsAsync(desk), Is.Empty);
    }

    [Test]
    public async Task A_job_is_not_missed_before_a_worker_was_there_to_run_it()
    {
        await using var desk = await StartCommandsAsync(workerSince: "1 second");
        await Database.ExecuteAsync(
            "INSERT INTO worker (id, name, started_at, heartbeat_at, stopped_at) VALUES (gen_random_uuid(), 'b', now() - interval '1 day', now(), now())");

        Assert.That(await KindsAsync(desk), Is.Empty);
    }

    [Test]
    public async Task A_week_before_the_slot_an_issue_is_asked_for()
    {
        var time = new JumpingTime();
        await Database.ExecuteAsync($"UPDATE issue SET state = 'draft' WHERE id = {Next}");
        await using var host =
            await TestHost.StartAsync(Database, builder => builder.Services.AddSingleton<TimeProvider>(time), [.. Given.Relay(Relay), .. Earnest]);
        var slot = host.Get<MonthlySlot>().Next(time.GetUtcNow());

        time.Jump(slot.AddDays(-8) - TimeProvider.System.GetUtcNow());
        Assert.That((await KindsAsync(host)).Except([FindingKind.ClockOff, FindingKind.JobNotRun]), Is.Empty, "eight days before");
        time.Jump(slot.AddDays(-6) - TimeProvider.System.GetUtcNow());
        Assert.That((await KindsAsync(host)).Except([FindingKind.JobNotRun]),
            Is.EquivalentTo(new[] { FindingKind.NothingQueued, FindingKind.ClockOff }), "six days before, by a clock that is off");
        foreach (var (change, asked) in new[]
        {
            ("state = 'queued', scheduled_at = '2199-01-02 08:00Z'", true), ($"scheduled_at = '{slot.ToUniversalTime():O}'", false),
            ($"state = 'sent', started_at = '{slot.AddDays(-20).ToUniversalTime():O}', finished_at = now()", true),
            ($"started_at = '{slot.AddDays(-7).ToUniversalTime():O}'", false),
        })
        {
            await Database.ExecuteAsync($"UPDATE issue SET {change} WHERE id = {Next}");
            Assert.That((await KindsAsync(host)).Except([FindingKind.JobNotRun]),
                Is.EquivalentTo(asked ? new[] { FindingKind.NothingQueued, FindingKind.ClockOff } : [FindingKind.ClockOff]), change);
        }
    }

    /// <summary>Runs that ended so long ago; every other job has just succeeded.</summary>
    private async Task RunsAsync(params (string Job, string Ago, string State)[] runs)
    {
        var others = JobTable.Jobs.Select(job => job.Name).Except(runs.Select(run => run.Job))
            .Select(name => (Job: name, Ago: "0 minutes", State: "succeeded"));
        foreach (var (job, ago, state) in runs.Concat(others))
            await Database.ExecuteAsync(
                $"""
                INSERT INTO job_run (job, kind, worker_id, node, started_at, ended_at, state)
                SELECT '{job}', 'recurring', id, 'a', now() - interval '{ago}', CASE WHEN '{state}' <> 'running' THEN now() - interval '{ago}' END, '{state}'
                FROM worker
                """);
    }
}
