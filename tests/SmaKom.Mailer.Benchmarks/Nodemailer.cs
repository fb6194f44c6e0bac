using System.Diagnostics;
using System.Globalization;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>npm's nodemailer, pooled, a personal body for each letter and no bookkeeping.</summary>
internal static class Nodemailer
{
    /// <summary>Messages per second.</summary>
    public static async Task<double> RunAsync(int port, int messages, int connections, int bytes, bool sign)
    {
        using var node = Process.Start(
            new ProcessStartInfo("node",
                [Script(), $"{port}", $"{messages}", $"{connections}", $"{bytes}", sign ? "sign" : "plain"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false
            })!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("nodemailer failed. Fetch it: npm ci --prefix tests/tools/nodemailer");
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "tests/tools/nodemailer/send.mjs")))
                return Path.Combine(folder.FullName, "tests/tools/nodemailer/send.mjs");
        throw new InvalidOperationException("tests/tools/nodemailer/send.mjs is missing.");
    }
}
