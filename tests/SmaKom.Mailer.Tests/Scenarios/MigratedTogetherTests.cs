using Npgsql;
using SmaKom.Mailer.Database.Migrations;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// Several processes migrate one database at once, as the containers of a new installation and of an upgrade do: each waits for its
/// turn, and none trips over what another makes.
/// </summary>
public sealed class MigratedTogetherTests
{
    private const int Processes = 4;
    private const string History = """CREATE TABLE migration ("MigrationId" varchar(150) PRIMARY KEY, "ProductVersion" varchar(32) NOT NULL)""";

    [TestCase(0)]
    [TestCase(4)]
    public async Task With_one_login_each_process_succeeds(int migrations)
    {
        await using var database = await TestDatabase.CreateEmptyAsync();

        await MigrateTogetherAsync(database, database.ConnectionString, migrations, database.ConnectionString);
    }

    [TestCase(0)]
    [TestCase(4)]
    public async Task With_two_logins_each_process_succeeds(int migrations)
    {
        await using var roles = await RoledDatabase.CreateAsync();

        await MigrateTogetherAsync(roles.Database, roles.Owner, migrations, roles.Runtime, ("ConnectionStrings__Owner", roles.Owner));
    }

    /// <param name="migrations">How many an older version has made already; 0 = the database is empty.</param>
    private static async Task MigrateTogetherAsync(TestDatabase database, string owner, int migrations, string connection,
        params (string, string)[] environment)
    {
        await MigrateByHandAsync(owner, migrations);
        await using var barrier = await database.Source.OpenConnectionAsync();
        await using var closed = await barrier.BeginTransactionAsync();
        // All come this far and no further, however late one starts: the table is theirs to make, or to look into.
        await ExecuteAsync(barrier, migrations == 0 ? History : "LOCK TABLE migration");
        var processes = Enumerable.Range(0, Processes).Select(_ => Smakom.RunAsync(connection, environment, "migrate")).ToList();
        await database.UntilAsync(
            $"""
            SELECT count(DISTINCT waiting.pid) = {Processes}
            FROM pg_locks AS waiting
            JOIN pg_stat_activity AS session ON session.pid = waiting.pid
            WHERE NOT waiting.granted AND session.datname = current_database()
            """);
        await closed.RollbackAsync();
        var runs = await Task.WhenAll(processes);

        Assert.That(runs.Select(run => run.Errors), Is.All.Empty);
        Assert.That(runs.Select(run => run.ExitCode), Is.All.Zero);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM migration"), Is.EqualTo(SqlMigration.All.Count));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM hangfire.schema"), Is.EqualTo(1));
    }

    private static async Task MigrateByHandAsync(string owner, int migrations)
    {
        if (migrations == 0) return;
        await using var source = NpgsqlDataSource.Create(owner);
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, History);
        foreach (var id in SqlMigration.All.Take(migrations))
        {
            using var file = new StreamReader(typeof(SqlMigration)
                .Assembly.GetManifestResourceStream($"SmaKom.Mailer.Database.Migrations.{id}.sql")!);
            await ExecuteAsync(connection, $"{await file.ReadToEndAsync()}; INSERT INTO migration VALUES ('{id}', '10.0.0')");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
