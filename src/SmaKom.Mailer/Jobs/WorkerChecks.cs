using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Jobs.Pages;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Jobs;

/// <summary>Whether a worker is alive, and those that ended without being told to, by the database's clock.</summary>
public sealed class WorkerChecks(NpgsqlDataSource source, IOptions<ScheduleOptions> schedule) : ICheck
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT max(heartbeat_at), COALESCE(bool_or({LiveWorker.Condition}), false) FROM worker;
            -- Told for an hour: what it was at has been taken over long before.
            SELECT name, now() - heartbeat_at
            FROM worker
            WHERE stopped_at IS NULL AND heartbeat_at BETWEEN now() - interval '1 hour' AND now() - @silence
            ORDER BY heartbeat_at DESC;
            -- One of its loops has ended it. Told for a day: the one that was started in its place may work, or end of the same.
            SELECT name, ended_loop, stopped_at, count(*) OVER (), stopped_at > now() - interval '15 minutes'
            FROM worker
            WHERE ended_loop IS NOT NULL AND stopped_at > now() - interval '1 day'
            ORDER BY stopped_at DESC
            LIMIT 1
            """).With(LiveWorker.Parameter(schedule.Value));
        var findings = new List<Finding>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        await rows.ReadAsync(ct);
        var alive = rows.GetBoolean(1);
        if (!alive) findings.Add(new(FindingKind.NoWorker, Severity.Fault, rows.IsDBNull(0) ? "–" : rows.GetFieldValue<DateTimeOffset>(0)));
        await rows.NextResultAsync(ct);
        // Where none is alive, that is what somebody must mend.
        while (await rows.ReadAsync(ct))
            if (alive) findings.Add(
                new(FindingKind.WorkerSilent, Severity.Warning, rows.GetString(0), rows.GetTimeSpan(1)) { Where = $"{JobEndpoints.Board}#arbetare" });
        await rows.NextResultAsync(ct);
        if (await rows.ReadAsync(ct))
            findings.Add(new(FindingKind.WorkerEnded, rows.GetBoolean(4) ? Severity.Fault : Severity.Warning,
                rows.GetString(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetInt64(3)));
        return findings;
    }
}
