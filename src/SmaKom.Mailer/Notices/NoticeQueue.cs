using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Notices;

/// <summary>A notice that this worker holds for as long as <see cref="LeaseUntil"/> says.</summary>
public sealed record ClaimedNotice(
    long Id, NoticeKind Kind, long? SubscriberId, string Email, string Language, string Payload, Guid MessageKey, int Attempts,
    DateTimeOffset CreatedAt, DateTimeOffset LeaseUntil, string? ListName);

/// <summary>
/// The ways of a notice: waiting → sending (the intent, before the final dot) → accepted | refused | waiting again | unknown.
/// As with letters, a lease that ends before the intent gives the notice back; one that ends after it leaves the outcome unknown.
/// </summary>
public sealed class NoticeQueue(NpgsqlDataSource source)
{
    // Longer than the longest time-out of SMTP, so that a slow relay is not taken for a dead worker.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    public async Task<ClaimedNotice?> ClaimAsync(CancellationToken ct)
    {
        await using var claim = source.CreateCommand(
            """
            UPDATE notice
            SET attempts = attempts + 1, lease_until = now() + @lease
            WHERE id = (
                SELECT id
                FROM notice
                WHERE state = 'waiting' AND halt_id IS NULL AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until < now())
                    AND (SELECT may_send())
                ORDER BY next_attempt_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING id, kind, subscriber_id, email, language, payload, message_key, attempts, created_at, lease_until,
                (SELECT COALESCE(name, '') FROM mailing_list WHERE id = notice.list_id)
            """).With(new NpgsqlParameter("lease", Lease));
        await using var rows = await claim.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? new(rows.GetInt64(0), NoticeOutbox.Kind(rows.GetString(1)), rows.IsDBNull(2) ? null : rows.GetInt64(2), rows.GetString(3),
                rows.GetString(4),
                rows.GetString(5), rows.GetGuid(6), rows.GetInt32(7), rows.GetFieldValue<DateTimeOffset>(8), rows.GetFieldValue<DateTimeOffset>(9),
                rows.IsDBNull(10) ? null : rows.GetString(10))
            : null;
    }

    /// <summary>What a worker left behind between intent and outcome: it may or may not have arrived, and is not sent again.</summary>
    public async Task RescueAsync(CancellationToken ct)
    {
        await using var rescue = source.CreateCommand(
            """
            UPDATE notice
            SET state = 'unknown', payload = NULL, finished_at = now()
            WHERE state = 'sending' AND lease_until < now()
            """);
        await rescue.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Commits the intent; false when the lease was lost, or a person must decide first.</summary>
    public Task<bool> IntendAsync(ClaimedNotice notice, CancellationToken ct) =>
        MoveAsync(notice, "state = 'sending'", null, null, ct, "AND halt_id IS NULL");

    /// <summary>Surely not sent, and nobody's fault: as if it had not been tried.</summary>
    public Task<bool> GiveBackAsync(ClaimedNotice notice, CancellationToken ct) =>
        MoveAsync(notice, "state = 'waiting', attempts = attempts - 1, lease_until = NULL", null, null, ct);

    /// <summary>Claimed, and then the database failed before the intent: nothing was sent. One past the intent keeps its lease.</summary>
    public Task<bool> ReleaseAsync(ClaimedNotice notice, CancellationToken ct) =>
        MoveAsync(notice, "attempts = attempts - 1, lease_until = NULL", null, null, ct, "AND state = 'waiting'");

    /// <summary>A limit says not yet: as if it had not been tried, and again at that time.</summary>
    public Task<bool> WaitAsync(ClaimedNotice notice, DateTimeOffset until, CancellationToken ct) =>
        MoveAsync(notice, "state = 'waiting', attempts = attempts - 1, lease_until = NULL, next_attempt_at = @next", null, until, ct);

    public Task<bool> DeferAsync(ClaimedNotice notice, DateTimeOffset next, SmtpReply? reply, CancellationToken ct) =>
        MoveAsync(notice, "state = 'waiting', lease_until = NULL, next_attempt_at = @next", reply, next, ct);

    /// <param name="state"><c>accepted</c>, <c>refused</c> or <c>unknown</c>. The link is forgotten with it.</param>
    public Task<bool> FinishAsync(ClaimedNotice notice, string state, SmtpReply? reply, CancellationToken ct) =>
        MoveAsync(notice, $"state = '{state}', payload = NULL, lease_until = NULL, finished_at = now()", reply, null, ct);

    private async Task<bool> MoveAsync(
        ClaimedNotice notice, string set, SmtpReply? reply, DateTimeOffset? next, CancellationToken ct, string only = "")
    {
        await using var move = source.CreateCommand(
            $"""
            UPDATE notice
            SET {set}, reply_code = @code, reply_enhanced = @enhanced, reply_text = @text
            WHERE id = @id AND lease_until = @lease AND state IN ('waiting', 'sending') {only}
            """).With(
            new("id", notice.Id), new("lease", notice.LeaseUntil),
            new("next", NpgsqlDbType.TimestampTz) { Value = (object?)next ?? DBNull.Value },
            new("code", NpgsqlDbType.Smallint) { Value = reply is null ? DBNull.Value : (short)reply.Code },
            new("enhanced", NpgsqlDbType.Text) { Value = (object?)reply?.Enhanced?.ToString() ?? DBNull.Value },
            new("text", NpgsqlDbType.Text) { Value = (object?)reply?.Text ?? DBNull.Value });
        return await move.ExecuteNonQueryAsync(ct) == 1;
    }
}
