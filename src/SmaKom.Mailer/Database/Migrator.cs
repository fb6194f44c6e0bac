using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Database.Migrations;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Database;

/// <summary>
/// Brings the database to this version's schema. Many processes may start at once: one lock around everything lets them through one after
/// the other. (EF Core's own ends with each migration, and whoever waited for it goes on with a list of what was missing before.)
/// </summary>
public sealed partial class Migrator(
    IDbContextFactory<MailerDb> contexts, NpgsqlDataSource source, DatabaseOptions options, IEnumerable<IForeignSchema> foreign, KeyEncryption keys,
    ILogger<Migrator> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>At a start: migrates, or only looks whether somebody has, as <see cref="DatabaseOptions.MigrateAtStart"/> says.</summary>
    /// <exception cref="ConfigurationException">The database cannot be reached, refuses the login, or is older than this version.</exception>
    public async Task PrepareAsync(CancellationToken ct)
    {
        if (options.MigrateAtStart)
        {
            await MigrateAsync(ct);
            if (options.Owner is not null) await ReloadTypesAsync(ct);
        }
        else
        {
            await ExplainedAsync(RequireMigratedAsync, ct);
        }
    }

    /// <summary>With two logins as the owner alone: the other need not be able to log in.</summary>
    /// <exception cref="ConfigurationException">The database cannot be reached or refuses the login.</exception>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await ExplainedAsync(options.Owner is null ? MigrateAsRunningAsync : MigrateAsOwnerAsync, ct);
        if (options.Owner is null) await ReloadTypesAsync(ct);
    }

    /// <summary>What this version has and the database has not.</summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken ct)
    {
        // By hand: a health check asks it, and Entity Framework takes seconds to get ready for the same question.
        await using var command = source.CreateCommand("""SELECT "MigrationId" FROM migration""");
        var applied = new HashSet<string>();
        try
        {
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct)) applied.Add(rows.GetString(0));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // An empty database.
        }

        var pending = SqlMigration.All.Where(id => !applied.Contains(id)).ToList();
        foreach (var schema in foreign)
            if (!await schema.IsCurrentAsync(source, ct)) pending.Add(schema.Name);
        return pending;
    }

    // Enum types created just now are unknown to connections opened before.
    private async Task ReloadTypesAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ReloadTypesAsync(ct);
    }

    private async Task MigrateAsRunningAsync(CancellationToken ct)
    {
        await using var turn = await TakeTurnAsync(source, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.MigrateAsync(ct);
        foreach (var schema in foreign) await schema.CreateAsync(source, ct);
        await keys.EncryptAsync(source, ct);
    }

    private async Task MigrateAsOwnerAsync(CancellationToken ct)
    {
        await using var owner = DatabaseFeature.CreateDataSource(options.Owner!);
        await using var turn = await TakeTurnAsync(owner, ct);
        var asOwner = new DbContextOptionsBuilder<MailerDb>();
        DatabaseFeature.UseMailerDatabase(asOwner, owner);
        await using (var db = new MailerDb(asOwner.Options)) await db.Database.MigrateAsync(ct);
        foreach (var schema in foreign) await schema.CreateAsync(owner, ct);
        await keys.EncryptAsync(owner, ct);
        await GrantAsync(owner, ct);
    }

    /// <summary>The same for both logins: a lock belongs to the database.</summary>
    private async Task<SessionLock> TakeTurnAsync(NpgsqlDataSource migrating, CancellationToken ct)
    {
        while (true)
        {
            if (await SessionLock.TakeAsync(migrating, "migrations", Patience, ct) is { } turn) return turn;
            Log.WaitsForTurn(logger);
        }
    }

    private async Task GrantAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        using var file = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream("SmaKom.Mailer.Database.Grants.sql")!);
        var grants = await file.ReadToEndAsync(ct);
        await using var connection = await owner.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT set_config('smakom.runtime', @runtime, true),
                set_config('smakom.reader', @reader, true),
                set_config('smakom.reports', @reports, true)
            """, connection);
        command.With(
            new("runtime", new NpgsqlConnectionStringBuilder(source.ConnectionString).Username),
            new("reader", options.Reader ?? ""), new("reports", options.Reports ?? ""));
        await command.ExecuteNonQueryAsync(ct);
        await using (var grant = new NpgsqlCommand(grants, connection)) await grant.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task RequireMigratedAsync(CancellationToken ct)
    {
        if (await PendingAsync(ct) is { Count: > 0 } pending)
            throw new ConfigurationException(
                SettingWords.Say("Database.Lacks", string.Join(", ", pending)));
    }

    private async Task ExplainedAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await work(ct);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            throw new ConfigurationException(Explain(e as NpgsqlException ?? (NpgsqlException)e.InnerException!), e);
        }
    }

    private string Explain(NpgsqlException e)
    {
        var at = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var what = e is PostgresException p ? $"PostgreSQL at {at.Host}:{at.Port} answered: {p.MessageText} ({p.SqlState})."
            : $"PostgreSQL does not answer at {at.Host}:{at.Port}.";
        return $"{what} Nothing was changed. Check that the server runs and that ConnectionStrings__Mailer{(options.Owner is null ? " names" : " and ConnectionStrings__Owner name")} the right host, database and login.";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Another process is changing the database's tables; waiting for it")]
        public static partial void WaitsForTurn(ILogger logger);
    }
}
