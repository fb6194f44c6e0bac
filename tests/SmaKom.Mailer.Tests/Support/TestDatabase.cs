using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A migrated database of a test's own, cloned from a template in milliseconds.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Template = "migrated";
    private static readonly Lazy<Task> Migrated = new(() => MigrateAsync(Postgres, Template));
    private static readonly Lazy<TestPostgres> Server = new(() => new TestPostgres());
    private static int count;

    private readonly TestPostgres server;

    private TestDatabase(TestPostgres server, string name)
    {
        this.server = server;
        Name = name;
        ConnectionString = server.ConnectionString(name);
        Source = DatabaseFeature.CreateDataSource(ConnectionString);
    }

    /// <summary>The server that all tests share.</summary>
    public static TestPostgres Postgres => Server.Value;
    public string Name { get; }
    public string ConnectionString { get; }
    public NpgsqlDataSource Source { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        await Migrated.Value;
        var name = $"test_{Interlocked.Increment(ref count)}";
        // By file: a fifth of what it costs through the log.
        await ExecuteAsync(Postgres, "postgres", $"CREATE DATABASE {name} TEMPLATE {Template} STRATEGY FILE_COPY");
        return new TestDatabase(Postgres, name);
    }

    /// <summary>Without a table.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        var name = $"test_{Interlocked.Increment(ref count)}";
        await ExecuteAsync(Postgres, "postgres", $"CREATE DATABASE {name}");
        return new TestDatabase(Postgres, name);
    }

    /// <summary>Outside of any test's database: roles belong to the server.</summary>
    public static Task ExecuteOnServerAsync(string sql) => ExecuteAsync(Postgres, "postgres", sql);

    /// <summary>On a server of the test's own, which it may stop.</summary>
    public static async Task<TestDatabase> CreateOnAsync(TestPostgres server)
    {
        await MigrateAsync(server, Template);
        return new TestDatabase(server, Template);
    }

    public static void Stop()
    {
        if (Server.IsValueCreated) Server.Value.Dispose();
    }

    public MailerDb Open()
    {
        var options = new DbContextOptionsBuilder<MailerDb>();
        DatabaseFeature.UseMailerDatabase(options, Source);
        return new MailerDb(options.Options);
    }

    public async Task<T> ScalarAsync<T>(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = Source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Empties tables and what refers to them, also those that refuse it to everybody else.</summary>
    /// <param name="tables">With commas between.</param>
    public Task EmptyAsync(string tables) => ExecuteAsync($"BEGIN; SET LOCAL session_replication_role = replica; TRUNCATE {tables} CASCADE; COMMIT");

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteAsync(server, "postgres", $"DROP DATABASE {Name} WITH (FORCE)");
    }

    private static async Task MigrateAsync(TestPostgres server, string name)
    {
        await ExecuteAsync(server, "postgres", $"CREATE DATABASE {name}");
        await using var app = MailerHost.Build([], builder => TestHost.Configure(builder, server.ConnectionString(name)));
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(default);
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task ExecuteAsync(TestPostgres server, string database, string sql)
    {
        // The shared server's are kept open: a connection is a process, whose making costs more than most of what is asked of it.
        var pooling = Server.IsValueCreated && server == Postgres ? "" : ";Pooling=false";
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + pooling);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
