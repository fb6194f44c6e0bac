using System.Diagnostics;
using Npgsql;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The service runs as a role that owns nothing: it can do its work, and neither change tables nor rewrite what has happened.</summary>
public sealed class LeastPrivilegeTests
{
    private RoledDatabase roles = null!;

    [OneTimeSetUp]
    public async Task MakeRolesAsync()
    {
        roles = await RoledDatabase.CreateAsync();
        await roles.MigrateAsync();
    }

    [OneTimeTearDown]
    public async Task DropRolesAsync() => await roles.DisposeAsync();

    [Test]
    public async Task A_whole_issue_goes_out_as_the_runtime_role_and_readers_come_and_go()
    {
        await using var relay = new FakeRelay();
        await using var host =
            await StartAsync(roles, ("Smtp:Host", relay.Host), ("Smtp:Port", $"{relay.Port}"), ("Smtp:Tls", "None"),
                ("SignUp:MinimumTime", "00:00:00"),
            ("Dispatch:PollInterval", "00:00:00.2"), ("Dispatch:RetryAfter:0", "00:00:00.05"));
        var database = roles.Database;
        await database.SubscribersAsync(40);
        foreach (var odd in new[] { "permfail", "greylist", "hangup-after-data" }) await database.SubscriberAsync($"{odd}@gransele.example");
        var leaver = await database.SubscriberAsync("kim@gransele.example");

        using var reader = new PageReader(host.Url);
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "asa@gransele.example"),
            ("Form.Consent", "true"));
        await reader.SubmitAsync(await reader.GetAsync(host.UnsubscribePath(leaver)), "main form", ("knapp", "avsluta"));
        await relay.WaitFor(2);
        var issue = await database.IssueAsync();
        await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);
        await host.Get<ExpiredLeases>().RescueAsync(default);

        Assert.That((receipt.Audience, receipt.Accepted, receipt.Refused, receipt.Unknown), Is.EqualTo((43, 41, 1, 1)), $"{receipt}");
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM hangfire.server"), Is.EqualTo(1), "the run clock runs");
    }

    [TestCase("CREATE TABLE public.mine (id integer)")]
    [TestCase("ALTER TABLE subscriber ADD COLUMN mine text")]
    [TestCase("DROP TABLE delivery_attempt")]
    [TestCase("TRUNCATE subscriber_event")]
    [TestCase("ALTER TABLE subscriber_event DISABLE TRIGGER ALL")]
    [TestCase("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")]
    [TestCase("UPDATE subscriber_event SET kind = 'confirmed'")]
    [TestCase("DELETE FROM subscriber_event")]
    [TestCase("UPDATE delivery_attempt SET outcome = 'accepted'")]
    [TestCase("DELETE FROM delivery_attempt")]
    [TestCase("DELETE FROM suppression")]
    [TestCase("UPDATE suppression SET reason = ''")]
    [TestCase("DELETE FROM delivery")]
    [TestCase("DELETE FROM subscriber")]
    [TestCase("UPDATE link_key SET secret = '\\x00'")]
    [TestCase("DELETE FROM data_protection_key")]
    [TestCase("INSERT INTO migration VALUES ('9999', '1')")]
    [TestCase("DELETE FROM migration")]
    [TestCase("DELETE FROM public_issue")]
    [TestCase("UPDATE public_issue SET subject = ''")]
    public async Task The_runtime_role_is_refused(string statement)
    {
        await using var source = NpgsqlDataSource.Create(roles.Runtime);
        await using var command = source.CreateCommand(statement);

        var refusal = Assert.ThrowsAsync<PostgresException>(async () => await command.ExecuteNonQueryAsync())!;
        Assert.That(refusal.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege), refusal.MessageText);
    }

    [Test]
    public async Task The_reader_reads_and_writes_nothing()
    {
        await using var source = NpgsqlDataSource.Create(roles.Reader);

        await using (var select = source.CreateCommand("SELECT count(*) FROM migration")) Assert.That(await select.ExecuteScalarAsync(),
            Is.GreaterThan(4));
        await using var insert = source.CreateCommand("UPDATE subscriber SET name = 'x'");
        Assert.That(Assert.ThrowsAsync<PostgresException>(async () => await insert.ExecuteNonQueryAsync())!.SqlState,
            Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }

    [Test]
    public async Task The_reader_makes_the_nightly_backup()
    {
        var login = new NpgsqlConnectionStringBuilder(roles.Reader);
        using var dump = Process.Start(
            new ProcessStartInfo("pg_dump", ["-h", login.Host!, "-p", $"{login.Port}", "-U", login.Username!, "-d", login.Database!, "--schema-only"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var (script, errors) = (dump.StandardOutput.ReadToEndAsync(), dump.StandardError.ReadToEndAsync());
        await dump.WaitForExitAsync();

        Assert.That((dump.ExitCode, await errors), Is.EqualTo((0, "")));
        Assert.That(await script, Does.Contain("CREATE TABLE public.delivery ").And.Contain("CREATE TABLE hangfire.job "));
    }

    [TestCase("SELECT secret FROM link_key")]
    [TestCase("SELECT xml FROM data_protection_key")]
    [TestCase("SELECT password_hash FROM staff_member")]
    [TestCase("SELECT * FROM staff_member")]
    [TestCase("SELECT id FROM staff_session")]
    [TestCase("SELECT password_protected FROM relay")]
    [TestCase("SELECT payload FROM notice")]
    [TestCase("SELECT token_hash FROM sign_up")]
    [TestCase("SELECT address_hash FROM suppression")]
    [TestCase("SELECT bytes FROM inbox_message")]
    [TestCase("SELECT count(*) FROM hangfire.job")]
    [TestCase("UPDATE subscriber SET name = 'x'")]
    [TestCase("INSERT INTO admin_action (at, who, what) VALUES (now(), 'x', 'y')")]
    public async Task Reports_are_refused(string statement)
    {
        await using var source = NpgsqlDataSource.Create(roles.Reports);
        await using var command = source.CreateCommand(statement);

        var refusal = Assert.ThrowsAsync<PostgresException>(async () => await command.ExecuteNonQueryAsync())!;
        Assert.That(refusal.SqlState, Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege), refusal.MessageText);
    }

    [Test]
    public async Task Reports_count_letters_people_and_what_was_done()
    {
        await using var source = NpgsqlDataSource.Create(roles.Reports);
        await using var select = source.CreateCommand(
            """
            SELECT count(*)
            FROM delivery
            JOIN subscriber AS s ON s.id = subscriber_id
            JOIN issue ON issue.id = issue_id, admin_action, staff_member AS m, relay
            WHERE m.email = relay.name AND s.email = ''
            """);

        Assert.That(await select.ExecuteScalarAsync(), Is.Zero);
    }

    /// <summary>A column that comes later and sounds like a secret is looked at by somebody before reports see it.</summary>
    [Test]
    public async Task No_column_that_sounds_like_a_secret_is_in_reports()
    {
        var seen = await roles.Database.ScalarAsync<string[]>(
            $"""
            SELECT COALESCE(array_agg(table_name || '.' || column_name ORDER BY table_name, column_name), '{"{}"}')
            FROM information_schema.columns
            WHERE table_schema = 'public'
                AND column_name ~ 'hash|secret|password|token|stamp|payload|xml|key|certificate|protected|bytes|session'
                AND has_column_privilege('{new NpgsqlConnectionStringBuilder(roles.Reports).Username}', table_name, column_name, 'SELECT')
            """);

        Assert.That(seen, Is.EquivalentTo(new[]
        {
            "sign_up.email_key", "subscriber.email_key", "notice.email_key", "address_change.email_key", "mailing_list.key", "job_run.key", "media.bytes",
            "issue.source_hash", "incoming_mail.key",
        }));
    }

    /// <summary>They do with their owner's rights what the service may not: forget letters, words of proof, actions, drafts.</summary>
    [Test]
    public async Task Whoever_only_reads_can_have_nothing_forgotten()
    {
        foreach (var login in new[] { roles.Reports, roles.Reader })
            Assert.That(await roles.Database.ScalarAsync<string>(
                $"""
                SELECT COALESCE(string_agg(oid::regprocedure::text, ' '), '')
                FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND prosecdef
                    AND has_function_privilege('{new NpgsqlConnectionStringBuilder(login).Username}', oid, 'EXECUTE')
                """), Is.Empty);
    }

    [Test]
    public async Task With_both_logins_a_start_migrates_as_the_owner_and_runs_as_the_other()
    {
        await using var empty = await RoledDatabase.CreateAsync();
        await using var host = await StartAsync(empty, ("Database:MigrateAtStart", "true"), ("ConnectionStrings:Owner", empty.Owner));

        Assert.That(await empty.Database.ScalarAsync<string>(
            "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE schemaname = 'public'"), Is.EqualTo(empty.OwnerName));
    }

    [Test, SetUICulture("sv")]
    public async Task Without_the_owner_a_start_on_an_old_database_says_what_to_run()
    {
        await using var empty = await RoledDatabase.CreateAsync();
        var stopped = Assert.ThrowsAsync<ConfigurationException>(async () => await (await StartAsync(empty)).DisposeAsync())!;

        Assert.That(stopped.Message, Does.Contain("0001_initial").And.Contain("smakom migrate").And.Contain("Inget har ändrats"));
    }

    private static Task<TestHost> StartAsync(RoledDatabase roles, params (string, string)[] settings) =>
        TestHost.StartAsync(roles.Database, builder => builder.Configuration["ConnectionStrings:Mailer"] = roles.Runtime,
            [("Database:MigrateAtStart", "false"), .. settings]);
}
