using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Logging;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Jobs;

/// <summary>In a worker: runs jobs, upkeep and issues with threads of their own.</summary>
internal sealed class HangfireServer(
    JobStorage storage, JobEngine engine, IJobFilterProvider filters, WorkerIdentity worker, IOptions<ScheduleOptions> options,
    IServiceScopeFactory scopes, ILoggerFactory loggers)
    : IHostedService
{
    /// <summary>Issues that one worker follows at a time. More of them wait to be followed, and are planned and sent all the same.</summary>
    private const int IssuesAtOnce = 8;

    private BackgroundJobServer? server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        HangfireLog.WriteTo(loggers);
        var jobs = new AspNetCoreJobActivator(scopes);
        server = new BackgroundJobServer(Options(jobs), storage, Enumerable.Range(0, IssuesAtOnce).Select(_ =>
            new Worker([JobQueues.Issues], new BackgroundJobPerformer(filters, jobs), new BackgroundJobStateChanger(filters))));
        engine.IsRunning = true;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        engine.IsRunning = false;
        if (server is null) return;
        server.SendStop();
        await server.WaitForShutdownAsync(cancellationToken);
        server.Dispose();
    }

    private BackgroundJobServerOptions Options(JobActivator jobs) => new()
    {
        ServerName = worker.Name,
        WorkerCount = 4,
        SchedulePollingInterval = options.Value.PollInterval,
        HeartbeatInterval = options.Value.CheckInInterval,
        ServerTimeout = HangfireStore.Silence(options.Value),
        ServerCheckInterval = options.Value.CheckInInterval,
        CancellationCheckInterval = options.Value.CheckInInterval,
        Activator = jobs,
        FilterProvider = filters,
        // A run is told to end and given two seconds. Waiting for it would wait for a database that may be gone; what is
        // cut off is run again by another worker.
        StopTimeout = TimeSpan.Zero,
        ShutdownTimeout = TimeSpan.FromSeconds(2),
    };
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
