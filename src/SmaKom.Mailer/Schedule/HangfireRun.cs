using Hangfire;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.Options;
using Npgsql;

namespace SmaKom.Mailer.Schedule;

/// <summary>The only job that Hangfire knows: hands the alarm that rings to <see cref="JobRunner"/>, one at a time for each of our jobs.</summary>
internal sealed class HangfireRun(JobRunner runner, AlarmBook book, IBackgroundJobClient client, NpgsqlDataSource source, IOptions<ScheduleOptions> options, TimeProvider time)
{
    /// <exception cref="JobRunFailedException">The run failed; noted already, thrown so that Hangfire's dashboard shows it too.</exception>
    [JobDisplayName("{0} {1}")]
    public async Task RunAsync(string job, string? key, AlarmKind kind, DateTimeOffset? at, PerformContext? context, CancellationToken ct)
    {
        var alarm = new Alarm(job, key, kind, at);
        var id = context!.BackgroundJob.Id;
        if (kind == AlarmKind.Once && !await book.HoldsAsync(job, key!, id, ct)) return;
        await using var turn = await Turn.TakeAsync(source, "job " + job, options.Value.PollInterval, ct);
        if (turn is null)
        {
            await PutOffAsync(alarm, ct);
            return;
        }
        var state = await runner.RunAsync(alarm, ct);
        if (kind == AlarmKind.Once) await book.ForgetAsync(job, key!, id);
        if (state == JobRunState.Failed) throw new JobRunFailedException(job, kind);
    }

    // The job is running elsewhere. Waiting for it would keep a thread of Hangfire's few; a recurring run comes back by itself.
    private async Task PutOffAsync(Alarm alarm, CancellationToken ct)
    {
        var soon = time.GetUtcNow() + options.Value.PollInterval;
        if (alarm.Kind == AlarmKind.Once) await book.SetAsync(alarm.Job, alarm.Key!, soon, ct);
        if (alarm.Kind == AlarmKind.Now) client.Create(AlarmBook.JobOf(alarm), new ScheduledState(AlarmBook.NeverEarly(soon)));
    }
}

/// <summary>For Hangfire's dashboard only.</summary>
public sealed class JobRunFailedException(string job, AlarmKind kind) : Exception($"{job} failed. What went wrong is at /admin/jobb. {Next(kind)}")
{
    // An alarm that has rung is not in the book: requeued, it finds nothing to do.
    private static string Next(AlarmKind kind) => kind switch
    {
        AlarmKind.Recurring => "It runs again at its next time.",
        AlarmKind.Once => "It is not run again by itself, nor by requeueing it here: try it again there.",
        _ => "It is not run again by itself: try it again there.",
    };
}
