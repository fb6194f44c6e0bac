using Npgsql;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// Starts again what somebody has chosen in the history, many at a time: what ran for the same thing is started once. A job and
/// not a button's work, so that thousands neither keep a page waiting nor are lost halfway.
/// </summary>
public sealed class RetryRuns(NpgsqlDataSource source, JobEngine engine) : IJob
{
    public async Task RunAsync(string? key, CancellationToken ct)
    {
        while (await NextAsync(ct) is var (job, of, upTo))
        {
            engine.RunNow(job, of);
            await MarkRetriedAsync(job, of, upTo, ct);
        }
    }

    private async Task<(string Job, string? Key, long UpTo)?> NextAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT job, key, max(id)
            FROM job_run
            WHERE retry
            GROUP BY job, key
            LIMIT 1
            """);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2)) : null;
    }

    private async Task MarkRetriedAsync(string job, string? key, long upTo, CancellationToken ct)
    {
        await using var command =
            source.CreateCommand("UPDATE job_run SET retry = false WHERE retry AND job = $1 AND key IS NOT DISTINCT FROM $2 AND id <= $3");
        command.Parameters.Add(new() { Value = job });
        command.Parameters.Add(new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = upTo });
        await command.ExecuteNonQueryAsync(ct);
    }
}
