using System.Diagnostics;
using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>
/// The real greylisting policy server, for <see cref="PostfixServer"/>: an unknown sender and recipient come again after <paramref name="delay"/>.
/// </summary>
/// <param name="delay">Whole seconds.</param>
public sealed class Postgrey(TimeSpan delay) : IAsyncDisposable
{
    private const string Program = "/usr/sbin/postgrey";
    private readonly string folder = Directory.CreateTempSubdirectory("smakom-postgrey-").FullName;
    private Process? process;

    public int Port { get; } = MailServer.FreePort();

    public async Task StartAsync()
    {
        if (!File.Exists(Program)) throw new InvalidOperationException("postgrey is missing. Install it: apt-get install postgrey");
        MailServer.Run("chown", "postgrey", folder);
        process = Process.Start(new ProcessStartInfo("/bin/sh", [
            "-c", "exec timeout --foreground 600 \"$0\" \"$@\" </dev/null >/dev/null 2>&1", Program, $"--inet=127.0.0.1:{Port}", $"--dbdir={folder}",
            $"--delay={(int)delay.TotalSeconds}", "--auto-whitelist-clients=0", "--whitelist-clients=/dev/null",
            "--whitelist-recipients=/dev/null"]))!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync()) await tick.WaitForNextTickAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
