namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// An association's autumn: three issues to some thirty people in a handful of municipalities, and what servers said. Nothing is sent for it.
/// </summary>
public static class GivenHistory
{
    /// <summary>Returns the issue of November 2026, which is being sent.</summary>
    public static async Task<int> AutumnAsync(this TestDatabase database)
    {
        await database.ExecuteAsync("INSERT INTO relay (name, host, port, tls) VALUES ('Huvudservern', 'mail.smakom.example', 587, 'start_tls')");
        foreach (var (slug, day) in new[] { ("2026-09", "2026-09-01"), ("2026-10", "2026-10-01"), ("2026-11", "2026-11-03") })
        {
            var issue = await database.IssueAsync(slug);
            await database.ExecuteAsync(
                $"UPDATE issue SET state = 'sent', started_at = '{day} 08:00Z', finished_at = '{day} 08:20Z' WHERE id = {issue}");
        }

        await database.ExecuteAsync(People);
        await database.ExecuteAsync(Letters);
        await database.ExecuteAsync(Attempts);
        await database.ExecuteAsync(
            """
            UPDATE issue AS i SET audience = (SELECT count(*) FROM delivery WHERE issue_id = i.id);
            UPDATE issue SET state = 'sending', finished_at = NULL WHERE slug = '2026-11';
            INSERT INTO slice (issue_id, first_id, last_id, due_at) SELECT issue_id, min(d.id), max(d.id), now() + interval '14 minutes' FROM delivery AS d JOIN issue i ON i.id = issue_id WHERE slug = '2026-11' GROUP BY issue_id
            """);
        return await database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-11'");
    }

    /// <summary>Anna Söderlund's number.</summary>
    public static Task<long> AnnaAsync(this TestDatabase database) =>
        database.ScalarAsync<long>("SELECT id FROM subscriber WHERE name = 'Anna Söderlund'");

    private const string People =
        $$$"""
        INSERT INTO subscriber (email, email_key, domain, name, municipality, status, legal_basis, created_at, confirmed_at)
        VALUES ('anna.soderlund@ånäset.example', 'anna.soderlund@xn--nset-loae.example', 'xn--nset-loae.example', 'Anna Söderlund', 'Ånäset', 'active', 'consent', '2026-08-12 06:40Z', '2026-08-12 06:52Z'),
               ('bengt@gransele.example', 'bengt@gransele.example', 'gransele.example', 'Bengt Öhman', 'Gransele', 'active', 'member', '2026-08-01 07:00Z', NULL),
               ('cecilia@moviken.example', 'cecilia@moviken.example', 'moviken.example', 'Cecilia Åström', 'Moviken', 'unsubscribed', 'member', '2026-08-01 07:00Z', NULL),
               ('david@moviken.example', 'david@moviken.example', 'moviken.example', NULL, 'Moviken', 'active', 'member', '2026-08-01 07:00Z', NULL);
        INSERT INTO subscriber (email, email_key, domain, name, municipality, status, legal_basis, created_at)
        SELECT 'ledamot' || n || '@' || k.domain, 'ledamot' || n || '@' || k.domain, k.domain, 'Ledamot ' || n, k.name, 'active', 'member', '2026-08-01 07:00Z'
        FROM generate_series(1, 8) AS n, (VALUES ('gransele.example', 'Gransele'), ('moviken.example', 'Moviken'), ('vastanfors.example', 'Västanfors')) AS k (domain, name);
        UPDATE subscriber SET left_at = '2026-10-05 10:00Z' WHERE status = 'unsubscribed';
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT s.id, e.at::timestamptz, e.kind, e.detail::jsonb
        FROM (VALUES
            ('Anna Söderlund', '2026-08-12 06:40Z', 'signed_up', '{"version": "1", "text": "Jag vill få nyhetsbrevet från SmåKom och godkänner att föreningen sparar min adress för det.", "language": "sv", "form": "https://nyhetsbrev.smakom.example/prenumerera"}'),
            ('Anna Söderlund', '2026-08-12 06:52Z', 'confirmed', '{}'),
            ('Anna Söderlund', '2026-09-14 18:05Z', 'unsubscribed', '{"by": "one_click", "issue": 1, "before": "active"}'),
            ('Anna Söderlund', '2026-09-14 18:07Z', 'unsubscribe_undone', '{}'),
            ('Bengt Öhman', '2026-08-01 07:00Z', 'imported', '{"source": "medlemslistan i augusti", "legalBasis": "Member"}'),
            ('Cecilia Åström', '2026-08-01 07:00Z', 'added_by_staff', '{"source": "redaktion: karin"}'),
            ('Cecilia Åström', '2026-10-05 10:00Z', 'unsubscribed', '{"by": "page", "issue": 2, "before": "active"}'),
            ('Cecilia Åström', '2026-10-05 10:01Z', 'unsubscribe_reason', '{"reason": "left_job"}')) AS e (who, at, kind, detail)
        JOIN subscriber AS s ON s.name = e.who;
        {{{Given.OnNewsletter}}}
        """;

    // September and October arrived; in November two servers said no, one was slow, one fell silent, and one person had left.
    private const string Letters =
        """
        INSERT INTO delivery (issue_id, subscriber_id, variant, state, attempts, relay_id, email, name, domain, first_attempt_at, last_attempt_at, finished_at, reply_code, reply_enhanced, reply_text)
        SELECT i.id, s.id, 0, 'accepted', 1, 1, s.email, s.name, s.domain, i.started_at, i.started_at, i.started_at + s.id * interval '7 seconds', 250, '2.0.0', '2.0.0 Ok: queued as 4Xk' || s.id || 'F' || i.id
        FROM issue AS i, subscriber AS s
        ORDER BY i.id, s.id;
        UPDATE delivery AS d
        SET state = f.state::delivery_state, reason = f.reason, attempts = f.attempts, reply_code = f.code, reply_enhanced = f.enhanced, reply_text = f.words,
            finished_at = CASE WHEN f.state IN ('refused', 'unknown', 'excluded') THEN d.finished_at END, next_attempt_at = CASE WHEN f.state = 'deferred' THEN now() + interval '14 minutes' END
        FROM (VALUES
            ('anna.%', 'refused', NULL, 2, 550, '5.7.1', '5.7.1 Service unavailable; client host blocked using our own list'),
            ('ledamot1@vast%', 'refused', NULL, 1, 550, '5.1.1', '5.1.1 <ledamot1@vastanfors.example>: Recipient address rejected: User unknown'),
            ('ledamot2@vast%', 'refused', NULL, 1, 550, '5.1.1', '5.1.1 <ledamot2@vastanfors.example>: Recipient address rejected: User unknown'),
            ('ledamot3@vast%', 'refused', 'gave_up', 9, 452, '4.2.2', '4.2.2 The email account that you tried to reach is over quota'),
            ('ledamot1@mov%', 'deferred', NULL, 1, 451, '4.7.1', '4.7.1 Greylisted, please come back in 15 minutes'),
            ('ledamot2@mov%', 'deferred', NULL, 2, 451, '4.7.1', '4.7.1 Greylisted, please come back in 15 minutes'),
            ('ledamot4@gran%', 'unknown', 'reply_lost', 1, NULL, NULL, NULL),
            ('cecilia@%', 'excluded', 'unsubscribed', 0, NULL, NULL, NULL),
            ('ledamot8@%', 'waiting', NULL, 0, NULL, NULL, NULL)) AS f (who, state, reason, attempts, code, enhanced, words), issue AS i
        WHERE d.email LIKE f.who AND i.id = d.issue_id AND i.slug = '2026-11';
        UPDATE delivery SET relay_id = NULL, first_attempt_at = NULL, last_attempt_at = NULL WHERE attempts = 0
        """;

    private const string Attempts =
        """
        INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage, reply_code, reply_enhanced, reply_text)
        SELECT id, CASE WHEN email LIKE 'anna.%' THEN '2026-11-03 08:31Z' ELSE finished_at END, state, relay_id, 'RCPT TO',
            reply_code, reply_enhanced, reply_text
        FROM delivery
        WHERE state IN ('refused', 'unknown');
        INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage, reply_code, reply_enhanced, reply_text)
        SELECT id, last_attempt_at, state, relay_id, 'RCPT TO', reply_code, reply_enhanced, reply_text
        FROM delivery
        WHERE state = 'deferred';
        INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage, reply_code, reply_enhanced, reply_text)
        SELECT d.id, i.started_at + interval '3 seconds', 'deferred', 1, 'RCPT TO', 451, '4.7.1', '4.7.1 Try again later'
        FROM delivery AS d
        JOIN issue AS i ON i.id = d.issue_id
        WHERE d.email LIKE 'anna.%' AND i.slug IN ('2026-10', '2026-11');
        UPDATE delivery AS d SET attempts = 2 FROM issue AS i WHERE i.id = d.issue_id AND d.email LIKE 'anna.%' AND i.slug = '2026-10';
        INSERT INTO delivery_decision (issue_id, at, kind, made_by, letters) SELECT id, '2026-11-03 08:30Z', 'retry', 'karin@smakom.example', 1 FROM issue WHERE slug = '2026-11';
        INSERT INTO delivery_decision_letter (decision_id, delivery_id, state_before)
        SELECT n.id, d.id, 'refused' FROM delivery_decision AS n JOIN delivery AS d ON d.issue_id = n.issue_id AND d.email LIKE 'anna.%';
        UPDATE delivery AS d SET finished_at = '2026-11-03 08:31Z', attempts = 3 FROM issue AS i WHERE i.id = d.issue_id AND d.email LIKE 'anna.%' AND i.slug = '2026-11';
        INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage, reply_code, reply_enhanced, reply_text)
        SELECT d.id, '2026-11-03 08:15Z', 'refused', 1, 'RCPT TO', 550, '5.7.1', '5.7.1 Service unavailable; client host blocked using our own list'
        FROM delivery AS d JOIN issue AS i ON i.id = d.issue_id WHERE d.email LIKE 'anna.%' AND i.slug = '2026-11'
        """;
}
