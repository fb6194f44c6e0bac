using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Schedule;

/// <summary>
/// Keeps the history of jobs as long as <see cref="ScheduleOptions.KeepRuns"/> says, and shorter what is only routine: a recurring
/// run that succeeded without a log line. Workers that ended or fell silent a day ago leave the list.
/// </summary>
public sealed class ForgetRuns(NpgsqlDataSource source, IOptions<ScheduleOptions> options, TimeProvider time) : IJob
{
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
