using System.Diagnostics;
using System.Text.Json;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>The program as people start it: a process of its own with arguments, an environment and an exit code.</summary>
public sealed record Smakom(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    public static Task<Smakom> RunAsync(TestDatabase database, params string[] arguments) => RunAsync(database.ConnectionString, [], arguments);

    /// <summary>With this on its standard input.</summary>
    public static Task<Smakom> PipeAsync(TestDatabase database, string input, params string[] arguments) =>
        RunAsync(database.ConnectionString, [], input, arguments);

    public static Task<Smakom> RunAsync(string? connection, (string Key, string Value)[] environment, params string[] arguments) =>
        RunAsync(connection, environment, "", arguments);

    private static async Task<Smakom> RunAsync(string? connection, (string Key, string Value)[] environment, string input, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SmaKom.Mailer.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["LC_ALL"] = "sv_SE.UTF-8";
        start.Environment.Remove("ConnectionStrings__Mailer");
        if (connection is not null) start.Environment["ConnectionStrings__Mailer"] = connection;
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input != "") await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }
}
