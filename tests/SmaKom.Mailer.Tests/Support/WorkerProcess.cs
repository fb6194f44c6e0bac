using System.Diagnostics;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A worker in a process of its own, so that it can be killed.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;

    private WorkerProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public static WorkerProcess Start(TestDatabase database, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SmaKom.Mailer.dll"), "serve"])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["ConnectionStrings__Mailer"] = database.ConnectionString,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Logging__LogLevel__Default"] = "None",
                ["SMAKOM__Roles"] = "worker",
                ["SMAKOM__Sender__Organisation"] = "SmåKom",
                ["SMAKOM__Sender__PostalAddress"] = "Exempelgatan 1, 123 45 Gransele",
                ["SMAKOM__Sender__Address"] = "nyhetsbrev@smakom.example",
            },
        };
        foreach (var (key, value) in settings) start.Environment["SMAKOM__" + key.Replace(":", "__")] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>SIGKILL: nothing is tidied up.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: letters in flight end, the rest is given back.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])!;
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
