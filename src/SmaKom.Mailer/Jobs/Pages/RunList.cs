using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>A run of a job, as lists show it.</summary>
public sealed record RunRow(
    long Id, string Job, string? Key, RunKind Kind, string Node, DateTimeOffset? PlannedAt, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    JobRunState State, string? Cause, bool RetryAsked);

/// <summary>A run with all that is kept of it.</summary>
public sealed record RunDetails(RunRow Run, string? Exception, string[] Log);

/// <summary>Failures that have the same cause.</summary>
public sealed record CauseRow(string Cause, long Runs, string[] Jobs, DateTimeOffset First, DateTimeOffset Last);

/// <summary>The runs of all workers: read, chosen, deleted.</summary>
public sealed class RunList(NpgsqlDataSource source)
{
    /// <summary>Counting stops here: nobody reads so many, and a page must not wait for it.</summary>
    public const int CountsTo = 10_000;

    private const string Columns = "id, job, key, kind, node, planned_at, started_at, ended_at, state, cause, retry";

    /// <summary>Newest first; <paramref name="before"/> is the last id of the page before.</summary>
    public async Task<IReadOnlyList<RunRow>> ReadAsync(RunFilter filter, long? before, int most, CancellationToken ct)
    {
        await using var command = source.CreateCommand();
        command.CommandText =
            $"""
            SELECT {Columns}
            FROM job_run
            WHERE id < @before{filter.Where(command.Parameters)}
            ORDER BY id DESC
            LIMIT @most
            """;
        command.With(new("before", before ?? long.MaxValue), new("most", most));
        var runs = new List<RunRow>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) runs.Add(Read(rows));
        return runs;
    }

    /// <summary>At most <see cref="CountsTo"/> + 1.</summary>
    public async Task<long> CountAsync(RunFilter filter, CancellationToken ct)
    {
        await using var command = source.CreateCommand();
        command.CommandText =
            $"SELECT count(*) FROM (SELECT FROM job_run WHERE true{filter.Where(command.Parameters)} LIMIT {CountsTo + 1}) AS found";
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<RunDetails?> FindAsync(long id, CancellationToken ct)
    {
        await using var command = source.CreateCommand($"SELECT {Columns}, exception, log FROM job_run WHERE id = @id")
            .With(new NpgsqlParameter("id", id));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(Read(row), row.IsDBNull(11) ? null : row.GetString(11), row.GetFieldValue<string[]>(12)) : null;
    }

    /// <summary>Failures by cause, the most frequent first.</summary>
    public async Task<IReadOnlyList<CauseRow>> CausesAsync(DateTimeOffset since, int most, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT cause, count(*), array_agg(DISTINCT job), min(started_at), max(started_at)
            FROM job_run
            WHERE cause IS NOT NULL AND started_at >= @since
            GROUP BY cause
            ORDER BY count(*) DESC, cause
            LIMIT @most
            """).With(new("since", since), new("most", most));
        var causes = new List<CauseRow>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            causes.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetFieldValue<string[]>(2), rows.GetFieldValue<DateTimeOffset>(3),
                rows.GetFieldValue<DateTimeOffset>(4)));
        return causes;
    }

    /// <summary>Takes runs out of the history; those that go on stay.</summary>
    public async Task<long> DeleteAsync(RunFilter filter, long? only, Actor actor, CancellationToken ct)
    {
        await using var command = source.CreateCommand();
        command.CommandText =
            $"""
            WITH deleted AS (
                DELETE FROM job_run
                WHERE state <> 'running' AND (@only IS NULL OR id = @only){filter.Where(command.Parameters)}
                RETURNING id),
            counted AS (SELECT count(*) AS runs FROM deleted HAVING count(*) > 0),
            {AuditLog.Noted("counted", "COALESCE(@only, runs)::text")}
            SELECT count(*) FROM deleted
            """;
        command.With(AuditLog.Parameters(actor, only is null ? "job.delete-all" : "job.delete"))
            .With(new NpgsqlParameter("only", NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)only ?? DBNull.Value });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Marks what failed or was lost for <see cref="RetryRuns"/>; returns how many different things will run again.</summary>
    public async Task<long> AskForRetryAsync(RunFilter filter, Actor actor, CancellationToken ct)
    {
        await using var command = source.CreateCommand();
        command.CommandText =
            $"""
            WITH asked AS (
                UPDATE job_run
                SET retry = true
                WHERE state IN ('failed', 'lost'){filter.Where(command.Parameters)}
                RETURNING job, key),
            counted AS (SELECT count(*) AS things FROM (SELECT DISTINCT job, key FROM asked) AS different),
            {AuditLog.Noted("counted", "things::text")}
            SELECT things FROM counted
            """;
        command.With(AuditLog.Parameters(actor, "job.retry-all"));
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>How many runs failed or were lost, and how many different things they ran for.</summary>
    public async Task<(long Runs, long Things)> CountRetriesAsync(RunFilter filter, CancellationToken ct)
    {
        await using var command = source.CreateCommand();
        command.CommandText =
            $"""
            SELECT COALESCE(sum(runs), 0)::bigint, count(*)
            FROM (SELECT count(*) AS runs FROM job_run WHERE state IN ('failed', 'lost'){filter.Where(command.Parameters)} GROUP BY job, key) AS things
            """;
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static RunRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetFieldValue<RunKind>(3), row.GetString(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        row.GetFieldValue<JobRunState>(8), row.IsDBNull(9) ? null : row.GetString(9), row.GetBoolean(10));
}
