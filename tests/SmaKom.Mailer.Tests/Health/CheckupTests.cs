using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Schedule;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>Each trouble that an administrator can have is found, and nothing when there is none.</summary>
public sealed class CheckupTests
{
    private static readonly string KeyFile = WriteKey();

    private static readonly (string, string)[] Earnest =
    [
        ("Site:PublicUrl", "https://nyhetsbrev.smakom.test"), ("Sender:Address", "nyhetsbrev@smakom.test"), ("Dkim:Selector", "s1"), ("Dkim:PrivateKeyFile", KeyFile),
    ];

    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private int next;

    [SetUp]
    public async Task BeginAsync()
    {
        (database, relay) = (await TestDatabase.CreateAsync(), new());
        // So that no test depends on how soon the month ends.
        next = await database.IssueAsync("2099-01", queued: true);
        await database.ExecuteAsync($"UPDATE issue SET scheduled_at = now() + interval '1 hour' WHERE id = {next}");
    }

    [TearDown]
    public async Task EndAsync()
    {
        await database.DisposeAsync();
        await relay.DisposeAsync();
    }

    [Test]
    public async Task Nothing_is_found_where_nothing_is_wrong()
    {
        await using var host = await StartAsync();

        Assert.That(await KindsAsync(host), Is.Empty);
    }

    [Test]
    public async Task A_worker_that_has_stopped_is_missed()
    {
        await using var desk = await StartAsync(("Roles", "web"));
        await database.ExecuteAsync("INSERT INTO worker (id, name, started_at, heartbeat_at) VALUES (gen_random_uuid(), 'a', now() - interval '1 day', now() - interval '1 hour')");

        Assert.That(await KindsAsync(desk), Is.EquivalentTo(new[] { FindingKind.NoWorker }));
    }

    [TestCase("Authentication", FindingKind.RelayPassword)]
    [TestCase("Unreachable", FindingKind.RelayUnreachable)]
    [TestCase("Timeout", FindingKind.RelayUnreachable)]
    [TestCase("Tls", FindingKind.RelayCertificate)]
    [TestCase("Busy", FindingKind.RelayFailing)]
    public async Task A_failing_relay_is_told_by_its_kind(string failure, FindingKind kind)
    {
        await using var host = await StartAsync();
        await database.ExecuteAsync($"UPDATE relay SET failures = 3, last_failure_kind = '{failure}', available_at = now() + interval '1 minute'");

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { kind }));
    }

    [Test]
    public async Task A_relay_that_refuses_the_password_is_found_from_a_real_refusal()
    {
        relay.Options = new() { Username = "u", Password = "rätt", AuthRequired = true, AuthMechanisms = "PLAIN" };
        await database.SubscribersAsync(1);
        await using var host = await StartAsync(("Smtp:Username", "u"), ("Smtp:Password", "fel"), ("Smtp:AllowPlaintextAuth", "true"));
        await database.IssueAsync(queued: true);
        await host.PlanAsync();
        await database.UntilAsync("SELECT EXISTS (SELECT FROM relay WHERE failures > 0)");

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { FindingKind.RelayPassword }));
    }

    [Test]
    public async Task Without_a_relay_that_is_what_is_wrong()
    {
        await using var host = await StartAsync();
        await database.ExecuteAsync("UPDATE relay SET enabled = false");

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { FindingKind.NoRelay }));
    }

    [Test]
    public async Task Work_that_nobody_takes_an_overdue_issue_a_paused_one_and_unknown_letters_are_found()
    {
        await using var desk = await StartAsync(("Roles", "web"));
        var (stuck, paused) = (await database.SentIssueAsync("2026-09"), await database.IssueAsync("2026-10"));
        var overdue = await database.IssueAsync("2026-11", queued: true);
        await database.ExecuteAsync(
            $"""
            UPDATE issue SET state = 'sending', finished_at = NULL WHERE id = {stuck};
            UPDATE issue SET state = 'paused' WHERE id = {paused};
            UPDATE issue SET scheduled_at = now() - interval '1 hour' WHERE id = {overdue};
            INSERT INTO slice (issue_id, first_id, last_id, due_at) VALUES ({stuck}, 1, 99, now() - interval '20 minutes');
            INSERT INTO notice (kind, email, language, created_at, next_attempt_at) VALUES ('confirmation', 'asa@gransele.example', 'sv', now(), now() - interval '20 minutes');
            INSERT INTO worker (id, name, started_at, heartbeat_at) VALUES (gen_random_uuid(), 'a', now(), now())
            """);

        Assert.That(await KindsAsync(desk), Is.EquivalentTo(new[] { FindingKind.QueueStuck, FindingKind.NoticesStuck, FindingKind.IssueOverdue, FindingKind.IssuePaused, FindingKind.UnknownWaiting }));
    }

    [Test]
    public async Task A_failed_job_and_one_that_has_not_run_are_found_and_a_paused_one_is_not()
    {
        await using var desk = await StartAsync(("Roles", "web"));
        await database.ExecuteAsync(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at) VALUES (gen_random_uuid(), 'a', now() - interval '1 day', now());
            INSERT INTO job_run (job, kind, worker_id, node, started_at, ended_at, state)
            SELECT job, 'recurring', id, 'a', now() - back, now() - back, state::job_run_state
            FROM worker, (VALUES ('PlanIssue', interval '1 minute', 'failed'), ('RescueStalled', interval '1 hour', 'succeeded'), ('ForgetSignUps', interval '5 hours', 'succeeded')) AS r (job, back, state);
            INSERT INTO job_pause (job, since, paused_by) VALUES ('ForgetSignUps', now(), 'x');
            INSERT INTO job_run (job, kind, worker_id, node, started_at, ended_at, state)
            SELECT job, 'recurring', id, 'a', now(), now(), 'succeeded' FROM worker, unnest($1) AS job
            """.Replace("$1", $"ARRAY[{string.Join(",", Others())}]::text[]", StringComparison.Ordinal));
        var found = await desk.Get<Checkup>().LookAsync(default);

        Assert.That(found.Select(finding => (finding.Kind, finding.Facts[0])), Is.EquivalentTo(new[] { (FindingKind.JobFailed, (object)"PlanIssue"), (FindingKind.JobNotRun, "RescueStalled") }));

        static IEnumerable<string> Others() => JobTable.Jobs.Select(job => job.Name).Except(["PlanIssue", "RescueStalled", "ForgetSignUps"]).Select(name => $"'{name}'");
    }

    [Test]
    public async Task A_week_before_the_slot_an_issue_is_asked_for()
    {
        var time = new JumpingTime();
        await database.ExecuteAsync($"UPDATE issue SET state = 'draft' WHERE id = {next}");
        await using var host = await TestHost.StartAsync(database, builder => builder.Services.AddSingleton<TimeProvider>(time), [.. Given.Relay(relay), .. Earnest]);
        var slot = host.Get<MonthlySlot>().Next(time.GetUtcNow());

        time.Jump(slot.AddDays(-8) - TimeProvider.System.GetUtcNow());
        Assert.That((await KindsAsync(host)).Except([FindingKind.ClockOff, FindingKind.JobNotRun]), Is.Empty, "eight days before");
        time.Jump(slot.AddDays(-6) - TimeProvider.System.GetUtcNow());
        Assert.That((await KindsAsync(host)).Except([FindingKind.JobNotRun]), Is.EquivalentTo(new[] { FindingKind.NothingQueued, FindingKind.ClockOff }), "six days before, by a clock that is off");
        await database.ExecuteAsync($"UPDATE issue SET state = 'queued', scheduled_at = '{slot.ToUniversalTime():O}' WHERE id = {next}");
        Assert.That((await KindsAsync(host)).Except([FindingKind.JobNotRun]), Is.EquivalentTo(new[] { FindingKind.ClockOff }));
    }

    [Test]
    public async Task Settings_that_are_fit_for_a_trial_only_are_found()
    {
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Accounts:AllowSampleLogin", "true"), ("Site:PublicUrl", "http://nyhetsbrev.smakom.test")]);

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[] { FindingKind.PublicUrlUnsafe, FindingKind.SenderSample, FindingKind.DkimMissing, FindingKind.SampleLoginOpen }));
    }

    [TestCase("Username=mailer;Password=mailer", true)]
    [TestCase("Username=mailer;Password=Postgres", true)]
    [TestCase("Username=mailer;Password=4f9c1b7e22", false)]
    public async Task A_password_that_anybody_would_guess_is_found(string login, bool guessable)
    {
        await using var app = MailerHost.Build([], builder => TestHost.Configure(builder, $"Host=localhost;Database=x;{login}", Earnest));

        var found = await app.Services.GetServices<ICheck>().OfType<SettingChecks>().Single().LookAsync(default);
        Assert.That(found.Select(finding => finding.Kind), Is.EqualTo(guessable ? [FindingKind.DatabasePasswordWeak] : Array.Empty<FindingKind>()));
    }

    [TestCase(500L << 20, 100L << 30, true)]
    [TestCase(2L << 30, 100L << 30, false)]
    [TestCase(500L << 20, 2L << 30, false)]
    public void A_disk_is_nearly_full_below_a_gigabyte_and_a_tenth(long free, long total, bool full) =>
        Assert.That(MachineChecks.IsNearlyFull(free, total), Is.EqualTo(full));

    [Test]
    public void Every_finding_has_four_parts_in_both_languages()
    {
        var words = new System.Resources.ResourceManager("SmaKom.Mailer.Health.HealthWords", typeof(HealthWords).Assembly);
        Assert.Multiple(() =>
        {
            foreach (var kind in Enum.GetNames<FindingKind>())
                foreach (var part in new[] { "Title", "Happened", "Lost", "Do" })
                    foreach (var language in new[] { "sv", "en" })
                        Assert.That(words.GetString($"{kind}.{part}", System.Globalization.CultureInfo.GetCultureInfo(language)), Is.Not.Null.And.Not.Empty, $"{kind}.{part} {language}");
        });
    }

    [Test]
    public void Every_finding_has_its_entry_in_the_operations_manual()
    {
        var manual = File.ReadAllText(Path.Combine(Templates.Repository.Root, "docs", "operations.md"));
        Assert.That(Enum.GetNames<FindingKind>().Where(kind => !manual.Contains($"`{kind}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static string WriteKey()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("smakom-key-").FullName, "dkim.pem");
        File.WriteAllText(file, Mail.Dkim.SampleKey.Pem);
        return file;
    }

    private Task<TestHost> StartAsync(params (string, string)[] settings) => TestHost.StartAsync(database, [.. Given.Relay(relay), .. Earnest, .. settings]);

    private static async Task<IEnumerable<FindingKind>> KindsAsync(TestHost host) => (await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind);
}
