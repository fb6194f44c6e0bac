using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>What the jobs that forget have done, for those who answer for it: by job, when it last ran and how many rows went.</summary>
public sealed class RetentionLog(NpgsqlDataSource source)
{
    /// <param name="job">Its name in the table of jobs.</param>
    /// <param name="gone">Rows of this run; 0: it only ran.</param>
    public async Task NoteAsync(string job, long gone, CancellationToken ct)
    {
        await using var note = source.CreateCommand(
            """
            INSERT INTO retention AS r (job, ran_at, gone, gone_at, gone_ever)
            VALUES (@job, now(), @gone, CASE WHEN @gone > 0 THEN now() END, @gone)
            ON CONFLICT (job) DO UPDATE
            SET ran_at = now(),
                gone = CASE WHEN @gone > 0 THEN @gone ELSE r.gone END,
                gone_at = CASE WHEN @gone > 0 THEN now() ELSE r.gone_at END,
                gone_ever = r.gone_ever + @gone
            """).With(new("job", job), new("gone", gone));
        await note.ExecuteNonQueryAsync(ct);
    }
}
