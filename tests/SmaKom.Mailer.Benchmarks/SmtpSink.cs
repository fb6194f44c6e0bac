using System.Diagnostics;
using System.Net.Sockets;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>Postfix's smtp-sink on loopback, and its counterpart smtp-source: the ceiling of what that sink takes.</summary>
internal sealed class SmtpSink : IDisposable
{
    private static readonly string Root = FindRoot();
    private readonly Process process;

    private SmtpSink(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }
    public int Pid => process.Id;

    public static async Task<SmtpSink> StartAsync(params string[] options)
    {
        var port = TestPostgres.FreePort();
        var sink = new SmtpSink(
            Run("smtp-sink", [.. Environment.IsPrivilegedProcess ? ["-u", "nobody"] : Array.Empty<string>(), .. options, $"127.0.0.1:{port}",
                "200"]), port);
        for (var tries = 0; tries < 200; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port);
                return sink;
            }
            catch (SocketException)
            {
                await Task.Delay(10);
            }
        }

        throw new InvalidOperationException("smtp-sink did not start.");
    }

    /// <summary>Messages per second of smtp-source -d: one fixed message, no bookkeeping.</summary>
    public static async Task<double> SourceAsync(int port, int messages, int sessions, int bytes)
    {
        var began = Stopwatch.GetTimestamp();
        using var source = Run("smtp-source",
            ["-d", "-s", $"{sessions}", "-m", $"{messages}", "-l", $"{bytes}", "-f", "a@bench.example", "-t", "b@bench.example",
                $"127.0.0.1:{port}"]);
        await source.WaitForExitAsync();
        if (source.ExitCode != 0) throw new InvalidOperationException($"smtp-source ended with {source.ExitCode}.");
        return messages / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private static Process Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "usr/sbin", program), arguments)
        {
            Environment = { ["LD_LIBRARY_PATH"] = $"{Root}/usr/lib/postfix:{Root}/usr/lib/x86_64-linux-gnu:{Root}/usr/lib/aarch64-linux-gnu" },
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var root = Path.Combine(folder.FullName, ".cache/mail-servers/root");
            if (Directory.Exists(root)) return root;
        }

        throw new InvalidOperationException("Postfix's smtp-sink is missing. Fetch it: tests/tools/fetch-mail-servers");
    }
}
