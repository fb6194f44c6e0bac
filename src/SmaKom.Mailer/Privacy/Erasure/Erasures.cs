using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Privacy.Erasure;

/// <summary>
/// Erases a person (GDPR article 17): address, name and municipality go from every table, and so does what servers and staff wrote about them. What
/// stays names nobody: the row that links in old letters and the numbers of receipts point to, what happened and when, and a keyed hash of the
/// address, so that no list brings it back. Takes effect at once, also while an issue goes out: whoever hands a letter over looks at the status.
/// </summary>
public sealed class Erasures(NpgsqlDataSource source, LinkKeys keys)
{
    /// <summary>Reason on the suppression list: the person themself may come back by a new confirmed sign-up.</summary>
    public const string Reason = "erased";

    // Sign-ups and changes of address first, as a confirmation takes its locks; of what is read from the person's rows later nothing is written
    // before they are empty.
    private const string Erase =
        """
        DELETE FROM sign_up WHERE email_key = ANY(@keys);
        DELETE FROM address_change WHERE subscriber_id = ANY(@ids) OR email_key = ANY(@keys);

        UPDATE subscriber
        SET email = '', email_key = 'erased:' || id, domain = '', name = NULL, municipality = NULL, status = 'erased',
            left_at = COALESCE(left_at, now())
        WHERE id = ANY(@ids) AND status <> 'erased';

        UPDATE delivery
        SET email = '', name = NULL, domain = '', reply_text = NULL,
            reason = CASE WHEN state IN ('waiting', 'deferred') THEN 'erased' ELSE reason END,
            finished_at = CASE WHEN state IN ('waiting', 'deferred') THEN now() ELSE finished_at END,
            state = CASE WHEN state IN ('waiting', 'deferred') THEN 'excluded' ELSE state END
        WHERE subscriber_id = ANY(@ids);

        SELECT forget_words_of_erased(@ids);

        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT id, now(), @kind, jsonb_build_object('by', @by)
        FROM unnest(@ids) AS id;

        DELETE FROM notice
        WHERE kind <> 'test_letter' AND (subscriber_id = ANY(@ids) OR email_key = ANY(@keys) OR lower(email) = ANY(@spellings));
        DELETE FROM address_change WHERE subscriber_id = ANY(@ids); -- asked for until a moment ago
        UPDATE notice
        SET email = '', email_key = NULL, reply_text = NULL
        WHERE kind = 'test_letter' AND state NOT IN ('waiting', 'sending') AND (email_key = ANY(@keys) OR lower(email) = ANY(@spellings));
        DELETE FROM inbox_message WHERE lower(recipient) = ANY(@spellings);

        INSERT INTO suppression (address_hash, reason, since)
        SELECT hash, @reason, now()
        FROM unnest(@hashes) AS hash
        ON CONFLICT DO NOTHING
        """;

    /// <summary>At the person's own request, behind a link of their own. False: there is nobody (any more).</summary>
    public Task<bool> EraseSelfAsync(long subscriberId, CancellationToken ct) =>
        EraseAsync("id = @id", new("id", subscriberId), null, null, ct);

    /// <summary>For a request that reached the office in another way; noted, without the address. False: nothing is held about it.</summary>
    public Task<bool> EraseAsync(EmailAddress address, Actor actor, CancellationToken ct) =>
        EraseAsync("email_key = @key", new("key", address.Key), address.Key, actor, ct);

    /// <param name="actor">Null: the person.</param>
    private async Task<bool> EraseAsync(string which, NpgsqlParameter who, string? key, Actor? actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await AudienceLock.EraseAsync(connection, ct);
        // A sign-up that is being confirmed is waited for: whom it makes is found.
        var asked = key is not null && await ForgetSignUpsAsync(connection, key, ct);
        var people = await PeopleAsync(connection, which, who, ct);
        if (people.Count == 0 && !asked && (key is null || !await IsHeldAsync(connection, key, ct))) return false;

        var found = people.Select(person => person.Key).Concat(key is null ? [] : [key]).Distinct().ToArray();
        await using var erase = new NpgsqlCommand(Erase, connection).With(
            new("ids", people.Select(person => person.Id).ToArray()), new("keys", found),
            new("spellings", found.SelectMany(Spellings.Of).Concat(people.Select(person => person.Email.ToLowerInvariant())).Distinct().ToArray()),
            new("hashes", NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = found.Select(keys.HashAddress).ToArray() },
            new("kind", SubscriberEventKind.Erased), new("by", actor is null ? "self" : "staff"),
            new("reason", people.Any(person => person.Complained) ? "complained" : Reason));
        await erase.ExecuteNonQueryAsync(ct);
        if (actor is not null)
            await AuditLog.NoteAsync(connection, actor, "subscribers.erase", people.Count > 0 ? $"#{people[0].Id}" : null, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>The person's row, and those that were joined to it.</summary>
    private static async Task<List<Person>> PeopleAsync(NpgsqlConnection connection, string which, NpgsqlParameter who, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(
            $"""
            SELECT id, email, email_key, status = 'complained'
            FROM subscriber
            WHERE status <> 'erased' AND (SELECT COALESCE(same_as, id) FROM subscriber WHERE {which}) IN (id, same_as)
            ORDER BY id
            """, connection).With(who);
        var people = new List<Person>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) people.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3)));
        return people;
    }

    private static async Task<bool> ForgetSignUpsAsync(NpgsqlConnection connection, string key, CancellationToken ct)
    {
        await using var forget = new NpgsqlCommand("DELETE FROM sign_up WHERE email_key = @key", connection).With(new NpgsqlParameter("key", key));
        return await forget.ExecuteNonQueryAsync(ct) > 0;
    }

    private static async Task<bool> IsHeldAsync(NpgsqlConnection connection, string key, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(
            """
            SELECT EXISTS (SELECT FROM address_change WHERE email_key = @key)
                OR EXISTS (SELECT FROM notice WHERE email_key = @key AND kind <> 'test_letter')
            """, connection).With(new NpgsqlParameter("key", key));
        return await select.ExecuteScalarAsync(ct) is true;
    }

    private sealed record Person(long Id, string Email, string Key, bool Complained);
}
