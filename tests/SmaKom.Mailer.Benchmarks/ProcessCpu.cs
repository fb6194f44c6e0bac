using System.Globalization;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>CPU time as the kernel accounts it (proc(5): utime, stime and those of reaped children), for a process and its children.</summary>
internal static class ProcessCpu
{
    private static readonly double TickMilliseconds = 1000.0 / 100; // USER_HZ is 100 on every Linux that .NET runs on.

    /// <summary>Milliseconds spent by the process itself.</summary>
    public static double Of(int pid) => Read(pid) is { } stat ? (stat.User + stat.System) * TickMilliseconds : 0;

    /// <summary>Milliseconds spent by the process and all its children, living and reaped: PostgreSQL is a family.</summary>
    public static double OfFamily(int pid)
    {
        var all = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => Read(int.Parse(name!, CultureInfo.InvariantCulture))).OfType<Stat>().ToList();
        var own = all.Where(s => s.Pid == pid).Sum(s => s.User + s.System + s.ReapedUser + s.ReapedSystem);
        return (own + all.Where(s => s.Parent == pid).Sum(s => s.User + s.System)) * TickMilliseconds;
    }

    /// <summary>Resident memory in megabytes.</summary>
    public static double ResidentMegabytes(int pid) =>
        File.ReadLines($"/proc/{pid}/status").Where(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(l => double.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).FirstOrDefault();

    private static Stat? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name may hold spaces and brackets: the fields begin behind the last one.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return new(pid, (int)Field(4), Field(14), Field(15), Field(16), Field(17));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Stat(int Pid, int Parent, long User, long System, long ReapedUser, long ReapedSystem);
}
