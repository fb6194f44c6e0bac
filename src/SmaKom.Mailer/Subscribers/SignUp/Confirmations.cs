using System.Data;
using System.Net;
using System.Text.Json;
using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>Where a confirmation link leads.</summary>
public enum ConfirmationState { Unknown, Expired, Open, Done }

/// <param name="Email">The address that the link was mailed to; null when the link is not ours.</param>
public sealed record Confirmation(ConfirmationState State, string? Email);

/// <summary>The second half of double opt-in: the link came from the mailbox, so the person behind it may decide.</summary>
public sealed class Confirmations(NpgsqlDataSource source, DatabaseClock time)
{
    /// <summary>Looks, and changes nothing: link scanners open every link.</summary>
    public async Task<Confirmation> FindAsync(string token, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT email, CASE WHEN confirmed_at IS NOT NULL THEN 'done' WHEN expires_at > @now THEN 'open' ELSE 'expired' END
            FROM sign_up
            WHERE token_hash = @hash
            """);
        select.Parameters.AddWithValue("hash", new ConfirmationToken(token).Hash);
        select.Parameters.AddWithValue("now", time.GetUtcNow());
        await using var rows = await select.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? new(Enum.Parse<ConfirmationState>(rows.GetString(1), ignoreCase: true), rows.GetString(0))
            : new(ConfirmationState.Unknown, null);
    }

    /// <summary>What was asked for with a link that has expired; null: there is no such link.</summary>
    public async Task<SignUpRequest?> FindExpiredAsync(string token, IPAddress? from, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT email, name, municipality, language, consent, lists
            FROM sign_up
            WHERE token_hash = @hash AND confirmed_at IS NULL AND expires_at <= @now
            """);
        select.Parameters.AddWithValue("hash", new ConfirmationToken(token).Hash);
        select.Parameters.AddWithValue("now", time.GetUtcNow());
        await using var rows = await select.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct) || !EmailAddress.TryParse(rows.GetString(0), out var address, out _)) return null;
        return new(address, rows.IsDBNull(1) ? null : rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetString(3),
            JsonSerializer.Deserialize<Consent>(rows.GetString(4), JsonSerializerOptions.Web)!, from, rows.GetFieldValue<short[]>(5));
    }

    /// <summary>Makes the person a subscriber, once, with the proof of consent. A second click finds <see cref="ConfirmationState.Done"/>.</summary>
    public async Task<Confirmation> ConfirmAsync(string token, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await using var confirm = new NpgsqlCommand(
            """
            WITH taken AS (
                UPDATE sign_up
                SET confirmed_at = @now
                WHERE token_hash = @hash AND confirmed_at IS NULL AND expires_at > @now
                RETURNING *
            ), person AS (
                INSERT INTO subscriber (email, email_key, domain, name, municipality, language, status, legal_basis, created_at, confirmed_at)
                SELECT email, email_key, split_part(email_key, '@', 2), name, municipality, language, 'active', 'consent', @now, @now
                FROM taken
                ON CONFLICT (email_key) DO UPDATE
                SET name = coalesce(excluded.name, subscriber.name),
                    municipality = coalesce(excluded.municipality, subscriber.municipality),
                    language = excluded.language,
                    -- A member representative who never left stays one; whoever comes back comes by consent.
                    legal_basis = CASE WHEN subscriber.status = 'active' THEN subscriber.legal_basis ELSE 'consent' END,
                    status = CASE WHEN subscriber.status = 'complained' THEN subscriber.status ELSE 'active' END,
                    confirmed_at = @now,
                    left_at = CASE WHEN subscriber.status = 'complained' THEN subscriber.left_at END,
                    same_as = CASE WHEN subscriber.status = 'complained' THEN subscriber.same_as END,
                    paused_until = NULL
                RETURNING id
            ), on_lists AS (
                INSERT INTO subscription (subscriber_id, list_id, legal_basis, since)
                SELECT person.id, list.id, 'consent', @now
                FROM person, taken
                JOIN mailing_list AS list ON list.id = ANY(taken.lists) AND list.closed_at IS NULL
                ON CONFLICT (subscriber_id, list_id) DO UPDATE
                SET legal_basis = CASE WHEN subscription.ended_at IS NULL THEN subscription.legal_basis ELSE 'consent' END,
                    since = CASE WHEN subscription.ended_at IS NULL THEN subscription.since ELSE @now END,
                    ended_at = NULL
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT person.id, entry.at, entry.kind, entry.detail
            FROM person, taken, LATERAL (VALUES
                (1, taken.requested_at, 'signed_up', taken.consent),
                (2, @now, 'confirmed', '{}'::jsonb)) AS entry (place, at, kind, detail)
            ORDER BY entry.place
            """, connection);
        confirm.Parameters.AddWithValue("hash", new ConfirmationToken(token).Hash);
        confirm.Parameters.AddWithValue("now", time.GetUtcNow());
        await confirm.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return await FindAsync(token, ct);
    }
}
