using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Jobs;

internal static class PlannedRuns
{
    /// <summary>A run of one of the test's jobs, planned for a time as Hangfire plans it.</summary>
    /// <returns>Hangfire's id.</returns>
    public static string PlanOnce(this TestHost host, string job, string key, DateTimeOffset at) => host.Get<IBackgroundJobClient>().Create(
        Job.FromExpression<HangfireRun>(run => run.RunAsync(job, key, RunKind.Once, at, null, CancellationToken.None)),
        new ScheduledState(at.UtcDateTime));
}
