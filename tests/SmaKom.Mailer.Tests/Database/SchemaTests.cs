using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Database;

public sealed class SchemaTests
{
    [Test]
    public async Task Every_property_of_the_model_is_a_column_of_the_same_type_and_nullability()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var db = database.Open();
        await AssertColumnsAreThereAsync(database, db);
    }

    [Test]
    public async Task Every_property_of_the_accounts_is_a_column_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new DbContextOptionsBuilder<AccountsDb>();
        DatabaseFeature.UseMailerDatabase(options, database.Source);
        await using var db = new AccountsDb(options.Options);
        await AssertColumnsAreThereAsync(database, db);
    }

    [Test]
    public async Task Processes_that_migrate_at_once_do_not_collide()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        await using var one = await Task.Run(() => TestHost.StartAsync(database, ("Roles", "web")));
        var more = Enumerable.Range(0, 3).Select(_ => TestHost.StartAsync(database, ("Roles", "web"))).ToArray();
        foreach (var host in await Task.WhenAll(more)) await host.DisposeAsync();

        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM link_key"), Is.EqualTo(1));
    }

    // An installation of 0.1.0: the tables of the job engine that it had, and an issue that waits for its hour.
    [Test]
    public async Task An_upgrade_from_quartz_takes_its_tables_and_no_queued_issue()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.IssueAsync("2026-12");
        await database.ExecuteAsync(
            """
            ALTER TABLE issue DROP COLUMN job_id;
            DELETE FROM migration WHERE "MigrationId" = '0012_issue_job';
            DROP SCHEMA hangfire CASCADE;
            CREATE TABLE qrtz_job_details (job_name text PRIMARY KEY);
            CREATE TABLE qrtz_triggers (job_name text REFERENCES qrtz_job_details);
            UPDATE issue SET state = 'queued', scheduled_at = '2099-12-01T08:00:00Z';
            """);

        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlanIssue>().RunAsync(null, default);

        Assert.That(await database.ScalarAsync<bool>("SELECT to_regclass('qrtz_triggers') IS NULL AND to_regclass('qrtz_job_details') IS NULL"),
            Is.True);
        Assert.That(host.Get<JobEngine>().Planned().Select(run => (run.Job, run.Key, run.At)),
            Is.EqualTo(new[] { (nameof(SendIssue), $"{issue}", DateTimeOffset.Parse("2099-12-01T08:00:00Z")) }));
    }

    [Test]
    public async Task The_event_log_cannot_be_rewritten()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            VALUES ('åsa@gransele.example', 'åsa@gransele.example', 'gransele.example', 'active', 'member', now());
            INSERT INTO subscriber_event (subscriber_id, at, kind) SELECT id, now(), 'imported' FROM subscriber;
            """);

        Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ExecuteAsync("UPDATE subscriber_event SET kind = 'confirmed'"));
        Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ExecuteAsync("DELETE FROM subscriber_event"));
    }

    // An installation of before there were lists: people, an issue that goes out, a letter frozen for it.
    [Test]
    public async Task An_upgrade_puts_everybody_on_the_newsletter_without_a_mail()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3);
        var left = await database.SubscriberAsync("left@gransele.example", LegalBasis.Consent, SubscriberStatus.Unsubscribed);
        var erased = await database.SubscriberAsync("erased@gransele.example", status: SubscriberStatus.Erased);
        var issue = await database.IssueAsync(queued: true);
        await database.ExecuteAsync(
            """
            UPDATE subscriber SET left_at = created_at + interval '1 day' WHERE status = 'unsubscribed';
            DROP VIEW public_issue; -- of a later version
            DROP TABLE address_change;
            ALTER TABLE subscriber DROP COLUMN paused_until;
            ALTER TABLE notice DROP COLUMN list_id;
            ALTER TABLE sign_up DROP COLUMN lists;
            ALTER TABLE frozen_letter DROP COLUMN list_id;
            ALTER TABLE issue DROP COLUMN lists;
            DROP TABLE subscription, mailing_list;
            DELETE FROM migration WHERE "MigrationId" IN ('0039_lists', '0040_preferences');
            """);

        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));

        Assert.That(await database.ScalarAsync<string>("SELECT concat_ws('|', key, coalesce(name, '–'), is_open) FROM mailing_list"),
            Is.EqualTo("nyhetsbrev|–|t"), "its name stays that of the settings");
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscription WHERE list_id = 1 AND ended_at IS NULL AND legal_basis = 'member'"),
            Is.EqualTo(3));
        Assert.That(await database.ScalarAsync<bool>(
            $"SELECT p.ended_at = s.left_at AND p.legal_basis = 'consent' FROM subscription AS p JOIN subscriber AS s ON s.id = subscriber_id WHERE s.id = {left}"));
        Assert.That(await database.ScalarAsync<long>($"SELECT count(*) FROM subscription WHERE subscriber_id = {erased}"), Is.Zero);
        Assert.That(await database.ScalarAsync<bool>($"SELECT lists = '{{1}}' FROM issue WHERE id = {issue}"));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM notice WHERE kind <> 'test_letter'"), Is.Zero);
    }

    private static async Task AssertColumnsAreThereAsync(TestDatabase database, DbContext db)
    {
        var columns = await ColumnsAsync(database);
        Assert.Multiple(() =>
        {
            foreach (var property in db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            {
                var (table, name) = (property.DeclaringType.ContainingEntityType.GetTableName()!, property.GetColumnName());
                Assert.That(columns.TryGetValue((table, name), out var column), $"{table}.{name} is missing");
                Assert.That(column?.DataType, Is.EqualTo(property.GetColumnType()), $"{table}.{name}");
                Assert.That(column?.Nullable, Is.EqualTo(property.IsColumnNullable()), $"{table}.{name} nullable");
            }
        });
    }

    private static async Task<Dictionary<(string Table, string Name), Column>> ColumnsAsync(TestDatabase database)
    {
        var columns = new Dictionary<(string, string), Column>();
        await using var command = database.Source.CreateCommand(
            """
            SELECT table_name, column_name, CASE WHEN data_type = 'USER-DEFINED' THEN udt_name WHEN udt_name = '_int2' THEN 'smallint[]' ELSE data_type END, is_nullable = 'YES'
            FROM information_schema.columns
            WHERE table_schema = 'public'
            """);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            columns.Add((rows.GetString(0), rows.GetString(1)), new(rows.GetString(2), rows.GetBoolean(3)));
        return columns;
    }

    private sealed record Column(string DataType, bool Nullable);
}
