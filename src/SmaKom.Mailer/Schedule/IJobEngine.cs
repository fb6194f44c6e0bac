namespace SmaKom.Mailer.Schedule;

/// <summary>
/// The alarm clock: says when, never what. Two implementations: Quartz.NET (default) and Hangfire (build switch).
/// Jobs are idempotent and short; an alarm that rings twice, late or not at all loses nothing, since rows decide.
/// </summary>
public interface IJobEngine
{
    /// <summary>Rings once at <paramref name="at"/> for (job, key); replaces an earlier alarm of the same pair.</summary>
    Task ScheduleOnceAsync(string job, string key, DateTimeOffset at, CancellationToken ct);

    /// <summary>Takes an alarm back; nothing happens if there is none.</summary>
    Task UnscheduleAsync(string job, string key, CancellationToken ct);

    /// <summary>Runs a job now, on whichever worker is free.</summary>
    Task RunNowAsync(string job, string? key, CancellationToken ct);
}

/// <summary>Something that an alarm starts. Registered by name in <see cref="JobTable"/>.</summary>
public interface IJob
{
    /// <param name="key">What the alarm was set for (an issue's id), or null for a recurring run.</param>
    Task RunAsync(string? key, CancellationToken ct);
}
