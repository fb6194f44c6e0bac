using Npgsql;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Database;

/// <summary>What proves something is only ever added to, also where one login owns everything (here: a superuser).</summary>
public sealed class ProofTests
{
    private static readonly string[] Tables =
        ["admin_action", "delivery_attempt", "delivery_decision", "delivery_decision_letter", "return_signal", "subscriber_event", "suppression"];

    private TestDatabase database = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        database = await TestDatabase.CreateAsync();
        await database.AutumnAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO suppression (address_hash, reason, since) VALUES ('\x01', 'asked', now());
            INSERT INTO admin_action (at, who, what) VALUES (now(), 'x', 'issue.queue');
            INSERT INTO return_signal (subscriber_id, at, class, attempt_id) SELECT max(id), now(), 'hard', 1 FROM subscriber
            """);
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await database.DisposeAsync();

    [Test]
    public async Task Nothing_changes_a_row_of_proof_or_takes_it_away([ValueSource(nameof(Tables))] string table)
    {
        var rows = await RowsAsync(database, table);
        Assert.That(rows, Is.Not.Empty, "there is something to lose");
        var column = await database.ScalarAsync<string>(
            $"SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum = 2");

        string[] statements =
            [$"UPDATE {table} SET {column} = {column}", $"DELETE FROM {table}", $"TRUNCATE {table} CASCADE", "TRUNCATE subscriber, issue CASCADE"];
        foreach (var statement in statements)
        {
            var refusal = Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(statement), statement)!;
            Assert.That(refusal.SqlState, Is.EqualTo(PostgresErrorCodes.IntegrityConstraintViolation), statement);
        }

        Assert.That(await RowsAsync(database, table), Is.EqualTo(rows));
    }

    [Test]
    public async Task Each_table_that_is_guarded_is_guarded_against_all_three()
    {
        // 8: DELETE, 16: UPDATE, 32: TRUNCATE (pg_trigger.tgtype).
        var guarded = await database.ScalarAsync<string[]>(
            """
            SELECT array_agg(name ORDER BY name)
            FROM (SELECT tgrelid::regclass::text AS name, bit_or(tgtype) & 56 AS events
                  FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                  WHERE proname LIKE 'refuse_change%' AND tgenabled = 'O'
                  GROUP BY 1) AS tables
            WHERE events = 56
            """);

        Assert.That(guarded, Is.EqualTo(Tables));
    }

    [Test]
    public async Task A_backup_is_restored_with_its_proof_and_its_guards()
    {
        // As docs/operations.md says; in several processes, too, where pg_restore empties each table before it fills it.
        using var backup = await Backup.OfAsync(database);
        await using var restored = await backup.RestoreAsync("--jobs=2");

        foreach (var table in Tables) Assert.That(await RowsAsync(restored, table), Is.EqualTo(await RowsAsync(database, table)), table);
        Assert.ThrowsAsync<PostgresException>(() => restored.ExecuteAsync("TRUNCATE admin_action"));
    }

    private static Task<string> RowsAsync(TestDatabase database, string table) =>
        database.ScalarAsync<string>($"SELECT COALESCE(string_agg(t::text, ';' ORDER BY t::text), '') FROM {table} AS t");
}
