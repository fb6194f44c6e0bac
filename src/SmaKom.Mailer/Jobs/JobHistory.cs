using System.Collections.Concurrent;
using Npgsql;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>How a run stands. Lost = its worker died or was stopped under it.</summary>
public enum JobRunState { Running, Succeeded, Failed, Lost }

/// <summary>
/// The history of runs, in a table of our own: it says why in words, and keeps what Hangfire forgets. Without a database a job runs all the same
/// (and fails by itself, or not); its end is written when the database is back.
/// </summary>
public sealed partial class JobHistory(NpgsqlDataSource source, WorkerIdentity worker, DatabaseClock time, ILogger<JobHistory> log)
{
    private readonly ConcurrentQueue<Ending> unwritten = new();

    /// <summary>
    /// The runs of a job, last first, and then those of the job before it in the alphabet: who looks for the last run asks whose it is. Said so, the
    /// index of job and id is the only way; by <c>job = … ORDER BY id</c> PostgreSQL reads the whole history in vain for a job that never ran.
    /// </summary>
    internal static string UpTo(string job) => $"(job, id) <= ({job}, {long.MaxValue}) ORDER BY job DESC, id DESC";

    /// <returns>The run's id; null if it could not be written.</returns>
    public async Task<long?> BeginAsync(PlannedRun run, CancellationToken ct)
    {
        try
        {
            await using var command = source.CreateCommand(
                """
                INSERT INTO job_run (job, key, kind, worker_id, node, planned_at, started_at)
                VALUES (@job, @key, @kind, @worker, @node, @planned, @now)
                RETURNING id
                """).With(
                new("job", run.Job), new("key", (object?)run.Key ?? DBNull.Value), new("kind", run.Kind), new("worker", worker.Id),
                new("node", worker.Name),
                new("planned", (object?)run.At?.ToUniversalTime() ?? DBNull.Value), new("now", time.GetUtcNow()));
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            Log.NotBegun(log, run.Job, e);
            return null;
        }
    }

    public async Task EndAsync(long? run, JobRunState state, Exception? exception, string[] lines)
    {
        if (run is not { } id) return;
        var ending = new Ending(id, state, time.GetUtcNow(), exception is null ? null : Redaction.CauseOf(exception),
            exception is null ? null : Redaction.Clean(exception.ToString()), lines);
        // A process that stops has two seconds for all of this.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(state == JobRunState.Lost ? 1 : 10));
        try
        {
            await WriteAsync(ending, patience.Token);
        }
        catch (Exception e) when (DatabaseFailure.Is(e) || e is OperationCanceledException)
        {
            Log.NotEnded(log, id, e);
            unwritten.Enqueue(ending);
        }
    }

    /// <summary>Writes the ends that the database was away for.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        while (unwritten.TryPeek(out var ending))
        {
            await WriteAsync(ending, ct);
            unwritten.TryDequeue(out _);
        }
    }

    /// <summary>Ends the runs of workers that are gone: a run does not go on for ever because nobody is there to end it.</summary>
    /// <param name="silence">As <see cref="LiveWorker.LongestSilence"/>.</param>
    public async Task CloseLostAsync(TimeSpan silence, CancellationToken ct)
    {
        // Jumping clocks do no harm: who is alive is a question of the database's clock alone. A worker whose row is gone is gone too.
        await using var command = source.CreateCommand(
            $"""
            WITH lost AS (
                UPDATE job_run AS r
                SET state = 'lost', ended_at = GREATEST(r.started_at, @now)
                WHERE state = 'running'
                    AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = r.worker_id AND {LiveWorker.Condition})
                RETURNING job, started_at)
            INSERT INTO job_hour (job, hour, lost)
            SELECT job, date_trunc('hour', started_at, 'UTC'), count(*)
            FROM lost
            GROUP BY 1, 2
            ON CONFLICT (job, hour) DO UPDATE SET lost = job_hour.lost + excluded.lost
            """).With(new("silence", silence), new("now", time.GetUtcNow()));
        await command.ExecuteNonQueryAsync(ct);
    }

    // One that was taken for lost, and was only slow, ends as it ended.
    private async Task WriteAsync(Ending ending, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            WITH before AS (
                SELECT id, job, date_trunc('hour', started_at, 'UTC') AS hour, state
                FROM job_run
                WHERE id = @id AND state IN ('running', 'lost')
                FOR UPDATE),
            ended AS (
                UPDATE job_run AS r
                SET state = @state, ended_at = GREATEST(r.started_at, @at), cause = @cause, exception = @exception, log = @log
                FROM before
                WHERE r.id = before.id)
            INSERT INTO job_hour (job, hour, succeeded, failed, lost)
            SELECT job, hour, (@state = 'succeeded')::int, (@state = 'failed')::int, (@state = 'lost')::int - (state = 'lost')::int
            FROM before
            ON CONFLICT (job, hour) DO UPDATE
            SET succeeded = job_hour.succeeded + excluded.succeeded, failed = job_hour.failed + excluded.failed, lost = job_hour.lost + excluded.lost
            """).With(
            new("id", ending.Run), new("state", ending.State), new("at", ending.At), new("cause", (object?)ending.Cause ?? DBNull.Value),
            new("exception", (object?)ending.Exception ?? DBNull.Value), new("log", ending.Lines));
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Ending(long Run, JobRunState State, DateTimeOffset At, string? Cause, string? Exception, string[] Lines);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database is away; this run of {Job} has no row in the history")]
        public static partial void NotBegun(ILogger logger, string job, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The end of run {Run} could not be written; it is written when the database answers")]
        public static partial void NotEnded(ILogger logger, long run, Exception exception);
    }
}
