using Npgsql;

namespace SmaKom.Mailer.Sql;

/// <summary>Wakes this process when the database says that there is something to do (LISTEN), or when somebody in it says so.</summary>
public sealed class WorkSignal(NpgsqlDataSource source, ILogger<WorkSignal> logger)
{
    private readonly Lock gate = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set()
    {
        TaskCompletionSource waiting;
        lock (gate) (waiting, next) = (next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        waiting.SetResult();
    }

    /// <summary>Completes at the next signal. Take it before looking for work: a signal that comes while looking is then not missed.</summary>
    public Task Next
    {
        get { lock (gate) return next.Task; }
    }

    /// <summary>Listens until <paramref name="ct"/>, through restarts of the database.</summary>
    public async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(ct);
                connection.Notification += (_, _) => Set();
                await using (var listen = new NpgsqlCommand($"LISTEN {Wake.Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
                Set();
                while (true) await connection.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseFailure.Is(e))
            {
                logger.LogDatabaseFailure("listening", e);
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
