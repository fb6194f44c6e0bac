
namespace SmaKom.Mailer.Jobs;

/// <summary>How a run came about.</summary>
public enum RunKind
{
    /// <summary>Comes back, by the job's cron.</summary>
    Recurring,

    /// <summary>Set for a point in time.</summary>
    Once,

    /// <summary>Asked for by somebody, to run at once.</summary>
    Now,
}

/// <summary>A run, planned or going on.</summary>
/// <param name="Key">What it is for (an issue's id), or null. Never an address: keys are shown and kept.</param>
/// <param name="At">When it runs next, or was to run; null if that is not known.</param>
public sealed record PlannedRun(string Job, string? Key, RunKind Kind, DateTimeOffset? At)
{
    /// <summary>Hangfire's id of a run that is planned once; null for a recurring one.</summary>
    public string? JobId { get; init; }

    /// <summary>For whoever reads that it failed. What is set for a time is an issue's, which is looked after each minute.</summary>
    internal string AfterFailure => Kind switch
    {
        RunKind.Recurring => "It runs again at its next time.",
        RunKind.Once => "It is run again within a minute.",
        _ => "It is not run again by itself: requeue it, or try it again at /admin/jobb.",
    };
}

/// <summary>Something that runs. Registered by name, as a <see cref="JobEntry"/>.</summary>
public interface IJob
{
    /// <param name="key">What it is for (an issue's id), or null for a recurring run.</param>
    Task RunAsync(string? key, CancellationToken ct);
}
