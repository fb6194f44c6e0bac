using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Npgsql;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Schedule;

/// <summary>Hangfire's store in our PostgreSQL, on our connections, in its schema <c>hangfire</c>.</summary>
internal static class HangfireStore
{
    /// <summary>What accompanies each job: counts for the dashboard's graphs, and no retries, since retrying is ours.</summary>
    public static readonly IJobFilterProvider Filters = new JobFilterProviderCollection(
        new JobFilterCollection { new AutomaticRetryAttribute { Attempts = 0, LogEvents = false }, new StatisticsHistoryAttribute() },
        new JobFilterAttributeFilterProvider());

    /// <param name="provision">Makes tables that are missing; otherwise the owner's login has made them.</param>
    public static JobStorage Open(NpgsqlDataSource source, ScheduleOptions options, bool provision)
    {
        // How rows are written; static, and the same for every host.
        GlobalConfiguration.Configuration.SetDataCompatibilityLevel(CompatibilityLevel.Version_180);
        return new PostgreSqlStorage(new Connections(source, provision), new PostgreSqlStorageOptions
        {
            SchemaName = HangfireSchema.Name,
            PrepareSchemaIfNecessary = false,
            QueuePollInterval = options.PollInterval,
            // A run is another worker's once its own has been silent for this long, however long the run itself takes.
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = Silence(options),
            // A lock that a dead worker has left behind holds up the schedulers of all others, and a worker that starts waits 15 s at the
            // most before it gives up. Whoever is held up for longer while it holds one does no harm: runs take turns by a lock of our own.
            DistributedLockTimeout = TimeSpan.FromSeconds(10),
        });
    }

    /// <summary>How long a worker may be silent. Its heart beats once a second at the most, so a few seconds at the least.</summary>
    public static TimeSpan Silence(ScheduleOptions options) =>
        options.CheckInInterval * 4 is var span && span > TimeSpan.FromSeconds(5) ? span : TimeSpan.FromSeconds(5);

    // The tables are made when they are first needed. The dashboard asks for the store as soon as a host is built, and a host is
    // built also by a command that says, in words, that the database does not answer.
    private sealed class Connections(NpgsqlDataSource source, bool provision) : IConnectionFactory
    {
        private readonly Lock gate = new();
        private bool isReady = !provision;

        public NpgsqlConnection GetOrCreateConnection()
        {
            lock (gate)
            {
                if (!isReady) HangfireSchema.Create(source);
                isReady = true;
            }

            return source.CreateConnection();
        }
    }
}

/// <summary>Hangfire's tables, made by its own scripts.</summary>
internal sealed class HangfireSchema : IForeignSchema
{
    public const string Name = "hangfire";

    public Task CreateAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        Create(owner);
        return Task.CompletedTask;
    }

    public static void Create(NpgsqlDataSource source)
    {
        using var connection = source.OpenConnection();
        // Two workers that start at once would trip over each other's scripts.
        Execute(connection, "SELECT pg_advisory_lock(hashtext('smakom hangfire'))");
        try
        {
            PostgreSqlObjectsInstaller.Install(connection, Name);
        }
        finally
        {
            Execute(connection, "SELECT pg_advisory_unlock(hashtext('smakom hangfire'))");
        }
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
