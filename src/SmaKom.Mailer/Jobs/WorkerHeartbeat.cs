using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues.Halts;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// Says that this worker lives, by the database's clock, and ends the runs of those that no longer do. A process that only serves
/// pages does the second, so that a dead worker shows also when there is no other.
/// </summary>
public sealed class WorkerHeartbeat(
    RoleOptions roles, WorkerIdentity me, WorkerActivity activity, BackgroundLoops loops, DatabaseClock clock, RelayPool relays, JobHistory history,
    DatabaseWatch watch, NpgsqlDataSource source, IOptions<ScheduleOptions> options, ILogger<WorkerHeartbeat> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first run begins here: a run of a worker without a row would be taken for lost.
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("heartbeat", async stopping =>
    {
        using var timer = new PeriodicTimer(options.Value.CheckInInterval);
        while (await timer.WaitForNextTickAsync(stopping)) await TryAsync(stopping);
    }, stoppingToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!roles.Worker) return;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await using var command = source.CreateCommand("UPDATE worker SET stopped_at = now(), ended_loop = @loop WHERE id = @id").With(
                new("id", me.Id), new("loop", NpgsqlDbType.Text) { Value = (object?)loops.Ended.FirstOrDefault() ?? DBNull.Value });
            await command.ExecuteNonQueryAsync(patience.Token);
        }
        catch (Exception e) when (DatabaseFailure.Is(e) || e is OperationCanceledException)
        {
            log.LogDatabaseFailure("the heartbeat", e);
        }
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            await clock.AskAsync(source, ct);
            await watch.LookAsync(roles.Worker, ct);
            if (roles.Worker) await BeatAsync(ct);
            await history.CatchUpAsync(ct);
            await history.CloseLostAsync(LiveWorker.LongestSilence(options.Value), ct);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            log.LogDatabaseFailure("the heartbeat", e);
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at, version, roles, connections, slots, committed_at, clock_ahead)
            VALUES (@id, @name, @started, now(), @version, @roles, @connections, @slots, now() - @since_commit, @ahead)
            ON CONFLICT (id) DO UPDATE
            SET heartbeat_at = now(), connections = @connections, slots = @slots, committed_at = now() - @since_commit, clock_ahead = @ahead
            """).With(
            new("since_commit", NpgsqlDbType.Interval) { Value = (object?)activity.SinceCommit ?? DBNull.Value }, new("ahead", clock.MachineAhead),
            new("id", me.Id), new("name", me.Name), new("started", me.StartedAt), new("version", me.Version),
            new("roles", roles.Web ? "web,worker" : "worker"),
            new("connections", relays.InUse), new("slots", relays.Slots));
        await command.ExecuteNonQueryAsync(ct);
    }

}
