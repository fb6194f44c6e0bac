using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>States only what matters to a test.</summary>
public static class Given
{
    /// <summary>Who does what a test does.</summary>
    public static Actor Editor { get; } = Actor.Staff("redaktor@example.org");

    public static Actor Administrator { get; } = Actor.Staff("admin@example.org", administers: true);

    /// <summary>SQL: whoever is on no list yet is on the first, as imports and sign-ups put them there.</summary>
    public const string OnNewsletter =
        """
        INSERT INTO subscription (subscriber_id, list_id, legal_basis, since, ended_at)
        SELECT id, 1, legal_basis, created_at, CASE WHEN status = 'unsubscribed' THEN coalesce(left_at, now()) END FROM subscriber
        ON CONFLICT DO NOTHING
        """;

    public static async Task<long> SubscriberAsync(this TestDatabase database, string email, LegalBasis basis = LegalBasis.Member,
        SubscriberStatus status = SubscriberStatus.Active)
    {
        var address = EmailAddress.Parse(email);
        return await database.ScalarAsync<long>(
            """
            WITH person AS (
                INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
                VALUES ($1, $2, $3, $4, $5, now())
                RETURNING *),
            on_list AS (
                INSERT INTO subscription (subscriber_id, list_id, legal_basis, since, ended_at)
                SELECT id, 1, legal_basis, created_at, CASE WHEN status = 'unsubscribed' THEN now() END FROM person)
            SELECT id FROM person
            """, new() { Value = address.Text }, new() { Value = address.Key }, new() { Value = address.Domain }, new() { Value = status }, new() { Value = basis });
    }

    /// <summary><paramref name="count"/> people, <c>p1@gransele.example</c> and on.</summary>
    public static async Task SubscribersAsync(this TestDatabase database, int count, string prefix = "p") => await database.ExecuteAsync(
        $"""
        INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
        SELECT a, a, 'gransele.example', 'active', 'member', now()
        FROM (SELECT '{prefix}' || n || '@gransele.example' AS a FROM generate_series(1, {count}) AS n) AS people;
        {OnNewsletter}
        """);

    /// <summary>One more list, after those that there are.</summary>
    public static async Task<short> ListAsync(this TestDatabase database, string key, string name, bool open = true) =>
        await database.ScalarAsync<short>(
            "INSERT INTO mailing_list (key, name, position, is_open) VALUES ($1, $2, (SELECT max(position) + 1 FROM mailing_list), $3) RETURNING id",
            new() { Value = key }, new() { Value = name }, new() { Value = open });

    public static Task SubscribeAsync(this TestDatabase database, long subscriber, short list, LegalBasis basis = LegalBasis.Consent) =>
        database.ScalarAsync<short>(
            "INSERT INTO subscription (subscriber_id, list_id, legal_basis, since) VALUES ($1, $2, $3, now()) RETURNING list_id",
            new() { Value = subscriber }, new() { Value = list }, new() { Value = basis });

    /// <summary>A small draft, or one that is queued for now.</summary>
    /// <param name="tested">Somebody has got a test letter of it, without which it cannot be queued.</param>
    public static async Task<int> IssueAsync(this TestDatabase database, string slug = "2026-11", bool queued = false, bool tested = true)
    {
        var content = new IssueContent
        {
            Year = int.Parse(slug[..4]),
            Month = int.Parse(slug[5..7]),
            Subject = "Nyheter från småkommunerna – å, ä och ö",
            Preheader = "Höstmötet, bredbandet och en ny ordförande.",
            Sections = [new Section { Heading = "Hänt sedan sist",
                Blocks = [new Article { Heading = "Höstmötet i Gransele", Body = "Vi samlades **tjugo** kommuner för att tala om skolskjutsar." }] }],
        };
        var issue = await database.ScalarAsync<int>(
            """
            INSERT INTO issue (slug, year, month, subject, content, state, scheduled_at, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5::jsonb, CASE WHEN $6 THEN 'queued' ELSE 'draft' END::issue_state, CASE WHEN $6 THEN now() END, now(), now())
            RETURNING id
            """, new() { Value = slug }, new() { Value = content.Year }, new() { Value = content.Month }, new() { Value = content.Subject }, new() { Value = IssueContentJson.Serialize(content) }, new() { Value = queued });
        if (tested) await database.TestLetterAsync(issue, content);
        return issue;
    }

    /// <summary>One section with these parts; its month is said by whoever stores it.</summary>
    public static IssueContent Content(string subject, string heading, params Block[] blocks) => new()
    {
        Year = 2026,
        Month = 11,
        Subject = subject,
        Preheader = "Kort om numret.",
        Sections = [new Section { Heading = heading, Blocks = blocks }],
    };

    /// <summary>A test letter of the content.</summary>
    public static Task<long> TestLetterAsync(this TestDatabase database, int issue, IssueContent content, string state = "accepted") =>
        database.ScalarAsync<long>(
            """
            INSERT INTO notice (kind, email, language, issue_id, content_hash, state, created_at, next_attempt_at, finished_at)
            VALUES ('test_letter', 'red@example.org', 'sv', $1, $2, $3, now(), now(), CASE WHEN $3 = 'accepted' THEN now() END)
            RETURNING id
            """, new() { Value = issue }, new() { Value = ContentHash.Of(content) }, new() { Value = state });

    /// <summary>A mail server that no worker of the test asks.</summary>
    public static Task RelayAsync(this TestDatabase database) =>
        database.ExecuteAsync("INSERT INTO relay (name, host, port, tls) VALUES ('prov', 'mail.example.org', 587, 'none') ON CONFLICT DO NOTHING");

    public static (string, string)[] Relay(FakeRelay relay, int connections = 4, SmtpClientKind client = SmtpClientKind.MailKit) =>
    [
        ("Smtp:Host", relay.Host), ("Smtp:Port", $"{relay.Port}"), ("Smtp:Tls", "None"), ("Smtp:Client", $"{client}"),
        ("Smtp:MaxConnections", $"{connections}"),
        ("Smtp:FirstBackOff", "00:00:00.1"), ("Dispatch:PollInterval", "00:00:00.2"), ("Dispatch:RetryAfter:0", "00:00:00.05"),
        ("Dispatch:DrainTimeout", "00:00:10"),
    ];
}
