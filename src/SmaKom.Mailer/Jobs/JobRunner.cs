namespace SmaKom.Mailer.Jobs;

/// <summary>
/// What Hangfire calls: finds the <see cref="IJob"/> of that name, runs it in a scope of its own, and
/// writes down what came of it. A job's failure ends here: retrying is a person's or the next run's, never Hangfire's.
/// </summary>
public sealed partial class JobRunner(IEnumerable<JobEntry> jobs, JobPauses pauses, JobHistory history, IServiceScopeFactory scopes,
    ILogger<JobRunner> log)
{
    /// <returns>How it ended; null: nothing was run.</returns>
    /// <param name="ct">The engine stops: the run is cut off, and noted as lost.</param>
    /// <exception cref="OperationCanceledException">The run was cut off by <paramref name="ct"/>.</exception>
    public async Task<JobRunState?> RunAsync(PlannedRun run, CancellationToken ct)
    {
        if (jobs.FirstOrDefault(job => job.Name == run.Job) is { } entry)
            return await RunAsync(run, services => ((IJob)services.GetRequiredService(entry.Type)).RunAsync(run.Key, ct), ct);
        // Planned by a newer version, run by an older worker during an upgrade. The recurring run finds the row.
        Log.Unknown(log, run.Job, run.Key);
        return null;
    }

    /// <inheritdoc cref="RunAsync(PlannedRun, CancellationToken)"/>
    /// <param name="work">What to do, instead of the job's own <see cref="IJob.RunAsync"/>; gets the run's services.</param>
    public async Task<JobRunState?> RunAsync(PlannedRun run, Func<IServiceProvider, Task> work, CancellationToken ct)
    {
        using var lines = RunLines.Begin();
        using var measured = new MeasuredRun(run.Job);
        long? id = null;
        try
        {
            if (run.Kind == RunKind.Recurring && await pauses.IsPausedAsync(run.Job, ct)) return null;
            id = await history.BeginAsync(run, ct);
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider);
            measured.Ended(JobRunState.Succeeded);
            await history.EndAsync(id, JobRunState.Succeeded, null, lines.Take());
            return JobRunState.Succeeded;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            measured.Ended(JobRunState.Lost);
            await history.EndAsync(id, JobRunState.Lost, null, lines.Take());
            throw;
        }
        catch (Exception e)
        {
            Log.Failed(log, e, run.Job, run.Key, run.AfterFailure);
            measured.Ended(JobRunState.Failed);
            await history.EndAsync(id, JobRunState.Failed, e, lines.Take());
            return JobRunState.Failed;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Job {Job} (for {Key}) failed. {Next}")]
        public static partial void Failed(ILogger logger, Exception exception, string job, string? key, string next);

        [LoggerMessage(2, LogLevel.Warning, "Job {Job} (for {Key}) is unknown to this version and was left out.")]
        public static partial void Unknown(ILogger logger, string job, string? key);
    }
}
