using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SmaKom.Mailer.Tests.Mail;

/// <summary>Runs a program that shares no code with ours over many messages at once: one line of base64 in per message, one line out.</summary>
internal static class OutsideReader
{
    public static string[] Run(string install, string program, string script, IReadOnlyList<byte[]> messages, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        string[] all = [program.EndsWith("perl", StringComparison.Ordinal) ? "-e" : "-c", script, .. arguments];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        using var process = Start(start, install);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var message in messages)
            process.StandardInput.WriteLine(Convert.ToBase64String(message));
        process.StandardInput.Close();
        process.WaitForExit();
        var lines = output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (process.ExitCode != 0 || lines.Length != messages.Count)
            Assert.Fail($"{program} failed. If a module is missing: {install}\n{errors.Result}\n{lines.Length} answers to {messages.Count} messages");
        return lines;
    }

    private static Process Start(ProcessStartInfo start, string install)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} is missing. Install it with: {install}", e);
        }
    }
}
