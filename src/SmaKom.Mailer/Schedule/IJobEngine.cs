namespace SmaKom.Mailer.Schedule;

/// <summary>
/// The alarm clock: says when, never what. Two implementations: Quartz.NET (default) and Hangfire (build switch).
/// Jobs are idempotent and short; an alarm that rings twice, late or not at all loses nothing, since rows decide.
/// An engine calls <see cref="JobRunner"/> for each alarm that rings, and knows neither pauses nor history.
/// </summary>
public interface IJobEngine
{
    /// <summary>Rings once at <paramref name="at"/> for (job, key); replaces an earlier alarm of the same pair.</summary>
    Task ScheduleOnceAsync(string job, string key, DateTimeOffset at, CancellationToken ct);

    /// <summary>Takes an alarm back; nothing happens if there is none.</summary>
    Task UnscheduleAsync(string job, string key, CancellationToken ct);

    /// <summary>Runs a job now, on whichever worker is free.</summary>
    Task RunNowAsync(string job, string? key, CancellationToken ct);

    /// <summary>Every alarm that is set and has not rung, on all nodes, in no particular order.</summary>
    Task<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken ct);

    /// <summary>When a recurring job is due after <paramref name="last"/>, by its schedule; null: never. In the past, it is overdue.</summary>
    Task<DateTimeOffset?> DueAfterAsync(JobEntry job, DateTimeOffset last, CancellationToken ct);

    /// <summary>This process rings alarms: its engine was started and has not ended. Touches no database. An engine that cannot tell is taken at its word.</summary>
    ValueTask<bool> IsRunningAsync(CancellationToken ct) => ValueTask.FromResult(true);
}

/// <summary>What an alarm was set as.</summary>
public enum AlarmKind
{
    /// <summary>Comes back, by the job's cron.</summary>
    Recurring,

    /// <summary>Set for a point in time.</summary>
    Once,

    /// <summary>Asked for by somebody, to run at once.</summary>
    Now,
}

/// <summary>An alarm, set or ringing.</summary>
/// <param name="Key">What it was set for (an issue's id), or null. Never an address: keys are shown and kept.</param>
/// <param name="At">When it rings next, or was to ring; null if the engine does not say.</param>
public sealed record Alarm(string Job, string? Key, AlarmKind Kind, DateTimeOffset? At);

/// <summary>Something that an alarm starts. Registered by name in <see cref="JobTable"/>.</summary>
public interface IJob
{
    /// <param name="key">What the alarm was set for (an issue's id), or null for a recurring run.</param>
    Task RunAsync(string? key, CancellationToken ct);
}
