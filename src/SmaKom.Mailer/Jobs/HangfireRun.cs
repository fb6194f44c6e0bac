using Hangfire;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// How Hangfire calls each <see cref="JobEntry"/>: hands the run to <see cref="JobRunner"/>, one at a time for each job on all workers.
/// </summary>
public sealed class HangfireRun(JobRunner runner, IBackgroundJobClient client, NpgsqlDataSource source, IOptions<ScheduleOptions> options,
    TimeProvider time)
{
    /// <exception cref="JobRunFailedException">The run failed; noted already, thrown so that Hangfire's dashboard shows it too.</exception>
    public async Task RunAsync(string job, string? key, RunKind kind, DateTimeOffset? at, PerformContext? context, CancellationToken ct)
    {
        // A recurring job that somebody starts from the dashboard runs, also while it is paused.
        var how = context!.GetJobParameter<bool>(AskedForByPerson.Parameter) ? RunKind.Now : kind;
        await using var alone = await SessionLock.TakeAsync(source, "job " + job, options.Value.PollInterval, ct);
        if (alone is null)
        {
            PutOff(how, context.BackgroundJob.Id);
            return;
        }

        if (await runner.RunAsync(new(job, key, how, at), ct) == JobRunState.Failed) throw new JobRunFailedException(new(job, key, kind, at));
    }

    // The job is running elsewhere. Waiting for it would keep a thread of Hangfire's few; a recurring run comes back by itself.
    private void PutOff(RunKind kind, string id)
    {
        if (kind != RunKind.Recurring)
            client.ChangeState(id, new ScheduledState(JobEngine.NeverEarly(time.GetUtcNow() + options.Value.PollInterval)));
    }
}

/// <summary>For Hangfire's dashboard only.</summary>
public sealed class JobRunFailedException(PlannedRun run) : Exception($"{run.Job} failed. What went wrong is at /admin/jobb. {run.AfterFailure}");
