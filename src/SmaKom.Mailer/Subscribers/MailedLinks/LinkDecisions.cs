using Npgsql;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.MailedLinks;

/// <summary>Writes the mail to whoever asked for their links and is known: at most one a day. Run by a worker.</summary>
public sealed class LinkDecisions(NpgsqlDataSource source, NoticeOutbox notices, LinkSigner signer, LinkAddresses links, DatabaseClock time)
{
    private const int Batch = 100;

    /// <summary>Decides on what is waiting; true when there may be more.</summary>
    public async Task<bool> DecideAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (decided, mails) = await MarkAsync(connection, ct);
        foreach (var mail in mails) await notices.WriteAsync(connection, Mail(mail), ct);
        await transaction.CommitAsync(ct);
        return decided == Batch;
    }

    private Notice Mail((long Id, string Email, string Language, short List) to)
    {
        var who = new LinkSubject(to.Id, 0, to.List);
        return new(NoticeKind.Links, to.Id, to.Email, to.Language, links.Preferences(signer.Token(LinkPurpose.Preferences, who)))
        {
            Further =
            [
                links.Unsubscribe(signer.Token(LinkPurpose.Unsubscribe, who)),
                links.MyData(signer.TokenUntil(LinkPurpose.MyData, to.Id, time.GetUtcNow() + LinkRequests.MyDataFor)),
            ],
        };
    }

    /// <summary>
    /// Of several requests of one person the first is mailed. The person's row is held until the mail is written: nobody is erased in between.
    /// </summary>
    private async Task<(int Decided, List<(long, string, string, short)> Mails)> MarkAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var mark = new NpgsqlCommand(
            $"""
            WITH waiting AS (
                SELECT id, subscriber_id
                FROM link_request
                WHERE decided_at IS NULL
                ORDER BY id
                LIMIT {Batch}
                FOR UPDATE SKIP LOCKED
            ), person AS (
                SELECT id, email, language, COALESCE((
                    -- The first list that they are on: that is what the link offers to leave.
                    SELECT p.list_id
                    FROM subscription AS p
                    JOIN mailing_list AS l ON l.id = p.list_id
                    WHERE p.subscriber_id = subscriber.id AND p.ended_at IS NULL
                    ORDER BY l.position, l.id
                    LIMIT 1), 1::smallint) AS list
                FROM subscriber
                WHERE id IN (SELECT subscriber_id FROM waiting) AND status <> 'erased'
                FOR SHARE
            ), judged AS (
                SELECT w.id, p.id AS person, p.email, p.language, p.list, CASE
                    WHEN p.id IS NULL THEN 'nobody'
                    WHEN w.id <> min(w.id) OVER (PARTITION BY w.subscriber_id)
                      OR EXISTS (SELECT FROM link_request AS l
                                 WHERE l.subscriber_id = w.subscriber_id AND l.verdict = 'mailed' AND l.decided_at > @day_ago) THEN 'too_soon'
                    ELSE 'mailed' END AS verdict
                FROM waiting AS w
                LEFT JOIN person AS p ON p.id = w.subscriber_id
            )
            UPDATE link_request AS l
            SET decided_at = @now, verdict = j.verdict
            FROM judged AS j
            WHERE l.id = j.id
            RETURNING j.verdict, j.person, j.email, j.language, j.list
            """, connection).With(new("now", time.GetUtcNow()), new("day_ago", time.GetUtcNow().AddDays(-1)));
        var (decided, mails) = (0, new List<(long, string, string, short)>());
        await using var rows = await mark.ExecuteReaderAsync(ct);
        for (; await rows.ReadAsync(ct); decided++)
            if (rows.GetString(0) == "mailed") mails.Add((rows.GetInt64(1), rows.GetString(2), rows.GetString(3), rows.GetInt16(4)));
        return (decided, mails);
    }
}
