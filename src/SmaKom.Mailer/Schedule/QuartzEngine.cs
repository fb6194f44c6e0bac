using Microsoft.Extensions.Options;
using Quartz;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

/// <summary>
/// Alarms as rows of Quartz.NET's clustered store in our own PostgreSQL. A process that only serves pages sets alarms
/// without ever ringing one: its scheduler is built and not started.
/// </summary>
public sealed class QuartzEngine(ISchedulerFactory schedulers, IOptions<SiteOptions> site, TimeProvider time) : IJobEngine
{
    public Task ScheduleOnceAsync(string job, string key, DateTimeOffset at, CancellationToken ct) =>
        ScheduleAsync(job, Once(job, key), key, at, ct);

    public async Task UnscheduleAsync(string job, string key, CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        await scheduler.UnscheduleJob(Once(job, key), ct);
    }

    public Task RunNowAsync(string job, string? key, CancellationToken ct) =>
        ScheduleAsync(job, new($"{job} {Guid.NewGuid():N} {key}", NowGroup), key, time.GetUtcNow(), ct);

    public Task<DateTimeOffset?> DueAfterAsync(JobEntry job, DateTimeOffset last, CancellationToken ct) =>
        Task.FromResult(job.Cron is { } cron ? new CronExpression(cron, site.Value.Zone).GetNextValidTimeAfter(last) : null);

    public async Task<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        var triggers = await scheduler.QueryTriggers(new TriggerQuery { Take = PagedQuery.All }, ct);
        return [.. triggers.Items.Where(trigger => trigger.JobKey.Group == JobGroup)
            .Select(trigger => new Alarm(trigger.JobKey.Name, KeyOf(trigger.Key, trigger.JobKey.Name), KindOf(trigger.Key), trigger.NextFireTimeUtc))];
    }

    public async ValueTask<bool> IsRunningAsync(CancellationToken ct) =>
        await schedulers.GetScheduler(ct) is { Status: SchedulerStatus.Running };

    private async Task ScheduleAsync(string job, TriggerKey name, string? key, DateTimeOffset at, CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        var alarm = TriggerBuilder.Create(time)
            .WithIdentity(name)
            .ForJob(JobKeyOf(job))
            .UsingJobData(RunJob.KeyOfAlarm, key ?? "")
            .StartAt(at)
            .WithSchedule(SimpleScheduleBuilder.Create().WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
            .Build();
        await scheduler.ScheduleJob(DetailOf(job), [alarm], new ScheduleJobOptions { Replace = true }, ct);
    }

    internal static JobKey JobKeyOf(string job) => new(job, JobGroup);

    /// <summary>Kept without a trigger, and run again elsewhere when its node dies under it: jobs are idempotent.</summary>
    internal static IJobDetail DetailOf(string job) =>
        JobBuilder.Create<RunJob>().WithIdentity(JobKeyOf(job)).StoreDurably().RequestRecovery().Build();

    internal const string JobGroup = "mailer";
    internal const string RecurringGroup = "recurring";
    private const string OnceGroup = "once";
    private const string NowGroup = "now";

    internal static AlarmKind KindOf(TriggerKey trigger) => trigger.Group switch
    {
        RecurringGroup => AlarmKind.Recurring,
        OnceGroup => AlarmKind.Once,
        _ => AlarmKind.Now,
    };

    private static TriggerKey Once(string job, string key) => new($"{job} {key}", OnceGroup);

    // The names that Once and RunNowAsync give: the query's rows do not hold the data that an alarm carries.
    private static string? KeyOf(TriggerKey trigger, string job)
    {
        var skip = job.Length + 1 + (trigger.Group == NowGroup ? 33 : 0);
        return trigger.Group is OnceGroup or NowGroup && trigger.Name.Length > skip ? trigger.Name[skip..] : null;
    }
}
