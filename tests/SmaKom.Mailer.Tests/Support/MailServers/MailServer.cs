using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Tests.Support.MailServers;

/// <summary>
/// A real mail server in a folder of its own, on free ports of 127.0.0.1, delivering everything for example.org into one
/// Maildir. It listens on one port for each kind of certificate.
/// </summary>
/// <remarks>The programs are unpacked, not installed: see <c>tests/tools/fetch-mail-servers</c>.</remarks>
public abstract class MailServer : IAsyncDisposable
{
    public const string Username = "utskick";
    public const string Password = "hemligt lösen";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private Process? process;

    protected MailServer(string name)
    {
        Name = name;
        Folder = Directory.CreateTempSubdirectory($"smakom-{name}-").FullName;
        // The servers give up root, and must still reach their own files.
        Run("chmod", "755", Folder);
        Directory.CreateDirectory(Inbox);
        Run("chmod", "777", Inbox);
    }

    public string Name { get; }

    /// <summary>With a certificate for localhost.</summary>
    public int Port { get; } = FreePort();

    public int ExpiredPort { get; } = FreePort();

    public int WrongNamePort { get; } = FreePort();

    protected string Folder { get; }

    protected string Inbox => Path.Combine(Folder, "inbox");

    protected static string Root { get; } = FindRoot();

    protected int[] Ports => [Port, ExpiredPort, WrongNamePort];

    protected virtual int[] ListeningPorts => Ports;

    /// <summary>How its first line begins once it is up, and what one says to leave.</summary>
    protected virtual (string Greeting, string Goodbye) Manners => ("220", "QUIT\r\n");

    /// <summary>Writes the configuration; returns the program and its arguments. It must stay in the foreground.</summary>
    protected abstract string[] Configure();

    /// <param name="certificates">Null where <see cref="Configure"/> needs none.</param>
    /// <remarks>Dispose the server even if this fails: it may be half up.</remarks>
    public async Task StartAsync(FakeRelayCertificates? certificates)
    {
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException("Postfix, Exim and OpenSMTPD start as root. Run the tests as root: sudo ./test");
        if (certificates is not null)
        {
            Save("good", certificates.Good());
            Save("expired", certificates.Expired());
            Save("wrong", certificates.WrongName());
        }
        await LaunchAsync();
    }

    /// <summary>Stops it and starts it again with what <see cref="Configure"/> writes now.</summary>
    protected async Task LaunchAgainAsync()
    {
        await StopAsync();
        await LaunchAsync();
    }

    /// <summary>All letters so far that hold the marker; waits until there are so many.</summary>
    public async Task<IReadOnlyList<byte[]>> LettersAsync(string marker, int count)
    {
        var since = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var letters = Find(marker);
            if (letters.Count >= count)
                return letters;
            if (Stopwatch.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"{Name} has {letters.Count} of {count} letters. Its log:\n{ReadLog()}");
            await tick.WaitForNextTickAsync();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content.ReplaceLineEndings("\n"));
        return path;
    }

    protected string In(string name) => Path.Combine(Folder, name);

    internal static void Run(string program, params string[] arguments) => Output(program, arguments);

    protected static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    // Below the range from which the kernel serves outgoing connections: a port that it hands to one of those between our
    // look and the server's start would fail the run now and then.
    internal static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var probe = new TcpListener(System.Net.IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    private async Task LaunchAsync()
    {
        process = Launch(Configure());
        foreach (var port in ListeningPorts)
            await WaitForGreetingAsync(port);
    }

    private async Task StopAsync()
    {
        if (process is null)
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    private Process Launch(string[] command)
    {
        // The server must not hold the test run's output open; and should the run die, it ends after ten minutes.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec timeout --foreground 600 \"$0\" \"$@\" </dev/null >>\"$LOG\" 2>&1", .. command])
        {
            WorkingDirectory = Folder,
        };
        start.Environment["LOG"] = In("log");
        start.Environment["LD_LIBRARY_PATH"] =
            string.Join(':', new[] { "usr/lib/postfix", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu" }.Select(p => Path.Combine(Root, p)));
        return Process.Start(start)!;
    }

    private async Task WaitForGreetingAsync(int port)
    {
        var since = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                using var reader = new StreamReader(client.GetStream());
                if ((await reader.ReadLineAsync().WaitAsync(Patience))?.StartsWith(Manners.Greeting, StringComparison.Ordinal) == true)
                {
                    await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(Manners.Goodbye));
                    await reader.ReadLineAsync().WaitAsync(Patience);
                    return;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Not listening yet.
            }
            if (process!.HasExited || Stopwatch.GetElapsedTime(since) > Patience)
                throw new InvalidOperationException($"{Name} does not answer on port {port}. Its log:\n{ReadLog()}");
            await tick.WaitForNextTickAsync();
        }
    }

    private List<byte[]> Find(string marker)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(marker);
        return [.. Stored().Where(b => b.AsSpan().IndexOf(bytes) >= 0)];
    }

    /// <summary>Letters that are complete: a Maildir's <c>new</c>.</summary>
    protected virtual IEnumerable<byte[]> Stored() =>
        Directory.Exists(Path.Combine(Inbox, "new")) ? Directory.GetFiles(Path.Combine(Inbox, "new")).Select(File.ReadAllBytes) : [];

    private string ReadLog() => File.Exists(In("log")) ? File.ReadAllText(In("log")) : "(empty)";

    private void Save(string name, X509Certificate2 certificate)
    {
        using (certificate)
        {
            var key = certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();
            foreach (var (file, pem) in new[] { ($"{name}.crt", certificate.ExportCertificatePem()), ($"{name}.key", key) })
            {
                Write(file, pem + "\n");
                Run("chmod", "600", In(file));
            }
        }
    }

    private static string FindRoot([CallerFilePath] string source = "")
    {
        var repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", ".."));
        var root = Path.Combine(repository, ".cache", "mail-servers", "root");
        return Directory.Exists(root) ? root
            : throw new InvalidOperationException("The mail servers are missing. Fetch them: tests/tools/fetch-mail-servers");
    }
}
