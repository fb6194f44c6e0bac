using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// Says that this worker lives, by the database's clock, and ends the runs of those that no longer do. A process that only serves
/// pages does the second, so that a dead worker shows also when there is no other.
/// </summary>
public sealed partial class WorkerHeartbeat(
    RoleOptions roles, WorkerIdentity me, RelayPool relays, JobHistory history, NpgsqlDataSource source, IOptions<ScheduleOptions> options, ILogger<WorkerHeartbeat> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first run begins here: a run of a worker without a row would be taken for lost.
        await TryAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckInInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!roles.Worker) return;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await using var command = source.CreateCommand("UPDATE worker SET stopped_at = now() WHERE id = @id").With(new NpgsqlParameter("id", me.Id));
            await command.ExecuteNonQueryAsync(patience.Token);
        }
        catch (Exception e) when (IsPassing(e) || e is OperationCanceledException)
        {
            Log.NoDatabase(log, e);
        }
    }

    private async Task TryAsync(CancellationToken ct)
    {
        try
        {
            if (roles.Worker) await BeatAsync(ct);
            await history.CatchUpAsync(ct);
            await history.CloseLostAsync(LiveWorker.LongestSilence(options.Value), ct);
        }
        catch (Exception e) when (IsPassing(e))
        {
            Log.NoDatabase(log, e);
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at, version, roles, connections, slots)
            VALUES (@id, @name, @started, now(), @version, @roles, @connections, @slots)
            ON CONFLICT (id) DO UPDATE
            SET heartbeat_at = now(), connections = @connections, slots = @slots
            """).With(
            new("id", me.Id), new("name", me.Name), new("started", me.StartedAt), new("version", me.Version), new("roles", roles.Web ? "web,worker" : "worker"),
            new("connections", relays.InUse), new("slots", relays.Slots));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static bool IsPassing(Exception e) => e is NpgsqlException or IOException or TimeoutException;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database does not answer; this worker says that it lives when it does")]
        public static partial void NoDatabase(ILogger logger, Exception exception);
    }
}
