using System.Diagnostics;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <param name="Seconds">From the look for what is due to the commit.</param>
/// <param name="WalBytes">Write-ahead log for each delivery.</param>
internal sealed record PlanResult(int Recipients, double Seconds, double PostgresCpuSeconds, double WalBytes, long Slices);

/// <summary>How long it takes until the first letter of a large issue may leave. With PostgreSQL's default durability.</summary>
internal static class PlanRun
{
    public static async Task<PlanResult> RunAsync(int recipients)
    {
        using var server = new TestPostgres(durable: true);
        await using var database = await TestDatabase.CreateOnAsync(server);
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"));
        await database.SubscribersAsync(recipients);
        await database.ExecuteAsync("VACUUM ANALYZE");
        await database.ExecuteAsync("CHECKPOINT");
        await database.IssueAsync(queued: true);
        var (wal, cpu, began) = (await WalAsync(database), ProcessCpu.OfFamily(server.Pid), Stopwatch.GetTimestamp());

        await desk.PlanAsync();

        var result = new PlanResult(
            recipients, Stopwatch.GetElapsedTime(began).TotalSeconds, (ProcessCpu.OfFamily(server.Pid) - cpu) / 1000,
            (await WalAsync(database) - wal) / recipients,
            await database.ScalarAsync<long>("SELECT count(*) FROM slice"));
        if (await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'waiting'") != recipients)
            throw new InvalidOperationException("Not everybody was planned.");
        Console.WriteLine($"{result.Recipients:n0} deliveries planned in {result.Seconds:0.0} s, PostgreSQL {result.PostgresCpuSeconds:0.0} s of CPU, {result.WalBytes:0} bytes of write-ahead log each, {result.Slices:n0} slices");
        return result;
    }

    private static async Task<double> WalAsync(TestDatabase database) =>
        await database.ScalarAsync<double>("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8");
}
