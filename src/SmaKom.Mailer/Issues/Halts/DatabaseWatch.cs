using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Issues.Halts;

/// <summary>
/// Sees whether this is still the database that the service left, and whether a worker has lived all the while. If not, what waits may have been
/// sent already by whoever came after the copy was made: everything that was going out is halted (<c>halt</c>) until somebody has decided. Between
/// the restore and the first look nothing is claimed either (<c>may_send</c>).
/// </summary>
public sealed partial class DatabaseWatch(NpgsqlDataSource source, IOptions<ScheduleOptions> options, ILogger<DatabaseWatch> logger)
{
    /// <summary>What was written so long after the last sign of life was there when its worker died.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    // Signs of life that this process knows of. Not a time: clocks are set back, a counter is not.
    private long beats;

    /// <summary>Before anything is sent, and with each sign of life.</summary>
    /// <param name="worker">Counts as a sign of life of a worker; otherwise only a restore is looked for.</param>
    public async Task LookAsync(bool worker, CancellationToken ct)
    {
        if (await IsWellAsync(worker, ct)) return;
        await TakeStockAsync(worker, ct);
        await IsWellAsync(worker, ct);
    }

    private async Task<bool> IsWellAsync(bool worker, CancellationToken ct)
    {
        if (!worker)
        {
            await using var look = source.CreateCommand("SELECT database_is_known()");
            return await look.ExecuteScalarAsync(ct) is true;
        }

        await using var beat = source.CreateCommand(
            """
            UPDATE database_identity
            SET last_active_at = now(), longest_sleep = @sleep, beats = beats + 1
            WHERE last_active_at > now() - @sleep AND beats >= @beats AND met_at IS NOT NULL AND database_is_known()
            RETURNING beats
            """).With(new("sleep", options.Value.LongestSleep), new("beats", Interlocked.Read(ref beats)));
        if (await beat.ExecuteScalarAsync(ct) is not long seen) return false;
        Interlocked.Exchange(ref beats, seen);
        return true;
    }

    /// <summary>In one transaction: whoever comes second finds the answer of the first, and a process that dies halfway has done nothing.</summary>
    private async Task TakeStockAsync(bool worker, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var turn = new NpgsqlCommand("SELECT FROM database_identity FOR UPDATE", connection)) await turn.ExecuteNonQueryAsync(ct);
        if (await FindAsync(connection, worker, ct) is not { } found) return;

        var (issues, notices) = (0, 0);
        if (found.Cause is { } cause)
        {
            issues = await HaltIssuesAsync(connection, cause, found.LastActiveAt, ct);
            notices = await HaltNoticesAsync(connection, cause, found.LastActiveAt, ct);
            if (cause == HaltCause.Restored) await ForgetWhatOthersHoldAsync(connection, ct);
        }

        await RememberAsync(connection, found, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        Interlocked.Exchange(ref beats, 0);
        if (issues + notices > 0) Log.Halted(logger, found.Cause!.Value, found.LastActiveAt, issues, notices);
        else if (found.IsNew) Log.Met(logger, found.LastActiveAt);
    }

    /// <summary>Null: another process has taken stock meanwhile.</summary>
    private async Task<Found?> FindAsync(NpgsqlConnection connection, bool worker, CancellationToken ct)
    {
        // The first time nobody knows which database it was before: only the silence of its workers can tell.
        await using var command = new NpgsqlCommand(
            """
            SELECT i.met_at IS NULL, NOT database_is_known() OR i.beats < @beats, @worker AND COALESCE(last.at <= now() - @sleep, false),
                   COALESCE(last.at, now())
            FROM database_identity AS i
            CROSS JOIN LATERAL (SELECT COALESCE(i.last_active_at, (SELECT max(heartbeat_at) FROM worker)) AS at) AS last
            """, connection).With(new("beats", Interlocked.Read(ref beats)), new("worker", worker), new("sleep", options.Value.LongestSleep));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (isFirst, isAnother, hasSlept) = (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2));
        HaltCause? cause = isAnother ? HaltCause.Restored : hasSlept ? HaltCause.Slept : null;
        return isFirst || cause is not null ? new(cause, isFirst || isAnother, row.GetFieldValue<DateTimeOffset>(3)) : null;
    }

    /// <summary>
    /// Of a restored database: what was going out, was paused with letters left, or has come due. After a sleep: what was going out, unless somebody
    /// has moved it since, and what has been due for as long. An issue that goes out is paused, which every worker obeys at its next intent.
    /// </summary>
    private async Task<int> HaltIssuesAsync(NpgsqlConnection connection, HaltCause cause, DateTimeOffset last, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            WITH found AS (
                SELECT id, state
                FROM issue
                WHERE CASE state
                    WHEN 'queued' THEN scheduled_at <= CASE WHEN @restored THEN now() ELSE now() - @sleep END
                    WHEN 'sending' THEN @restored OR updated_at <= @last + @slack
                    WHEN 'paused' THEN @restored
                    ELSE false END
                    AND (state = 'queued' OR EXISTS (SELECT FROM delivery WHERE issue_id = issue.id AND state IN ('waiting', 'deferred')))
                FOR UPDATE),
            counted AS (
                SELECT f.id, f.state, c.accepted, c.last_accepted_at, GREATEST(@last, CASE WHEN c.last_at < now() THEN c.last_at END) AS last_active_at,
                       CASE f.state WHEN 'queued' THEN (
                           SELECT count(*)
                           FROM subscriber AS s
                           WHERE {Audience.Has("s", "(SELECT lists FROM issue WHERE id = f.id)::smallint[]")}) ELSE c.waiting END AS waiting
                FROM found AS f
                CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE state = 'accepted') AS accepted,
                           count(*) FILTER (WHERE state IN ('waiting', 'deferred')) AS waiting,
                           max(finished_at) FILTER (WHERE state = 'accepted') AS last_accepted_at, max(last_attempt_at) AS last_at
                    FROM delivery
                    WHERE issue_id = f.id) AS c),
            halted AS (
                INSERT INTO halt (issue_id, cause, state_before, last_active_at, accepted, waiting, per_minute)
                SELECT c.id, @cause, c.state, c.last_active_at, c.accepted, c.waiting, r.per_minute
                FROM counted AS c
                CROSS JOIN LATERAL (
                    SELECT CASE WHEN count(*) > 1
                           THEN count(*) * 60 / GREATEST(extract(epoch FROM max(finished_at) - min(finished_at)), 1) END AS per_minute
                    FROM delivery
                    WHERE issue_id = c.id AND state = 'accepted' AND finished_at > c.last_accepted_at - interval '10 minutes') AS r
                ON CONFLICT DO NOTHING
                RETURNING issue_id),
            paused AS (
                UPDATE issue AS i
                SET state = 'paused', updated_at = now()
                FROM halted
                WHERE i.id = halted.issue_id AND i.state = 'sending')
            SELECT count(*)::integer FROM halted
            """, connection).With(
            new("restored", cause == HaltCause.Restored), new("cause", HaltList.Word(cause)), new("last", last.ToUniversalTime()),
            new("slack", Slack), new("sleep", options.Value.LongestSleep));
        command.CommandTimeout = 0;
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>
    /// Single mails of a restored database; after a sleep, those that waited when the last worker lived. What is asked for later goes out.
    /// </summary>
    private static async Task<int> HaltNoticesAsync(NpgsqlConnection connection, HaltCause cause, DateTimeOffset last, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH waiting AS (
                SELECT id
                FROM notice
                WHERE state = 'waiting' AND halt_id IS NULL AND (@restored OR created_at <= @last + @slack)
                FOR UPDATE),
            halted AS (
                INSERT INTO halt (cause, last_active_at, waiting)
                SELECT @cause, @last, count(*)
                FROM waiting
                HAVING count(*) > 0
                ON CONFLICT (COALESCE(issue_id, 0)) WHERE decided_at IS NULL DO UPDATE
                SET waiting = halt.waiting + EXCLUDED.waiting
                RETURNING id)
            UPDATE notice
            SET halt_id = halted.id
            FROM waiting, halted
            WHERE notice.id = waiting.id
            """, connection).With(
            new("restored", cause == HaltCause.Restored), new("cause", HaltList.Word(cause)), new("last", last.ToUniversalTime()),
            new("slack", Slack));
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Claims in a copy are those of the workers of the original. Their leases are over, and cannot be lengthened. Numbers that the original has
    /// given out since are left out, so that no claim of one of its workers and no link in a letter of its means something else here.
    /// </summary>
    private static async Task ForgetWhatOthersHoldAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE slice SET lease_until = '-infinity' WHERE claim_id IS NOT NULL;
            SELECT count(nextval('claim_id')) FROM generate_series(1, 100000);
            SELECT count(nextval('subscriber_id_seq')) FROM generate_series(1, 10000);
            SELECT count(nextval('issue_id_seq')) FROM generate_series(1, 100)
            """, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task RememberAsync(NpgsqlConnection connection, Found found, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE database_identity AS i
            SET last_active_at = now(), longest_sleep = @sleep, beats = i.beats + 1,
                met_at = CASE WHEN @new THEN now() ELSE i.met_at END,
                active_before = CASE WHEN @new AND i.met_at IS NOT NULL THEN i.last_active_at ELSE i.active_before END,
                system_identifier = p.system_identifier, timeline = p.timeline, database_oid = p.database_oid, table_oid = i.tableoid
            FROM present_database() AS p
            """, connection).With(new("sleep", options.Value.LongestSleep), new("new", found.IsNew));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <param name="Cause">Null: there is no reason to halt anything.</param>
    /// <param name="IsNew">The service has not met this database before.</param>
    private sealed record Found(HaltCause? Cause, bool IsNew, DateTimeOffset LastActiveAt);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "Nothing of {Issues} issues and {Notices} single mails goes out until somebody decides ({Cause}; last sign of life {LastActiveAt:O}): " +
            "/admin/stopp, or smakom halts")]
        public static partial void Halted(ILogger logger, HaltCause cause, DateTimeOffset lastActiveAt, int issues, int notices);

        [LoggerMessage(2, LogLevel.Information,
            "The service meets this database for the first time; nothing was going out (last sign of life {LastActiveAt:O})")]
        public static partial void Met(ILogger logger, DateTimeOffset lastActiveAt);
    }
}
