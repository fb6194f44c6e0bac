using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A PostgreSQL server of its own in a temporary folder, on a free port of this machine.</summary>
public sealed class TestPostgres : IDisposable
{
    /// <summary>Debian's file system in memory: hundreds of databases of 600 files each come and go.</summary>
    private const string InMemory = "/dev/shm";

    private readonly string folder;
    private readonly bool durable;
    private readonly FakeClock? clock;
    private readonly string programs = FindPrograms();

    /// <param name="durable">As users run it, fsync on: for measuring.</param>
    /// <param name="initdb">Further arguments of initdb.</param>
    public TestPostgres(bool durable = false, params string[] initdb) : this(durable, clocked: false, initdb)
    {
    }

    private TestPostgres(bool durable, bool clocked, string[] initdb)
    {
        this.durable = durable;
        folder = durable || !HasRoomInMemory() ? Directory.CreateTempSubdirectory("smakom-pg-").FullName
            : Directory.CreateDirectory($"{InMemory}/smakom-pg-{Guid.NewGuid():N}").FullName;
        Port = FreePort();
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", folder);
        clock = clocked ? new(Path.Combine(folder, "clock")) : null;
        clock?.Jump(TimeSpan.Zero);
        RunAsServer("initdb", ["-D", Data, "-U", "smakom", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", .. initdb]);
        Start();
    }

    /// <summary>A server whose clock <see cref="Jump"/> sets wrong.</summary>
    public static TestPostgres WithClock() => new(durable: false, clocked: true, []);

    public int Port { get; }

    /// <summary>Process id of the postmaster.</summary>
    public int Pid => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());
    private string Data => Path.Combine(folder, "data");

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=smakom;Database={database};Maximum Pool Size=40;Timeout=10";

    public void Start() => RunAsServer("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(folder, "log"), "-o",
        // Tests kill servers, never the machine: what only a crash of the machine needs may be off for them.
        $"-p {Port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=300 {(durable ? "" : "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB -c max_wal_size=256MB")}", "start");

    /// <param name="immediate">As a crash: no shutdown checkpoint, connections are cut.</param>
    public void Stop(bool immediate = false) => RunAsServer("pg_ctl", "-D", Data, "-w", "-m", immediate ? "immediate" : "fast", "stop");

    /// <summary>As its files come back from a restore to a point in time: everything is as it was, on a timeline of its own.</summary>
    public void RecoverToNewTimeline()
    {
        Stop();
        RunAsOwner("touch", Path.Combine(Data, "recovery.signal"));
        RunAsOwner("sh", "-c", $"echo \"restore_command = 'false'\" >>{Path.Combine(Data, "postgresql.auto.conf")}");
        Start();
    }

    /// <summary>From now on the server's clock is wrong by this much, for all its processes at once. Timers go on.</summary>
    public void Jump(TimeSpan wrongBy) => clock!.Jump(wrongBy);

    /// <summary>
    /// From now on no file of this server grows beyond so many octets, which PostgreSQL takes for a full disk (it ignores SIGXFSZ for
    /// this very purpose); null lifts the limit. Unlike a small file system it needs no right to mount.
    /// </summary>
    public void LimitFiles(long? octets)
    {
        foreach (var process in (int[])[Pid, .. Children(Pid)])
        {
            try
            {
                RunAsOwner("prlimit", "--pid", $"{process}", $"--fsize={octets?.ToString() ?? "unlimited"}:unlimited");
            }
            catch (InvalidOperationException) when (process != Pid)
            {
                // It ended in between; its successor inherits the limit from the postmaster.
            }
        }
    }

    public void Dispose()
    {
        Stop(immediate: true);
        Run("rm", "-rf", folder);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // In a container it may be of 64 MB.
    private static bool HasRoomInMemory() => Directory.Exists(InMemory) && new DriveInfo(InMemory).AvailableFreeSpace > 4L << 30;

    private static IEnumerable<int> Children(int parent) =>
        Directory.GetFiles($"/proc/{parent}/task/{parent}", "children")
            .SelectMany(file => File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse);

    private static string FindPrograms() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
        ?? throw new InvalidOperationException("PostgreSQL's server programs are missing. Install them: apt-get install postgresql");

    private void RunAsServer(string program, params string[] arguments)
    {
        if (clock is null) RunAsOwner(Path.Combine(programs, program), arguments);
        else RunAsOwner("env",
            [.. clock.Environment.Select(variable => $"{variable.Key}={variable.Value}"), Path.Combine(programs, program), .. arguments]);
    }

    private static void RunAsOwner(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", program, .. arguments]);
        else Run(program, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server inherits our output otherwise, and the test run never ends.
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "\"$0\" \"$@\" </dev/null >/dev/null 2>&1", program, .. arguments]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
