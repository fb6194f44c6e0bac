using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// Keeps the history of jobs as long as <see cref="ScheduleOptions.KeepRuns"/> says, and shorter what is only routine: a recurring
/// run that succeeded without a log line. Workers that ended or fell silent a day ago leave the list. Hangfire keeps what failed until
/// somebody deletes it: of recurring jobs, which have run again since, that is done after a day.
/// </summary>
public sealed class ForgetRuns(NpgsqlDataSource source, JobStorage storage, IBackgroundJobClient client, IOptions<ScheduleOptions> options,
    DatabaseClock time) : IJob
{
    private static readonly TimeSpan KeepFailedRecurring = TimeSpan.FromDays(1);
    private const int AtOnce = 10_000;

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // Many small deletes: none holds up the runs that are being written.
        while (await DeleteSomeAsync(now, ct) == AtOnce)
        {
        }

        await using var rest = source.CreateBatch();
        rest.BatchCommands.Add(new("DELETE FROM job_hour WHERE hour < $1") { Parameters = { new() { Value = now - options.Value.KeepRuns } } });
        rest.BatchCommands.Add(new("DELETE FROM worker WHERE heartbeat_at < now() - interval '1 day'"));
        await rest.ExecuteNonQueryAsync(ct);
        foreach (var job in FailedRecurring(now - KeepFailedRecurring)) client.Delete(job, FailedState.StateName);
    }

    private List<string> FailedRecurring(DateTimeOffset before)
    {
        const int page = 500;
        var (monitoring, all, found) = (storage.GetMonitoringApi(), new List<string>(), 0);
        do
        {
            var failed = monitoring.FailedJobs(found, page);
            all.AddRange(failed.Where(job => job.Value?.FailedAt < before.UtcDateTime
                && JobEngine.RunOf(job.Value.Job) is { Kind: RunKind.Recurring }).Select(job => job.Key));
            found = failed.Count < page ? 0 : found + failed.Count;
        }
        while (found > 0);
        return all;
    }

    private async Task<int> DeleteSomeAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            DELETE FROM job_run
            WHERE id IN (
                SELECT id
                FROM job_run
                WHERE state <> 'running'
                    AND (started_at < @old OR started_at < @quiet AND state = 'succeeded' AND kind = 'recurring' AND log = '{}')
                ORDER BY id
                LIMIT @most)
            """).With(new("old", now - options.Value.KeepRuns), new("quiet", now - options.Value.KeepQuietRuns), new("most", AtOnce));
        return await command.ExecuteNonQueryAsync(ct);
    }
}
