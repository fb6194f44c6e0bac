using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace SmaKom.Mailer.Schedule;

/// <summary>
/// Alarms as Hangfire's delayed jobs. Hangfire looks at the machine's clock, not at <see cref="TimeProvider"/>, and rings
/// when it has looked: up to <see cref="ScheduleOptions.PollInterval"/> twice after the time, never before it.
/// </summary>
internal sealed class HangfireEngine(JobStorage storage, IBackgroundJobClient client, AlarmBook book, TimeProvider time) : IJobEngine
{
    private const int Page = 500;

    public Task ScheduleOnceAsync(string job, string key, DateTimeOffset at, CancellationToken ct) => book.SetAsync(job, key, at, ct);

    public Task UnscheduleAsync(string job, string key, CancellationToken ct) => book.TakeBackAsync(job, key, ct);

    public Task RunNowAsync(string job, string? key, CancellationToken ct)
    {
        client.Create(AlarmBook.JobOf(new(job, key, AlarmKind.Now, time.GetUtcNow())), new EnqueuedState());
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Alarm>> AlarmsAsync(CancellationToken ct)
    {
        var monitoring = storage.GetMonitoringApi();
        // Due ones move from the scheduled to the waiting: read in that order, none is missed, and one may be seen twice.
        var scheduled = All(from => monitoring.ScheduledJobs(from, Page).Select(job => (job.Key, job.Value?.Job)));
        var waiting = All(from => monitoring.EnqueuedJobs(EnqueuedState.DefaultQueue, from, Page).Select(job => (job.Key, job.Value?.Job)));
        var once = scheduled.Concat(waiting).DistinctBy(job => job.Id).Select(job => AlarmBook.AlarmOf(job.Job)).OfType<Alarm>().Where(alarm => alarm.Kind != AlarmKind.Recurring);
        return Task.FromResult<IReadOnlyList<Alarm>>([.. Recurring(), .. once]);
    }

    // Hangfire reads schedules itself and keeps the next ring, which stays in the past while nobody rings. A job that no worker has
    // announced is due at once.
    public Task<DateTimeOffset?> DueAfterAsync(JobEntry job, DateTimeOffset last, CancellationToken ct) =>
        Task.FromResult(job.Cron is null ? null : Recurring().FirstOrDefault(alarm => alarm.Job == job.Name)?.At ?? (DateTimeOffset?)last);

    private IEnumerable<Alarm> Recurring()
    {
        using var connection = storage.GetConnection();
        return [.. connection.GetRecurringJobs().Select(job => new Alarm(job.Id, null, AlarmKind.Recurring, job.NextExecution is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null))];
    }

    private static List<(string Id, Job? Job)> All(Func<int, IEnumerable<(string, Job?)>> page)
    {
        var all = new List<(string, Job?)>();
        for (int before = -1; all.Count - before >= Page || before < 0;)
        {
            before = all.Count;
            all.AddRange(page(all.Count));
        }
        return all;
    }
}
