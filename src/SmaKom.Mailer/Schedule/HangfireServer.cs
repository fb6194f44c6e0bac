using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Logging;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

/// <summary>In a worker: makes the recurring jobs what <see cref="JobTable"/> says, and rings.</summary>
internal sealed class HangfireServer(
    JobStorage storage, IRecurringJobManager recurring, IEnumerable<JobEntry> jobs, IOptions<SiteOptions> site, IOptions<ScheduleOptions> options,
    IServiceScopeFactory scopes, ILoggerFactory loggers) : IHostedService
{
    private BackgroundJobServer? server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        HangfireLog.WriteTo(loggers);
        BringUpToDate();
        server = new BackgroundJobServer(Options(), storage);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (server is null) return;
        server.SendStop();
        await server.WaitForShutdownAsync(cancellationToken);
        server.Dispose();
    }

    private void BringUpToDate()
    {
        using var connection = storage.GetConnection();
        var wanted = jobs.Where(job => job.Cron is not null).ToDictionary(job => job.Name);
        foreach (var job in connection.GetRecurringJobs().Where(job => !wanted.ContainsKey(job.Id)))
            recurring.RemoveIfExists(job.Id);
        // One that has not changed keeps its times, and so a run that was missed while nobody was up.
        foreach (var job in wanted.Values)
            recurring.AddOrUpdate(job.Name, AlarmBook.JobOf(new(job.Name, null, AlarmKind.Recurring, null)), HangfireCron.From(job.Cron!),
                new RecurringJobOptions { TimeZone = site.Value.Zone, MisfireHandling = MisfireHandlingMode.Relaxed });
    }

    private BackgroundJobServerOptions Options() => new()
    {
        WorkerCount = 4,
        SchedulePollingInterval = options.Value.PollInterval,
        HeartbeatInterval = options.Value.CheckInInterval,
        ServerTimeout = HangfireStore.Silence(options.Value),
        ServerCheckInterval = options.Value.CheckInInterval,
        CancellationCheckInterval = options.Value.CheckInInterval,
        Activator = new AspNetCoreJobActivator(scopes),
        FilterProvider = HangfireStore.Filters,
        // A run is told to end and given two seconds. Waiting for it would wait for a database that may be gone; what is
        // cut off is run again by another worker.
        StopTimeout = TimeSpan.Zero,
        ShutdownTimeout = TimeSpan.FromSeconds(2),
    };
}

/// <summary>The same cron in Hangfire's reading.</summary>
public static class HangfireCron
{
    /// <summary>From <see cref="JobEntry.Cron"/>: Quartz counts weekdays from Sunday = 1, Hangfire from Sunday = 0. Names mean the same to both.</summary>
    /// <exception cref="ArgumentException">A weekday is given by number.</exception>
    public static string From(string cron)
    {
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 6 && !fields[5].Any(char.IsAsciiDigit) ? cron
            : throw new ArgumentException($"\"{cron}\": write six fields, and weekdays by name (MON), since engines count them differently.", nameof(cron));
    }
}

/// <summary>Hangfire's log lines in ours. Its logging is static: the host that started last hears all of them.</summary>
internal sealed class HangfireLog(ILoggerFactory loggers) : ILogProvider
{
    public static void WriteTo(ILoggerFactory loggers) => LogProvider.SetCurrentLogProvider(new HangfireLog(loggers));

    public ILog GetLogger(string name)
    {
        try
        {
            return new AspNetCoreLogProvider(loggers).GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            // A host that has ended in the same process as one that goes on.
            return new Silence();
        }
    }

    private sealed class Silence : ILog
    {
        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string> messageFunc, Exception? exception = null) => false;
    }
}
