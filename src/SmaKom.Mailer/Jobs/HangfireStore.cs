using System.Globalization;
using System.Text.RegularExpressions;
using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Jobs;

/// <summary>Hangfire's store in our PostgreSQL, on our connections, in its schema <c>hangfire</c>.</summary>
internal static class HangfireStore
{
    public static JobStorage Open(NpgsqlDataSource source, ScheduleOptions options)
    {
        // How rows are written; static, and the same for every host.
        GlobalConfiguration.Configuration.SetDataCompatibilityLevel(CompatibilityLevel.Version_180);
        return new PostgreSqlStorage(new Connections(source), new PostgreSqlStorageOptions
        {
            SchemaName = HangfireSchema.Name,
            PrepareSchemaIfNecessary = false,
            QueuePollInterval = options.PollInterval,
            // A run is another worker's once its own has been silent for this long, however long the run itself takes.
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = Silence(options),
            // A lock that a dead worker has left behind holds up the schedulers of all others, and a worker that starts waits 15 s at the
            // most before it gives up. Whoever is held up for longer while it holds one does no harm: runs exclude each other by a lock of our own.
            DistributedLockTimeout = TimeSpan.FromSeconds(10),
        });
    }

    /// <summary>How long a worker may be silent. Its heart beats once a second at the most, so a few seconds at the least.</summary>
    public static TimeSpan Silence(ScheduleOptions options) =>
        options.CheckInInterval * 4 is var span && span > TimeSpan.FromSeconds(5) ? span : TimeSpan.FromSeconds(5);

    private sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }
}

/// <summary>Hangfire's tables, made by its own scripts.</summary>
internal sealed partial class HangfireSchema : IForeignSchema
{
    public const string Name = "hangfire";

    /// <summary>Of its scripts, which are numbered resources.</summary>
    private static readonly int Newest = typeof(PostgreSqlStorage).Assembly.GetManifestResourceNames()
        .Select(name => Script().Match(name)).Where(match => match.Success)
            .Max(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    string IForeignSchema.Name => Name;

    public async Task<bool> IsCurrentAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand($"SELECT version FROM {Name}.schema");
        try
        {
            return await command.ExecuteScalarAsync(ct) is int version && version >= Newest;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    public async Task CreateAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        PostgreSqlObjectsInstaller.Install(connection, Name);
    }

    [GeneratedRegex(@"\.v(\d+)\.sql$")]
    private static partial Regex Script();
}
