using System.Diagnostics;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>Runs a real program with a file and gives back what it said.</summary>
public static class Tool
{
    /// <param name="install">The command that installs it, for the error when it is missing.</param>
    /// <param name="input">Goes to its standard input.</param>
    /// <param name="program">Name or path.</param>
    /// <param name="arguments">One each.</param>
    /// <exception cref="InvalidOperationException">The program is not there.</exception>
    public static async Task<(int Code, string Output)> RunAsync(string install, byte[] input, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Start(start, install);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static Process Start(ProcessStartInfo start, string install)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"{start.FileName} is missing. Install it: {install}", missing);
        }
    }
}
