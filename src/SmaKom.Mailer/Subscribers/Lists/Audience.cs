namespace SmaKom.Mailer.Subscribers.Lists;

/// <summary>Who gets what goes to some lists, in SQL: the same for those who count and for the one who freezes.</summary>
internal static class Audience
{
    /// <summary>
    /// A row a person: <c>subscriber_id</c>, and <c>list_id</c> and <c>legal_basis</c> of the first of the lists that they are on. Of those whose
    /// address is active; who has paused is among them (<see cref="IsPaused"/>).
    /// </summary>
    /// <param name="lists">SQL: an array of ids.</param>
    public static string Of(string lists) =>
        $"""
        (SELECT DISTINCT ON (p.subscriber_id) p.subscriber_id, p.list_id, p.legal_basis
         FROM subscription AS p
         JOIN mailing_list AS l ON l.id = p.list_id AND l.closed_at IS NULL
         JOIN subscriber AS a ON a.id = p.subscriber_id AND a.status = 'active'
         WHERE p.list_id = ANY({lists}) AND p.ended_at IS NULL
         ORDER BY p.subscriber_id, l.position, l.id)
        """;

    /// <summary>Whether one person is among them: for those who only count, many times faster than <see cref="Of"/>.</summary>
    /// <param name="subscriber">Alias of a row of subscriber.</param>
    /// <param name="lists">SQL: an array of ids.</param>
    public static string Has(string subscriber, string lists) =>
        $"""
        ({subscriber}.status = 'active' AND EXISTS (
            SELECT FROM subscription AS p
            WHERE p.subscriber_id = {subscriber}.id AND p.ended_at IS NULL
                AND p.list_id = ANY(ARRAY(SELECT id FROM mailing_list WHERE closed_at IS NULL AND id = ANY({lists})))))
        """;

    /// <summary>Letters wait for nobody: who has paused gets nothing of what goes out meanwhile.</summary>
    /// <param name="subscriber">Alias of a row of subscriber.</param>
    public static string IsPaused(string subscriber) => $"COALESCE({subscriber}.paused_until > now(), false)";
}
