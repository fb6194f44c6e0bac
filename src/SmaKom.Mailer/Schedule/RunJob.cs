using Quartz;

namespace SmaKom.Mailer.Schedule;

/// <summary>The only job that Quartz knows: hands the alarm that rings to <see cref="JobRunner"/>.</summary>
[DisallowConcurrentExecution]
public sealed class RunJob(JobRunner runner) : Quartz.IJob
{
    /// <summary>Name under which an alarm carries what it was set for; empty = nothing.</summary>
    internal const string KeyOfAlarm = "key";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var key = context.MergedJobDataMap.TryGetString(KeyOfAlarm, out var value) && value is { Length: > 0 } ? value : null;
        // A run taken over from a dead node rings under a name of Quartz's own.
        var rung = (context.Recovering ? context.RecoveringTriggerKey : null) ?? context.Trigger.Key;
        await runner.RunAsync(new(context.JobDetail.Key.Name, key, QuartzEngine.KindOf(rung), context.ScheduledFireTimeUtc), cancellationToken);
    }
}
