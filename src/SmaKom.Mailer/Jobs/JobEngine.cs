using System.Linq.Expressions;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;
using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// What the pages ask of Hangfire. It says when, never what: jobs are idempotent, and rows decide what has been sent. Hangfire looks at
/// the machine's clock, not at <see cref="TimeProvider"/>, and starts a planned job when it has looked: up to
/// <see cref="ScheduleOptions.PollInterval"/> twice after its time, never before it.
/// </summary>
public sealed class JobEngine(JobStorage storage, IBackgroundJobClient client, IEnumerable<IPlannedJobReader> readers, TimeProvider time)
{
    private const int Page = 500;
    private volatile bool isRunning;

    /// <summary>This process runs jobs: its server was started and has not been told to stop. Touches no database.</summary>
    public bool IsRunning { get => isRunning; internal set => isRunning = value; }

    /// <summary>Runs a job now, on whichever worker is free.</summary>
    public void RunNow(string job, string? key) => client.Create(CallOf(new(job, key, RunKind.Now, time.GetUtcNow())), new EnqueuedState());

    /// <summary>Deletes a job that is not running and has not done its work: one that waits, or that has failed.</summary>
    /// <returns>False: there is none of this id, or it has begun.</returns>
    public bool Delete(string id) =>
        client.Delete(id, ScheduledState.StateName) || client.Delete(id, EnqueuedState.StateName) || client.Delete(id, FailedState.StateName);

    /// <summary>Every run that is planned and has not begun, on all nodes, in no particular order.</summary>
    public IReadOnlyList<PlannedRun> Planned()
    {
        var monitoring = storage.GetMonitoringApi();
        // Due ones move from the scheduled to the waiting: read in that order, none is missed, and one may be seen twice.
        var scheduled = All(from => monitoring.ScheduledJobs(from, Page).Select(job => (job.Key, job.Value?.Job, (DateTime?)job.Value?.EnqueueAt)));
        var waiting = new[] { EnqueuedState.DefaultQueue, JobQueues.Issues }.SelectMany(queue =>
            All(from => monitoring.EnqueuedJobs(queue, from, Page).Select(job => (job.Key, job.Value?.Job, job.Value?.EnqueuedAt))));
        var once = scheduled.Concat(waiting).DistinctBy(job => job.Id).Select(job => Read(job.Id, job.Job, job.At)).OfType<PlannedRun>();
        return [.. Recurring(), .. once.Where(run => run.Kind != RunKind.Recurring)];
    }

    /// <summary>
    /// When each recurring job is due next, by its name; in the past, it is overdue. One that no worker has announced is not in it. Hangfire asks
    /// the database several times for each job: read it once for all of them.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Due() =>
        Recurring().Where(run => run.At is not null).ToDictionary(run => run.Job, run => run.At!.Value);

    /// <summary>Hangfire's form of a run of one of our jobs.</summary>
    internal static Job CallOf(PlannedRun run)
    {
        Expression<Func<HangfireRun, Task>> call = hangfire => hangfire.RunAsync(run.Job, run.Key, run.Kind, run.At, null, CancellationToken.None);
        return Job.FromExpression(call);
    }

    /// <returns>Null: not a run of <see cref="HangfireRun"/>, or of a version that wrote it otherwise.</returns>
    internal static PlannedRun? RunOf(Job? job) =>
        job?.Type == typeof(HangfireRun)
            && job.Args is [string name, var key, RunKind kind, var at, ..] ? new(name, key as string, kind, at as DateTimeOffset?) : null;

    /// <summary>Hangfire keeps whole seconds, rounded down: a time between two is the later one.</summary>
    internal static DateTime NeverEarly(DateTimeOffset at) =>
        new((at.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private PlannedRun? Read(string id, Job? job, DateTime? at)
    {
        var run = RunOf(job) ?? readers.Select(reader => reader.Read(job)).FirstOrDefault(read => read is not null);
        return run is null ? null : run with { JobId = id, At = run.At ?? Utc(at) };
    }

    private IReadOnlyList<PlannedRun> Recurring()
    {
        using var connection = storage.GetConnection();
        return [.. connection.GetRecurringJobs().Select(job => new PlannedRun(job.Id, null, RunKind.Recurring, Utc(job.NextExecution)))];
    }

    private static DateTimeOffset? Utc(DateTime? at) => at is { } some ? new DateTimeOffset(DateTime.SpecifyKind(some, DateTimeKind.Utc)) : null;

    private static List<(string Id, Job? Job, DateTime? At)> All(Func<int, IEnumerable<(string, Job?, DateTime?)>> page)
    {
        var all = new List<(string, Job?, DateTime?)>();
        for (int before = -1; all.Count - before >= Page || before < 0;)
        {
            before = all.Count;
            all.AddRange(page(all.Count));
        }

        return all;
    }
}

/// <summary>Reads what another feature's Hangfire job is for, so that the page of jobs can list it.</summary>
public interface IPlannedJobReader
{
    /// <returns>Null: not a job of this feature.</returns>
    PlannedRun? Read(Job? job);
}

/// <summary>Hangfire's queues.</summary>
public static class JobQueues
{
    /// <summary>Jobs that follow an issue, for hours if need be: workers of their own, so that upkeep never waits for them.</summary>
    public const string Issues = "nummer";
}
