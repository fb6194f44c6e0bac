using System.Diagnostics;
using Npgsql;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A dump of a test's database, made and restored as <c>docs/operations.md</c> says.</summary>
internal sealed class Backup : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    private Backup()
    {
    }

    public static async Task<Backup> OfAsync(TestDatabase database)
    {
        var backup = new Backup();
        await RunAsync("pg_dump", database, "--format=custom", $"--file={backup.file}");
        return backup;
    }

    /// <summary>All that a dump holds, as text.</summary>
    public static async Task<string> TextAsync(TestDatabase database)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync("pg_dump", database, $"--file={file}");
            return await File.ReadAllTextAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Into a new database of the same server.</summary>
    /// <param name="options">Of <c>pg_restore</c>.</param>
    public async Task<TestDatabase> RestoreAsync(params string[] options)
    {
        var restored = await TestDatabase.CreateEmptyAsync();
        await RunAsync("pg_restore", restored, [.. options, "--exit-on-error", "--no-owner", file]);
        await restored.Source.ReloadTypesAsync();
        return restored;
    }

    /// <summary>Over what the database has now, whoever is connected.</summary>
    public Task RestoreOverAsync(TestDatabase database) =>
        RunAsync("pg_restore", database, "--clean", "--if-exists", "--single-transaction", "--no-owner", file);

    public void Dispose() => File.Delete(file);

    private static async Task RunAsync(string program, TestDatabase database, params string[] arguments)
    {
        var login = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        string[] where = ["-h", login.Host!, "-p", $"{login.Port}", "-U", login.Username!, "-d", login.Database!];
        using var process = Process.Start(new ProcessStartInfo(program, [.. where, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, errors);
    }
}
