using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>Which recurring jobs are paused. Our row, not the engine's: its times go on, and <see cref="JobRunner"/> leaves the runs out.</summary>
public sealed class JobPauses(NpgsqlDataSource source, TimeProvider time)
{
    public async Task<bool> IsPausedAsync(string job, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT EXISTS (SELECT FROM job_pause WHERE job = @job)").With(new NpgsqlParameter("job", job));
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>False if it was paused already.</summary>
    /// <param name="by">Who pauses it, as shown.</param>
    public async Task<bool> PauseAsync(string job, string by, CancellationToken ct)
    {
        await using var command = source.CreateCommand("INSERT INTO job_pause (job, since, paused_by) VALUES (@job, @now, @by) ON CONFLICT DO NOTHING")
            .With(new("job", job), new("now", time.GetUtcNow()), new("by", by));
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>False if it was not paused.</summary>
    public async Task<bool> ResumeAsync(string job, CancellationToken ct)
    {
        await using var command = source.CreateCommand("DELETE FROM job_pause WHERE job = @job").With(new NpgsqlParameter("job", job));
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }
}
