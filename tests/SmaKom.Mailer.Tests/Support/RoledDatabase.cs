using Npgsql;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>An empty database with an owner, a runtime role and two reading ones, made as <c>docs/operations.md</c> says.</summary>
public sealed class RoledDatabase : IAsyncDisposable
{
    private static int count;

    private readonly int number = Interlocked.Increment(ref count);

    private RoledDatabase(TestDatabase database) => Database = database;

    /// <summary>As superuser, for looking and for arranging.</summary>
    public TestDatabase Database { get; }
    public string OwnerName => $"owner_{number}";
    public string Owner => As(OwnerName);
    public string Runtime => As($"run_{number}");
    public string Reader => As($"read_{number}");
    public string Reports => As($"report_{number}");

    public static async Task<RoledDatabase> CreateAsync()
    {
        var roles = new RoledDatabase(await TestDatabase.CreateEmptyAsync());
        await roles.Database.ExecuteAsync(
            $"""
            CREATE ROLE owner_{roles.number} LOGIN PASSWORD 'o';
            CREATE ROLE run_{roles.number} LOGIN PASSWORD 'r';
            CREATE ROLE read_{roles.number} LOGIN PASSWORD 'l';
            CREATE ROLE report_{roles.number} LOGIN PASSWORD 's';
            ALTER DATABASE {roles.Database.Name} OWNER TO owner_{roles.number};
            ALTER SCHEMA public OWNER TO owner_{roles.number};
            """);
        return roles;
    }

    /// <summary><c>smakom migrate</c>, as a person runs it.</summary>
    public async Task MigrateAsync(params (string, string)[] environment)
    {
        (string, string)[] roles = [("SMAKOM__Database__Reader", $"read_{number}"), ("SMAKOM__Database__Reports", $"report_{number}")];
        var run = await Smakom.RunAsync(Runtime, [("ConnectionStrings__Owner", Owner), .. roles, .. environment], "migrate");
        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        await Database.Source.ReloadTypesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Database.DisposeAsync();
        await TestDatabase.ExecuteOnServerAsync($"DROP ROLE owner_{number}, run_{number}, read_{number}, report_{number}");
    }

    private string As(string role) =>
        new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = role, Password = "x" }.ConnectionString;
}
