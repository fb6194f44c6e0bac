using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Health;

/// <summary>What <c>/health/ready</c> answers. Words and numbers only: no host, address or reason.</summary>
/// <param name="Ready">False: send no requests here, and do not stop the other processes of an upgrade yet.</param>
/// <param name="Database"><c>ok</c> or <c>away</c>.</param>
/// <param name="Migrations"><c>ok</c>, <c>pending</c>, or <c>unknown</c> without a database.</param>
/// <param name="Scheduler"><c>running</c>, <c>stopped</c>, or <c>none</c> in a process without the worker role.</param>
/// <param name="Relays"><c>ok</c>, <c>some_failing</c>, <c>failing</c>, <c>none</c>, or <c>unknown</c>. Letters wait for a relay; restarting this
/// process would not help, so it stays ready.</param>
/// <param name="Loops"><c>running</c>, or <c>ended</c>: one that must run for as long as the process has ended, and the process is about to.</param>
public sealed record ReadinessState(bool Ready, string Version, string Database, string Migrations, string Scheduler, string Relays, string Loops);

public sealed class Readiness(Checkup checkup, JobEngine engine, RelayDirectory relays, BackgroundLoops loops, RoleOptions roles)
{
    private static readonly string Version = typeof(Readiness).Assembly.GetName().Version!.ToString(3);

    /// <summary>Whoever asks gives up after some seconds, container engines among them, and would not hear why.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<ReadinessState> LookAsync(CancellationToken ct)
    {
        // The look goes on to its own end: a database that hangs does not even answer that it may stop.
        var look = LookThroughAsync(ct);
        return await Task.WhenAny(look, Task.Delay(Patience, ct)) == look ? await look :
            new(false, Version, "away", "unknown", Scheduler, "unknown", Loops);
    }

    private string Loops => loops.Ended.Count == 0 ? "running" : "ended";

    private string Scheduler => !roles.Worker ? "none" : engine.IsRunning ? "running" : "stopped";

    private async Task<ReadinessState> LookThroughAsync(CancellationToken ct)
    {
        var broken = (await checkup.DatabaseAsync(ct))?.Kind;
        var scheduler = Scheduler;
        return new(
            broken is null && scheduler != "stopped" && loops.Ended.Count == 0,
            Version,
            broken == FindingKind.DatabaseAway ? "away" : "ok",
            broken switch { null => "ok", FindingKind.DatabaseOld => "pending", _ => "unknown" },
            scheduler,
            broken is null ? await RelaysAsync(ct) : "unknown",
            Loops);
    }

    private async Task<string> RelaysAsync(CancellationToken ct)
    {
        try
        {
            var enabled = await relays.EnabledAsync(ct);
            return enabled.Count == 0 ? "none" : enabled.All(relay => relay.Failures > 0) ? "failing" : enabled.Any(relay => relay.Failures > 0)
                ? "some_failing" : "ok";
        }
        catch (Exception e) when (Checkup.IsAway(e) && !ct.IsCancellationRequested)
        {
            return "unknown";
        }
    }
}
