using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// What accompanies each job: counts for the dashboard's graphs, no retries (retrying is ours), how long a finished job is kept, and what
/// other features hang on it. One for each host: Hangfire's static collections are not used.
/// </summary>
public sealed class HangfireFilters : IJobFilterProvider
{
    private readonly JobFilterProviderCollection filters;

    public HangfireFilters(IEnumerable<IApplyStateFilter> features)
    {
        var all = new JobFilterCollection
        {
            new AutomaticRetryAttribute { Attempts = 0, LogEvents = false }, new StatisticsHistoryAttribute(), new AskedForByPerson(),
            new KeepRoutineShortly(),
        };
        foreach (var feature in features) all.Add(feature);
        filters = new(all, new JobFilterAttributeFilterProvider());
    }

    public IEnumerable<JobFilter> GetFilters(Job job) => filters.GetFilters(job);
}

/// <summary>Marks a run that a person started in Hangfire's dashboard, which Hangfire tells only by the reason that it writes.</summary>
public sealed class AskedForByPerson : IElectStateFilter
{
    internal const string Parameter = "AskedForByPerson";
    private static readonly string[] Reasons = ["Triggered via Dashboard UI", "Triggered using recurring job manager"];

    public void OnStateElection(ElectStateContext context)
    {
        if (IsAsked(context.CandidateState)) context.SetJobParameter(Parameter, true);
    }

    public static bool IsAsked(IState state) => state is EnqueuedState && Reasons.Contains(state.Reason, StringComparer.Ordinal);
}

/// <summary>
/// A routine run that succeeded has nothing to tell after an hour (there are 5,760 a day of one job); our own history keeps it longer.
/// </summary>
public sealed class KeepRoutineShortly : IApplyStateFilter
{
    private static readonly TimeSpan Short = TimeSpan.FromHours(1);

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is SucceededState && JobEngine.RunOf(context.BackgroundJob.Job) is { Kind: RunKind.Recurring })
            context.JobExpirationTimeout = Short;
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }
}
