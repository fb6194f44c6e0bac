using Npgsql;

namespace SmaKom.Mailer.Health;

/// <summary>This machine's disk, and its clock held against the database's.</summary>
public sealed class MachineChecks(NpgsqlDataSource source, TimeProvider time) : ICheck
{
    private const long LeastFree = 1L << 30;
    private static readonly TimeSpan MostApart = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var findings = new List<Finding>(Disks());
        if (await ApartAsync(ct) is { } apart && apart.Duration() > MostApart) findings.Add(new(FindingKind.ClockOff, Severity.Warning, apart));
        return findings;
    }

    /// <summary>Where the program lies and where temporary files go; the database's own disk, too, when it runs here.</summary>
    private static IEnumerable<Finding> Disks() =>
        Full(new[] { AppContext.BaseDirectory, Path.GetTempPath() }.Select(Mount).DistinctBy(drive => drive.Name).Select(drive => (drive.Name, drive.AvailableFreeSpace, drive.TotalSize)));

    /// <param name="disks">Sizes in bytes.</param>
    public static IEnumerable<Finding> Full(IEnumerable<(string Name, long Free, long Total)> disks) =>
        disks.Where(disk => IsNearlyFull(disk.Free, disk.Total)).Select(disk => new Finding(FindingKind.DiskNearlyFull, Severity.Warning, disk.Name, disk.Free >> 20));

    public static bool IsNearlyFull(long free, long total) => free < LeastFree && free < total / 10;

    private static DriveInfo Mount(string path) =>
        DriveInfo.GetDrives().Where(drive => path.StartsWith(drive.Name, StringComparison.Ordinal) && drive.TotalSize > 0).MaxBy(drive => drive.Name.Length) ?? new("/");

    private async Task<TimeSpan?> ApartAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow();
        await using var command = source.CreateCommand("SELECT clock_timestamp()");
        var there = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
        return there - before;
    }
}
