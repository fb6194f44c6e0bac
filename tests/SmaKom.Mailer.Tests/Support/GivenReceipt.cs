namespace SmaKom.Mailer.Tests.Support;

/// <summary>An issue that has been sent, with deliveries of every fate; nothing is sent for it.</summary>
public static class GivenReceipt
{
    /// <summary>14 people: 3 accepted, 2 refused, 3 unknown (one of them left), 2 excluded, 2 waiting, 1 deferred, 1 sending.</summary>
    public static async Task<int> SentIssueAsync(this TestDatabase database, string slug = "2026-11")
    {
        var issue = await database.IssueAsync(slug);
        await database.SubscribersAsync(14, $"r{issue}-");
        await database.ExecuteAsync(
            $"""
            INSERT INTO delivery (issue_id, subscriber_id, variant, state, attempts, finished_at, email, domain, reason, reply_code, reply_enhanced, reply_text)
            SELECT {issue}, s.id, 0, f.state::delivery_state, 1, '2026-11-03 08:00:00Z', s.email, s.domain, f.reason, f.code, f.enhanced, f.words
            FROM (VALUES
                (1, 'accepted', NULL, 250, '2.0.0', 'ok; köad'), (2, 'accepted', NULL, 250, NULL, NULL), (3, 'accepted', NULL, 250, NULL, NULL),
                (4, 'refused', NULL, 550, '5.1.1', '=HYPERLINK("http://x.example")'), (5, 'refused', 'gave_up', 450, '4.2.1', E'två\nrader'),
                (6, 'unknown', 'reply_lost', NULL, NULL, NULL), (7, 'unknown', 'worker_lost', NULL, NULL, NULL), (8, 'unknown', 'left', NULL, NULL, NULL),
                (9, 'excluded', 'unsubscribed', NULL, NULL, NULL), (10, 'excluded', 'cancelled', NULL, NULL, NULL),
                (11, 'waiting', NULL, NULL, NULL, NULL), (12, 'waiting', NULL, NULL, NULL, NULL), (13, 'deferred', NULL, 451, '4.7.1', 'greylisted'), (14, 'sending', NULL, NULL, NULL, NULL)) AS f (n, state, reason, code, enhanced, words)
            JOIN (SELECT id, email, domain, row_number() OVER (ORDER BY id) AS n FROM subscriber WHERE email LIKE 'r{issue}-%') AS s ON s.n = f.n;
            INSERT INTO delivery_attempt (delivery_id, at, outcome, stage) SELECT id, finished_at, 'unknown', 'DATA' FROM delivery WHERE issue_id = {issue} AND state = 'unknown';
            UPDATE issue SET state = 'sent', audience = 14, started_at = now(), finished_at = now() WHERE id = {issue}
            """);
        return issue;
    }
}
