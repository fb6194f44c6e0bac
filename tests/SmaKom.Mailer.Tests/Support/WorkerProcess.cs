using System.Diagnostics;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A worker in a process of its own, so that it can be killed.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process process;

    private WorkerProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public static WorkerProcess Start(TestDatabase database, params (string Key, string Value)[] settings) => Start(database, null, settings);

    /// <param name="clock">Its machine's; null: this one's.</param>
    internal static WorkerProcess Start(TestDatabase database, FakeClock? clock, params (string Key, string Value)[] settings) =>
        StartIn(AppContext.BaseDirectory, database, clock, settings);

    /// <param name="program">Folder of another build of the program.</param>
    internal static WorkerProcess StartIn(string program, TestDatabase database, params (string Key, string Value)[] settings) =>
        StartIn(program, database, null, settings);

    private static WorkerProcess StartIn(string program, TestDatabase database, FakeClock? clock, (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(program, "SmaKom.Mailer.dll"), "serve"])
        {
            WorkingDirectory = program,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ConnectionStrings__Mailer"] = database.ConnectionString,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Logging__LogLevel__Default"] = "None",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
                ["SMAKOM__Roles"] = "worker",
                ["SMAKOM__Sender__Organisation"] = "SmåKom",
                ["SMAKOM__Sender__PostalAddress"] = "Exempelgatan 1, 123 45 Gransele",
                ["SMAKOM__Sender__Address"] = "nyhetsbrev@smakom.example",
            },
        };
        foreach (var (key, value) in settings) start.Environment["SMAKOM__" + key.Replace(":", "__")] = value;
        foreach (var (key, value) in clock?.Environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Completes when the start is over; letters may leave before.</summary>
    /// <exception cref="InvalidOperationException">It ended, or said nothing for ten minutes.</exception>
    public async Task UntilStartedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                if (line.Contains("Application started", StringComparison.Ordinal)) return;
        }
        catch (OperationCanceledException)
        {
        }

        throw new InvalidOperationException("The worker did not start");
    }

    /// <summary>Completes when it has ended by itself: its exit code, and what it wrote.</summary>
    /// <exception cref="OperationCanceledException">It lives on after ten minutes.</exception>
    public async Task<(int Code, string Log)> UntilEndedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var log = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, log);
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
        await SignalAsync("TERM");
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <param name="signal">Its name: STOP freezes the process, CONT wakes it.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"])!;
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }
}
