using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.Unseen;

public enum MendingOutcome
{
    /// <summary>The address lost what nobody sees.</summary>
    Cleaned,

    /// <summary>Another row has the clean address: it speaks for both from now on, and whoever left by either has left.</summary>
    Joined,

    /// <summary>It holds characters that cannot be read, so nobody knows where it leads: no more letters.</summary>
    Stopped,
}

/// <param name="Before">As it stood.</param>
/// <param name="After">The clean address; null when it was stopped.</param>
public sealed record MendedAddress(string Before, MendingOutcome Outcome, string? After);

/// <summary>Makes one person of those whom unseen characters made two of. All or nothing; what somebody has said no to stays said.</summary>
public sealed class AddressMending(NpgsqlDataSource source, LinkKeys keys, DatabaseClock time)
{
    /// <param name="dryRun">Everything is looked at and nothing is changed.</param>
    public async Task<IReadOnlyList<MendedAddress>> RunAsync(Actor by, bool dryRun, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var mended = new List<MendedAddress>();
        foreach (var row in await UnseenInAddresses.ReadAsync(connection, ct)) mended.Add(await MendAsync(connection, row, ct));
        if (dryRun || mended.Count == 0) return mended;
        await AuditLog.NoteAsync(connection, by, "subscribers.mend", $"{mended.Count}", ct);
        await transaction.CommitAsync(ct);
        return mended;
    }

    private async Task<MendedAddress> MendAsync(NpgsqlConnection connection, UnseenAddress row, CancellationToken ct)
    {
        if (!EmailAddress.TryParse(UnicodeText.WithoutBlank(row.Email), out var clean, out _))
        {
            await DoAsync(connection, Stop, row, null, ct);
            return new(row.Email, MendingOutcome.Stopped, null);
        }

        if (await DoAsync(connection, Join, row, clean, ct) > 0) return new(row.Email, MendingOutcome.Joined, clean.Text);
        await DoAsync(connection, Clean, row, clean, ct);
        return new(row.Email, MendingOutcome.Cleaned, clean.Text);
    }

    private const string Stop =
        """
        WITH stopped AS (
            UPDATE subscriber
            SET status = CASE WHEN status IN ('active', 'pending') THEN 'bounced' ELSE status END
            WHERE id = @id
            RETURNING id
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT id, @now, 'changed', '{"by": "mend", "fields": ["status"]}' FROM stopped
        """;

    private const string Clean =
        """
        WITH cleaned AS (
            UPDATE subscriber
            SET email = @email, email_key = @key, domain = @domain
            WHERE id = @id
            RETURNING id
        ), suppressed AS (
            INSERT INTO suppression (address_hash, reason, since)
            SELECT @hash, reason, since FROM suppression WHERE address_hash = @hash_before
            ON CONFLICT DO NOTHING
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT id, @now, 'changed', '{"by": "mend", "fields": ["email"]}' FROM cleaned
        """;

    private const string Join =
        """
        WITH other AS (
            SELECT id, status
            FROM subscriber
            WHERE email_key = @key AND id <> @id
            FOR UPDATE
        ), joined AS (
            UPDATE subscriber AS s
            SET same_as = other.id, status = 'unsubscribed', left_at = coalesce(s.left_at, @now)
            FROM other
            WHERE s.id = @id
            RETURNING s.id, other.id AS other_id, other.status AS other_status, s.left_at
        ), settled AS (
            UPDATE subscriber AS s
            SET status = CASE
                    WHEN @status = 'complained' THEN 'complained'
                    WHEN @status = 'unsubscribed' AND s.status IN ('active', 'pending', 'bounced') THEN 'unsubscribed'
                    WHEN @status = 'active' AND s.status = 'pending' THEN 'active'
                    ELSE s.status
                END,
                left_at = CASE WHEN @status = 'unsubscribed' THEN coalesce(s.left_at, joined.left_at) ELSE s.left_at END
            FROM joined
            WHERE s.id = joined.other_id
        ), taken_over AS (
            INSERT INTO subscription (subscriber_id, list_id, legal_basis, since)
            SELECT joined.other_id, p.list_id, p.legal_basis, p.since
            FROM joined
            JOIN subscription AS p ON p.subscriber_id = joined.id AND p.ended_at IS NULL
            WHERE @status = 'active' AND joined.other_status IN ('active', 'pending')
            ON CONFLICT DO NOTHING
        ), ended AS (
            UPDATE subscription AS p
            SET ended_at = @now
            FROM joined
            WHERE p.ended_at IS NULL AND (p.subscriber_id = joined.id OR @status = 'unsubscribed' AND p.subscriber_id = joined.other_id)
        ), suppressed AS (
            INSERT INTO suppression (address_hash, reason, since)
            SELECT @hash, reason, since FROM suppression WHERE address_hash = @hash_before
            ON CONFLICT DO NOTHING
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT id, @now, 'unsubscribed', jsonb_build_object('by', 'mend', 'before', @status, 'same_as', other_id) FROM joined
        UNION ALL
        SELECT other_id, @now, 'unsubscribed', jsonb_build_object('by', 'mend', 'before', other_status, 'same_as', id)
        FROM joined
        WHERE @status = 'unsubscribed' AND other_status IN ('active', 'pending', 'bounced')
        """;

    private async Task<int> DoAsync(NpgsqlConnection connection, string change, UnseenAddress row, EmailAddress? clean, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(change, connection).With(
            new("id", row.SubscriberId), new("now", time.GetUtcNow()), new("status", row.Status),
            new("email", NpgsqlDbType.Text) { Value = (object?)clean?.Text ?? DBNull.Value },
            new("key", NpgsqlDbType.Text) { Value = (object?)clean?.Key ?? DBNull.Value },
            new("domain", NpgsqlDbType.Text) { Value = (object?)clean?.Domain ?? DBNull.Value },
            new("hash", NpgsqlDbType.Bytea) { Value = clean is null ? DBNull.Value : keys.HashAddress(clean.Key) },
            new("hash_before", keys.HashAddress(row.Key)));
        return await command.ExecuteNonQueryAsync(ct);
    }
}
