using Quartz;

namespace SmaKom.Mailer.Schedule;

/// <summary>The only job that Quartz knows: finds the <see cref="IJob"/> of that name and runs it in a scope of its own.</summary>
[DisallowConcurrentExecution]
public sealed partial class RunJob(IEnumerable<JobEntry> jobs, IServiceScopeFactory scopes, ILogger<RunJob> log) : Quartz.IJob
{
    /// <summary>Name under which an alarm carries what it was set for; empty = nothing.</summary>
    internal const string KeyOfAlarm = "key";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        var key = context.MergedJobDataMap.TryGetString(KeyOfAlarm, out var value) && value is { Length: > 0 } ? value : null;
        if (jobs.FirstOrDefault(job => job.Name == name) is not { } entry)
        {
            // An alarm set by a newer version, rung by an older worker during an upgrade. The recurring run finds the row.
            Log.Unknown(log, name, key);
            return;
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await ((IJob)scope.ServiceProvider.GetRequiredService(entry.Type)).RunAsync(key, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Not thrown on: Quartz would log it again, and retrying is ours. The next run is not affected.
            Log.Failed(log, e, name, key);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Job {Job} (for {Key}) failed. It runs again at its next time.")]
        public static partial void Failed(ILogger logger, Exception exception, string job, string? key);

        [LoggerMessage(2, LogLevel.Warning, "Job {Job} (for {Key}) is unknown to this version and was left out.")]
        public static partial void Unknown(ILogger logger, string job, string? key);
    }
}
