using Quartz;

namespace SmaKom.Mailer.Schedule;

/// <summary>
/// Alarms as rows of Quartz.NET's clustered store in our own PostgreSQL. A process that only serves pages sets alarms
/// without ever ringing one: its scheduler is built and not started.
/// </summary>
public sealed class QuartzEngine(ISchedulerFactory schedulers, TimeProvider time) : IJobEngine
{
    public Task ScheduleOnceAsync(string job, string key, DateTimeOffset at, CancellationToken ct) =>
        ScheduleAsync(job, Once(job, key), key, at, ct);

    public async Task UnscheduleAsync(string job, string key, CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        await scheduler.UnscheduleJob(Once(job, key), ct);
    }

    public Task RunNowAsync(string job, string? key, CancellationToken ct) =>
        ScheduleAsync(job, new($"{job} {Guid.NewGuid():N}", "now"), key, time.GetUtcNow(), ct);

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

    private static TriggerKey Once(string job, string key) => new($"{job} {key}", "once");
}
