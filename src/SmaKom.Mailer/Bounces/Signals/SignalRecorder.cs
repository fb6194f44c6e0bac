using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Bounces.Signals.Consequences;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals;

/// <summary>
/// Writes a signal down, once, and what follows from it, in the caller's transaction: both stand or neither. One signal at a time among all workers,
/// so that two of one person or domain see each other.
/// </summary>
public sealed class SignalRecorder(StopByBounce stop, StopByComplaint complain, DomainAway domains, IssueAlarm alarm)
{
    private const long Lock = 0x736d6b5f72657475;
    private const int LongestWords = 500;
    private static readonly BouncePolicy Policy = new();

    /// <returns>False: it was there already, and nothing was done.</returns>
    public async Task<bool> RecordAsync(NpgsqlConnection connection, Signal signal, CancellationToken ct)
    {
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock})", connection)) await wait.ExecuteNonQueryAsync(ct);
        if (signal.Said.Class == BounceClass.NotABounce || !await InsertAsync(connection, signal, ct)) return false;
        if (signal.Said.Class == BounceClass.Ours) return true;
        if (signal.Said.Class == BounceClass.Complaint)
        {
            await complain.ApplyAsync(connection, signal, ct);
            await alarm.LookAsync(connection, signal, ct);
            return true;
        }

        if (await domains.IsAwayAsync(connection, signal, ct)) return true;
        var verdict = Policy.Decide(await HistoryAsync(connection, signal.SubscriberId, ct), signal);
        if (verdict != BounceVerdict.None) await stop.ApplyAsync(connection, signal, verdict, ct);
        await alarm.LookAsync(connection, signal, ct);
        return true;
    }

    private static async Task<bool> InsertAsync(NpgsqlConnection connection, Signal signal, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO return_signal (subscriber_id, issue_id, at, class, whole_domain, status, code, words, incoming_mail_id, attempt_id)
            SELECT id, @issue, @at, @class, @domain, @status, @code, CASE WHEN status <> 'erased' THEN @words END, @mail, @attempt
            FROM subscriber
            WHERE id = @subscriber
            ON CONFLICT DO NOTHING
            """, connection).With(
            new("subscriber", signal.SubscriberId), new("issue", NpgsqlDbType.Integer) { Value = (object?)signal.IssueId ?? DBNull.Value },
            new("at", NpgsqlDbType.TimestampTz) { Value = signal.At.ToUniversalTime() }, new("class", Word(signal.Said.Class)),
            new("domain", signal.Said.IsOfDomain),
            new("status", NpgsqlDbType.Text) { Value = (object?)signal.Said.Status?.ToString() ?? DBNull.Value },
            new("code", NpgsqlDbType.Smallint) { Value = signal.Said.Code is { } code ? (short)code : DBNull.Value },
            new("words", UnicodeText.Shorten(Redaction.WithoutAddresses(UnicodeText.Line(signal.Said.Words)), LongestWords)),
            new("mail", NpgsqlDbType.Bigint) { Value = (object?)signal.IncomingMailId ?? DBNull.Value },
            new("attempt", NpgsqlDbType.Bigint) { Value = (object?)signal.AttemptId ?? DBNull.Value });
        return await insert.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Since the person last came, or came back: what was before says nothing of the address any more.</summary>
    private static async Task<IReadOnlyList<PastIssue>> HistoryAsync(NpgsqlConnection connection, long subscriber, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(
            """
            SELECT d.issue_id, d.last_attempt_at, d.state = 'accepted',
                   EXISTS (SELECT FROM staff_task AS t WHERE t.kind = 'domain_away' AND t.issue_id = d.issue_id AND t.domain = s.domain),
                   ARRAY(SELECT r.class FROM return_signal AS r WHERE r.subscriber_id = s.id AND r.issue_id = d.issue_id AND NOT r.whole_domain)
            FROM subscriber AS s
            JOIN delivery AS d ON d.subscriber_id = s.id AND d.last_attempt_at IS NOT NULL
            WHERE s.id = @id AND d.last_attempt_at > COALESCE((
                SELECT max(e.at)
                FROM subscriber_event AS e
                WHERE e.subscriber_id = s.id AND e.kind IN ('confirmed', 'moved_here', 'bounce_retried', 'bounce_undone')), '-infinity')
            """, connection).With(new NpgsqlParameter("id", subscriber));
        await using var rows = await select.ExecuteReaderAsync(ct);
        var history = new List<PastIssue>();
        while (await rows.ReadAsync(ct))
            history.Add(new(rows.GetInt32(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetBoolean(2), rows.GetBoolean(3),
                [.. rows.GetFieldValue<string[]>(4).Select(Class)]));
        return history;
    }

    internal static string Word(BounceClass said) => said.ToString().ToLower(CultureInfo.InvariantCulture);

    private static BounceClass Class(string word) => Enum.Parse<BounceClass>(word, ignoreCase: true);
}
