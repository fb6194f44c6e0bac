namespace SmaKom.Mailer.Tests.Support;

/// <summary>A time of day that is wrong by as much as a test says, for every process that is started with it (libfaketime). Timers go on.</summary>
internal sealed class FakeClock(string file)
{
    /// <summary>What a process is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        // The last two: waits are counted by a clock that nobody sets, as on a real machine.
        ["LD_PRELOAD"] = Find(),
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>From now on it is wrong by this much, for all its processes at once.</summary>
    public void Jump(TimeSpan wrongBy)
    {
        // Moved into place: no process reads half of it.
        File.WriteAllText(file + ".new", $"{(wrongBy < TimeSpan.Zero ? "" : "+")}{(long)wrongBy.TotalSeconds}");
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string Find() =>
        Directory.EnumerateDirectories("/usr/lib").Select(libraries => Path.Combine(libraries, "faketime", "libfaketime.so.1"))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("libfaketime, which sets a process's clock wrong, is missing. Install it: apt-get install faketime");
}
