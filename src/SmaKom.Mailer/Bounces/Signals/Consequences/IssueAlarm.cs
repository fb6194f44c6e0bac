using Npgsql;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>
/// Pauses an issue that too many call spam, or of whose addresses too many are gone; once for each cause: whoever resumes it has decided. Of one that
/// has gone out already staff are told only.
/// </summary>
public sealed class IssueAlarm
{
    public async Task LookAsync(NpgsqlConnection connection, Signal signal, CancellationToken ct)
    {
        if (signal.IssueId is not { } issue || signal.Said.Class is not (BounceClass.Complaint or BounceClass.Hard)) return;
        var (complaints, gone) = await CountAsync(connection, issue, ct);
        // Every signal asks: all of the issue is counted when it may matter.
        if (complaints < IssueReturns.FewestComplaints && gone < IssueReturns.FewestGone) return;
        var sent = await CountSentAsync(connection, issue, ct);
        if (IssueReturns.IsTooManyComplaints(complaints, sent)) await PauseAsync(connection, issue, "complaints", complaints, ct);
        if (!IssueReturns.IsOldList(gone, sent)) return;
        await PauseAsync(connection, issue, "addresses", gone, ct);
        await using var tell = new NpgsqlCommand(
            """
            INSERT INTO staff_task (kind, issue_id, at)
            SELECT 'old_list', @issue, now()
            WHERE NOT EXISTS (SELECT FROM staff_task WHERE kind = 'old_list' AND issue_id = @issue)
            """, connection).With(new NpgsqlParameter("issue", issue));
        await tell.ExecuteNonQueryAsync(ct);
    }

    private static async Task<(long Complaints, long Gone)> CountAsync(NpgsqlConnection connection, int issue, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(
            """
            SELECT count(DISTINCT r.subscriber_id) FILTER (WHERE r.class = 'complaint'),
                   count(DISTINCT r.subscriber_id) FILTER (WHERE r.class = 'hard' AND NOT r.whole_domain AND NOT EXISTS (
                       SELECT FROM staff_task AS t WHERE t.kind = 'domain_away' AND t.issue_id = @issue AND t.domain = s.domain))
            FROM return_signal AS r
            JOIN subscriber AS s ON s.id = r.subscriber_id
            WHERE r.issue_id = @issue
            """, connection).With(new NpgsqlParameter("issue", issue));
        await using var row = await count.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task<long> CountSentAsync(NpgsqlConnection connection, int issue, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand("SELECT count(*) FROM delivery WHERE issue_id = @issue AND last_attempt_at IS NOT NULL", connection)
            .With(new NpgsqlParameter("issue", issue));
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }

    private static async Task PauseAsync(NpgsqlConnection connection, int issue, string cause, long count, CancellationToken ct)
    {
        await using var pause = new NpgsqlCommand(
            """
            WITH paused AS (
                UPDATE issue
                SET state = 'paused', updated_at = now()
                WHERE id = @issue AND state = 'sending' AND NOT EXISTS (SELECT FROM issue_brake WHERE issue_id = @issue AND cause = @cause)
                RETURNING id
            )
            INSERT INTO issue_brake (issue_id, cause, refused, reply)
            SELECT id, @cause, @count, ''
            FROM paused
            """, connection).With(new("issue", issue), new("cause", cause), new("count", (int)count));
        await pause.ExecuteNonQueryAsync(ct);
    }
}
