using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// In a worker: makes Hangfire's recurring jobs what the <see cref="JobEntry"/> table says, at its start and at least
/// each half minute, so that one that was deleted in the dashboard is back by itself.
/// </summary>
public sealed partial class RecurringJobs(
    JobStorage storage, IRecurringJobManager recurring, IEnumerable<JobEntry> jobs, IOptions<SiteOptions> site, IOptions<ScheduleOptions> options,
    BackgroundLoops loops, ILogger<RecurringJobs> log)
    : BackgroundService
{
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(30);
    private readonly List<JobEntry> wanted = [.. jobs.Where(job => job.Cron is not null)];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        RemoveUnlisted();
        AddMissing();
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("schedule", async stopping =>
    {
        using var timer = new PeriodicTimer(new[] { options.Value.PollInterval * 6, Seldom }.Min());
        while (await timer.WaitForNextTickAsync(stopping)) TryAddMissing();
    }, stoppingToken);

    private void TryAddMissing()
    {
        try
        {
            AddMissing();
        }
        // A lock of Hangfire's that a dead worker has left behind, or no database: there is a next time.
        catch (Exception e) when (DatabaseFailure.Is(e) || e is DistributedLockTimeoutException)
        {
            Log.NotNow(log, e);
        }
    }

    // Only at a start: of two versions that run beside each other the older one must not remove what the newer has added.
    private void RemoveUnlisted()
    {
        using var connection = storage.GetConnection();
        foreach (var job in connection.GetRecurringJobs().Where(job => wanted.All(entry => entry.Name != job.Id)))
            recurring.RemoveIfExists(job.Id);
    }

    // One that has not changed keeps its times, and so a run that was missed while nobody was up.
    private void AddMissing()
    {
        List<RecurringJobDto> stored;
        using (var connection = storage.GetConnection()) stored = connection.GetRecurringJobs();
        foreach (var job in wanted.Where(job => !stored.Exists(known => IsSame(known, job))))
            recurring.AddOrUpdate(job.Name, JobEngine.CallOf(new(job.Name, null, RunKind.Recurring, null)), job.Cron!,
                new RecurringJobOptions { TimeZone = site.Value.Zone, MisfireHandling = MisfireHandlingMode.Relaxed });
    }

    private bool IsSame(RecurringJobDto known, JobEntry job) =>
        known.Id == job.Name && !known.Removed && known.Cron == job.Cron && known.TimeZoneId == site.Value.Zone.Id && known.NextExecution is not null
        && JobEngine.RunOf(known.Job) == new PlannedRun(job.Name, null, RunKind.Recurring, null);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The recurring jobs could not be looked at; it is tried again")]
        public static partial void NotNow(ILogger logger, Exception exception);
    }
}
