using System.Diagnostics;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>./start</c> with a stand-in for <c>dotnet</c>, whose compiler server outlives the build as the real one does.</summary>
public sealed class StartScriptTests
{
    private string folder = null!;

    [SetUp]
    public async Task PrepareAsync()
    {
        folder = Directory.CreateTempSubdirectory("smakom-start-").FullName;
        var dotnet = Path.Combine(folder, "dotnet");
        File.WriteAllText(dotnet, $"#!/bin/sh\n[ \"$1\" = build ] && {{ sleep 600 & echo $! >'{folder}/server'; }}\nexit 0\n");
        // The user postgres must reach the folder.
        await RunAsync("chmod", "755", folder, dotnet);
    }

    [TearDown]
    public void TidyUp()
    {
        using (var server = Process.GetProcessById(
            int.Parse(File.ReadAllText(Path.Combine(folder, "server")), System.Globalization.CultureInfo.InvariantCulture))) server.Kill();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task What_the_build_leaves_running_does_not_look_like_a_second_start()
    {
        var first = await StartAsync();
        Assert.That(first.Code, Is.Zero, first.Errors);

        Assert.That((await RunAsync("flock", "-n", Path.Combine(folder, "data", "lock"), "true")).Code, Is.Zero,
            "the lock is free when all has ended");
    }

    private Task<(int Code, string Errors)> StartAsync() =>
        RunAsync(Path.Combine(Repository.Root, "start"), "--once", "--data", Path.Combine(folder, "data"), "--port",
            $"{Support.TestPostgres.FreePort()}");

    private async Task<(int Code, string Errors)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment.Remove("ConnectionStrings__Mailer");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, await errors);
    }
}
