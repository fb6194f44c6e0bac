using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>Which recurring jobs are paused. Our row, not the engine's: its times go on, and <see cref="JobRunner"/> leaves the runs out.</summary>
public sealed class JobPauses(NpgsqlDataSource source)
{
    public async Task<bool> IsPausedAsync(string job, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT EXISTS (SELECT FROM job_pause WHERE job = @job)")
            .With(new NpgsqlParameter("job", job));
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>False if it was paused already.</summary>
    public Task<bool> PauseAsync(string job, Actor actor, CancellationToken ct) =>
        AuditLog.DoAsync(source,
            "INSERT INTO job_pause (job, since, paused_by) VALUES (@job, now(), @audit_who) ON CONFLICT DO NOTHING RETURNING job", "job",
            actor, "job.pause", [new("job", job)], ct);

    /// <summary>False if it was not paused.</summary>
    public Task<bool> ResumeAsync(string job, Actor actor, CancellationToken ct) =>
        AuditLog.DoAsync(source, "DELETE FROM job_pause WHERE job = @job RETURNING job", "job", actor, "job.resume", [new("job", job)], ct);
}
