using Microsoft.Extensions.Options;
using Quartz;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

/// <summary>Makes the store's recurring triggers what <see cref="JobTable"/> says: added, changed and removed at a worker's start.</summary>
public sealed class RecurringJobs(ISchedulerFactory schedulers, IEnumerable<JobEntry> jobs, IOptions<SiteOptions> site, TimeProvider time) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await RemoveUnlistedAsync(scheduler, cancellationToken);
        foreach (var job in jobs)
            await BringUpToDateAsync(scheduler, job, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RemoveUnlistedAsync(IScheduler scheduler, CancellationToken ct)
    {
        var listed = jobs.Select(job => QuartzEngine.JobKeyOf(job.Name)).ToHashSet();
        var stored = await scheduler.QueryJobs(new JobQuery { Group = GroupMatcher<JobKey>.GroupEquals(QuartzEngine.JobGroup), Take = PagedQuery.All }, ct);
        foreach (var job in stored.Items.Where(job => !listed.Contains(job.Key)))
            await scheduler.DeleteJob(job.Key, ct);
    }

    private async Task BringUpToDateAsync(IScheduler scheduler, JobEntry job, CancellationToken ct)
    {
        var name = new TriggerKey(job.Name, QuartzEngine.RecurringGroup);
        if (job.Cron is null)
        {
            await scheduler.AddJob(QuartzEngine.DetailOf(job.Name), new AddJobOptions { Replace = true }, ct);
            await scheduler.UnscheduleJob(name, ct);
            return;
        }

        // An unchanged trigger is left alone: storing it anew would forget a run that was missed while nobody was up.
        if (await scheduler.GetTrigger(name, ct) is ICronTrigger stored && stored.CronExpressionString == job.Cron && stored.TimeZone.Id == site.Value.Zone.Id)
            return;
        var trigger = TriggerBuilder.Create(time)
            .WithIdentity(name)
            .ForJob(QuartzEngine.JobKeyOf(job.Name))
            .WithSchedule(CronScheduleBuilder.Create(job.Cron).InTimeZone(site.Value.Zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        await scheduler.ScheduleJob(QuartzEngine.DetailOf(job.Name), [trigger], new ScheduleJobOptions { Replace = true }, ct);
    }
}
