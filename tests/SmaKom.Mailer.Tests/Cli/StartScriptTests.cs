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

    [Test]
    public async Task A_command_works_with_the_database_and_the_settings_of_the_sample_run_beside_it()
    {
        var (script, program) = (Path.Combine(folder, "smakom"), Path.Combine(folder, "src/SmaKom.Mailer/bin/Release/net10.0"));
        File.Copy(Path.Combine(Repository.Root, "smakom"), script);
        Directory.CreateDirectory(program);
        Directory.CreateDirectory(Path.Combine(folder, ".data"));
        await File.WriteAllTextAsync(Path.Combine(folder, ".data", "connection"), "Host=here");
        await File.WriteAllTextAsync(Path.Combine(folder, "dotnet"),
            $"#!/bin/sh\n[ \"$1\" = build ] && {{ sleep 600 & echo $! >'{folder}/server'; exit 0; }}\n"
            + $"echo \"$ConnectionStrings__Mailer $SMAKOM_SAMPLE $2\" >&2\n");

        Assert.That((await RunAsync(script, "doctor")).Errors, Is.EqualTo($"Host=here {folder}/.data doctor\n"));
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
