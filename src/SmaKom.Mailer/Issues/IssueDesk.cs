using System.Globalization;
using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Schedule;

namespace SmaKom.Mailer.Issues;

/// <summary>What came of a request to move an issue along.</summary>
public enum DeskAnswer
{
    Done,
    NoSuchIssue,
    /// <summary>The issue is in a state from which this cannot be done.</summary>
    WrongState,
    /// <summary>The time asked for has passed.</summary>
    TimeHasPassed,
}

/// <summary>What staff do with a finished issue, from the pages and from the command line: queue, pause, resume, cancel.</summary>
public sealed class IssueDesk(NpgsqlDataSource source, IJobEngine alarms, TimeProvider time)
{
    /// <summary>draft | queued → queued for <paramref name="at"/>; null = now.</summary>
    public async Task<DeskAnswer> QueueAsync(int issueId, DateTimeOffset? at, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (at < now) return DeskAnswer.TimeHasPassed;
        // Before the row: an alarm without a queued issue rings in vain, a queued issue without an alarm would go out late.
        await alarms.ScheduleOnceAsync(nameof(PlanIssue), AlarmKey(issueId), at ?? now, ct);
        return await MoveAsync(issueId,
            """
            UPDATE issue
            SET state = 'queued', scheduled_at = @at, updated_at = @now
            WHERE id = @issue AND state IN ('draft', 'queued')
            RETURNING id
            """, at ?? now, ct);
    }

    /// <summary>queued → draft: taken back before it started.</summary>
    public Task<DeskAnswer> TakeBackAsync(int issueId, CancellationToken ct) => MoveWithoutAlarmAsync(issueId,
        """
        UPDATE issue
        SET state = 'draft', scheduled_at = NULL, updated_at = @now
        WHERE id = @issue AND state = 'queued'
        RETURNING id
        """, ct);

    /// <summary>sending → paused. No intent is committed after this returns.</summary>
    public Task<DeskAnswer> PauseAsync(int issueId, CancellationToken ct) => MoveAsync(issueId,
        """
        UPDATE issue
        SET state = 'paused', updated_at = @now
        WHERE id = @issue AND state = 'sending'
        RETURNING id
        """, null, ct);

    /// <summary>paused → sending.</summary>
    public Task<DeskAnswer> ResumeAsync(int issueId, CancellationToken ct) => MoveAsync(issueId,
        """
        UPDATE issue
        SET state = 'sending', updated_at = @now
        WHERE id = @issue AND state = 'paused'
        RETURNING id
        """, null, ct);

    /// <summary>queued | sending | paused → cancelled: who has not been sent to is excluded.</summary>
    public Task<DeskAnswer> CancelAsync(int issueId, CancellationToken ct) => MoveWithoutAlarmAsync(issueId,
        """
        WITH cancelled AS (
            UPDATE issue
            SET state = 'cancelled', finished_at = @now, updated_at = @now
            WHERE id = @issue AND state IN ('queued', 'sending', 'paused')
            RETURNING id),
        rest AS (
            UPDATE delivery AS d
            SET state = 'excluded', reason = 'cancelled', finished_at = @now
            FROM cancelled
            WHERE d.issue_id = cancelled.id AND d.state IN ('waiting', 'deferred')),
        unclaimed AS (
            DELETE FROM slice AS s
            USING cancelled
            WHERE s.issue_id = cancelled.id AND s.claim_id IS NULL)
        SELECT id FROM cancelled
        """, ct);

    private async Task<DeskAnswer> MoveWithoutAlarmAsync(int issueId, string update, CancellationToken ct)
    {
        var answer = await MoveAsync(issueId, update, null, ct);
        if (answer == DeskAnswer.Done) await alarms.UnscheduleAsync(nameof(PlanIssue), AlarmKey(issueId), ct);
        return answer;
    }

    private async Task<DeskAnswer> MoveAsync(int issueId, string update, DateTimeOffset? at, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var move = new NpgsqlCommand(update, connection)
        {
            Parameters =
            {
                new("issue", issueId),
                new("at", NpgsqlTypes.NpgsqlDbType.TimestampTz) { Value = (object?)at?.ToUniversalTime() ?? DBNull.Value },
                new("now", time.GetUtcNow()),
            },
        };
        if (await move.ExecuteScalarAsync(ct) is int)
        {
            await Wake.NotifyAsync(connection, ct);
            return DeskAnswer.Done;
        }

        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM issue WHERE id = @issue)", connection) { Parameters = { new("issue", issueId) } };
        return (bool)(await exists.ExecuteScalarAsync(ct))! ? DeskAnswer.WrongState : DeskAnswer.NoSuchIssue;
    }

    private static string AlarmKey(int issueId) => issueId.ToString(CultureInfo.InvariantCulture);
}
