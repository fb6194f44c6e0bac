using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Health;

/// <summary>This machine's disk, and the clocks of this machine and of the workers', held against the database's.</summary>
public sealed class MachineChecks(NpgsqlDataSource source, DatabaseClock clock, IOptions<ScheduleOptions> schedule) : ICheck
{
    private const long LeastFree = 1L << 30;
    private static readonly TimeSpan MostApart = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var findings = new List<Finding>(Disks());
        findings.AddRange((await ClocksAsync(ct)).Where(one => one.Ahead.Duration() > MostApart)
            .Select(one => new Finding(FindingKind.ClockOff, Severity.Warning, one.Name, one.Ahead)));
        return findings;
    }

    /// <summary>Where the program lies and where temporary files go; the database's own disk, too, when it runs here.</summary>
    private static IEnumerable<Finding> Disks() =>
        Full(new[] { AppContext.BaseDirectory, Path.GetTempPath() }.Select(Mount).DistinctBy(drive => drive.Name)
            .Select(drive => (drive.Name, drive.AvailableFreeSpace, drive.TotalSize)));

    /// <param name="disks">Sizes in bytes.</param>
    public static IEnumerable<Finding> Full(IEnumerable<(string Name, long Free, long Total)> disks) =>
        disks.Where(disk => IsNearlyFull(disk.Free, disk.Total))
            .Select(disk => new Finding(FindingKind.DiskNearlyFull, Severity.Warning, disk.Name, disk.Free >> 20));

    public static bool IsNearlyFull(long free, long total) => free < LeastFree && free < total / 10;

    private static DriveInfo Mount(string path) =>
        DriveInfo.GetDrives().Where(drive => path.StartsWith(drive.Name, StringComparison.Ordinal) && drive.TotalSize > 0)
            .MaxBy(drive => drive.Name.Length) ?? new("/");

    /// <summary>How far each worker's clock was ahead when it checked in last; and this machine's is now, unless a worker here has told it.</summary>
    private async Task<IReadOnlyList<(string Name, TimeSpan Ahead)>> ClocksAsync(CancellationToken ct)
    {
        await using var command =
            source.CreateCommand($"SELECT name, clock_ahead FROM worker WHERE {LiveWorker.Condition} AND clock_ahead IS NOT NULL ORDER BY name")
            .With(LiveWorker.Parameter(schedule.Value));
        var clocks = new List<(string Name, TimeSpan Ahead)>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct)) clocks.Add((rows.GetString(0), rows.GetTimeSpan(1)));
        await clock.AskAsync(source, ct);
        var isTold = clocks.Exists(one => one.Name.StartsWith($"{Environment.MachineName}/", StringComparison.Ordinal)
            && one.Ahead.Duration() > MostApart);
        return isTold ? clocks : [.. clocks, (Environment.MachineName, clock.MachineAhead)];
    }
}
