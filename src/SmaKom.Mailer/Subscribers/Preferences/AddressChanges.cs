using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Subscribers.Preferences;

/// <summary>Where a link of <c>/adress/{token}</c> leads.</summary>
public enum AddressChangeState { Unknown, Expired, Open, Done, Stopped }

/// <param name="Email">The new address; null when the link is not ours.</param>
public sealed record AddressChange(AddressChangeState State, string? Email);

/// <summary>
/// A person's own change of address: asked for with the link in a letter, confirmed from the new mailbox, told to the old one, which can stop it
/// and take it back. Whether the new address is known shows in no answer.
/// </summary>
public sealed class AddressChanges(
    NpgsqlDataSource source, NoticeOutbox notices, LinkKeys keys, LinkAddresses links, IOptions<SignUpOptions> limits, DatabaseClock time)
{
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromHours(48);

    /// <summary>How long the old mailbox can take it back: as long as the row is kept (<see cref="ForgetSignUps"/>).</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromDays(30);

    /// <summary>
    /// Writes the two mails. None is written when the new address is suppressed, is the old one, or has been asked often enough: the caller cannot
    /// tell, and need not.
    /// </summary>
    public async Task RequestAsync(long subscriberId, EmailAddress wanted, CancellationToken ct)
    {
        var (confirm, stop) = (ConfirmationToken.Create(), ConfirmationToken.Create());
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time: two wishes of one person must see each other.
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({SignUpIntake.Lock + 2})", connection))
            await wait.ExecuteNonQueryAsync(ct);
        if (await InsertAsync(connection, subscriberId, wanted, confirm, stop, ct) is not var (old, language)) return;
        await notices.WriteAsync(connection,
            new(NoticeKind.AddressConfirmation, subscriberId, wanted.Text, language, links.ConfirmAddress(confirm.Text)), ct);
        await notices.WriteAsync(connection, new(NoticeKind.AddressNotice, subscriberId, old, language, links.StopAddress(stop.Text)), ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Looks, and changes nothing: link scanners open every link.</summary>
    /// <param name="stops">The token is that of the mail to the old address.</param>
    public async Task<AddressChange> FindAsync(string token, bool stops, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT email, CASE
                WHEN stopped_at IS NOT NULL THEN 'stopped'
                WHEN {(stops ? "requested_at > @since" : "confirmed_at IS NULL AND expires_at > @now")} THEN 'open'
                WHEN confirmed_at IS NOT NULL THEN 'done'
                ELSE 'expired' END
            FROM address_change
            WHERE {Column(stops)} = @hash
            """).With(
            new("hash", new ConfirmationToken(token).Hash), new("now", time.GetUtcNow()), new("since", time.GetUtcNow() - StopWithin));
        await using var row = await select.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(Enum.Parse<AddressChangeState>(row.GetString(1), ignoreCase: true), row.GetString(0))
            : new(AddressChangeState.Unknown, null);
    }

    /// <summary>
    /// The letters come to the new address from now on. If that has a row of its own, this person's joins it, so that one address stays one person.
    /// </summary>
    public async Task<AddressChange> ConfirmAsync(string token, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await TakeAsync(connection, token, ct) is { } wish && !await IsSuppressedAsync(connection, wish.Key, ct))
        {
            var joined = await DoAsync(connection, Join, wish, ct) > 0;
            if (!joined) await DoAsync(connection, Move, wish, ct);
            await transaction.CommitAsync(ct);
        }

        return await FindAsync(token, stops: false, ct);
    }

    /// <summary>
    /// Nothing is changed, or what was changed is taken back. A person who was joined to the row of the new address is one of their own again.
    /// </summary>
    public async Task<AddressChange> StopAsync(string token, CancellationToken ct)
    {
        await using var stop = source.CreateCommand(
            """
            WITH stopped AS (
                UPDATE address_change
                SET stopped_at = @now
                WHERE stop_hash = @hash AND stopped_at IS NULL AND requested_at > @since
                RETURNING *
            ), back AS (
                UPDATE subscriber AS s
                SET email = stopped.email_before, email_key = stopped.key_before, domain = split_part(stopped.key_before, '@', 2)
                FROM stopped
                WHERE stopped.confirmed_at IS NOT NULL AND s.id = stopped.subscriber_id AND s.email_key = stopped.email_key
                    AND NOT EXISTS (SELECT FROM subscriber WHERE email_key = stopped.key_before)
            ), parted AS (
                UPDATE subscriber AS s
                SET same_as = NULL, status = 'active', left_at = NULL
                FROM stopped
                WHERE stopped.confirmed_at IS NOT NULL AND s.id = stopped.subscriber_id AND s.email_key = stopped.key_before
                    AND s.same_as IS NOT NULL AND s.left_at = stopped.confirmed_at
                RETURNING s.id
            ), lists_back AS (
                UPDATE subscription AS p
                SET ended_at = NULL
                FROM parted, stopped
                WHERE p.subscriber_id = parted.id AND p.ended_at = stopped.confirmed_at
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind)
            SELECT subscriber_id, @now, 'address_change_stopped'
            FROM stopped
            """).With(
            new("hash", new ConfirmationToken(token).Hash), new("now", time.GetUtcNow()), new("since", time.GetUtcNow() - StopWithin));
        await stop.ExecuteNonQueryAsync(ct);
        return await FindAsync(token, stops: true, ct);
    }

    private static string Column(bool stops) => stops ? "stop_hash" : "token_hash";

    private async Task<(string Old, string Language)?> InsertAsync(
        NpgsqlConnection connection, long subscriberId, EmailAddress wanted, ConfirmationToken confirm, ConfirmationToken stop, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var insert = new NpgsqlCommand(
            """
            WITH asked AS (
                INSERT INTO address_change (
                    subscriber_id, email, email_key, email_before, key_before, token_hash, stop_hash, requested_at, expires_at)
                SELECT id, @email, @key, email, email_key, @confirm, @stop, @now, @expires
                FROM subscriber
                WHERE id = @id AND status IN ('active', 'bounced') AND email_key <> @key
                    AND NOT EXISTS (SELECT FROM suppression WHERE address_hash = @hash)
                    AND NOT EXISTS (SELECT FROM subscriber WHERE email_key = @key AND status = 'complained')
                    AND (SELECT count(*) FROM address_change WHERE subscriber_id = @id AND requested_at > @day_ago) < 3
                    AND (SELECT count(*) FROM address_change WHERE email_key = @key AND requested_at > @day_ago) < @per_day
                    AND (SELECT count(*) FROM address_change WHERE email_key = @key) < @per_month
                RETURNING subscriber_id, email_before
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind)
                SELECT subscriber_id, @now, 'address_change_requested'
                FROM asked
            )
            SELECT asked.email_before, s.language
            FROM asked
            JOIN subscriber AS s ON s.id = asked.subscriber_id
            """, connection).With(
            new("id", subscriberId), new("email", wanted.Text), new("key", wanted.Key), new("hash", keys.HashAddress(wanted.Key)),
            new("confirm", confirm.Hash), new("stop", stop.Hash), new("now", now),
            new("expires", now + ConfirmWithin), new("day_ago", now.AddDays(-1)),
            new("per_day", limits.Value.PerAddressAndDay), new("per_month", limits.Value.PerAddressAndMonth));
        await using var row = await insert.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetString(0), row.GetString(1)) : null;
    }

    private async Task<Wish?> TakeAsync(NpgsqlConnection connection, string token, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand(
            """
            UPDATE address_change
            SET confirmed_at = @now
            WHERE token_hash = @hash AND confirmed_at IS NULL AND stopped_at IS NULL AND expires_at > @now
            RETURNING subscriber_id, email, email_key, confirmed_at
            """, connection).With(new("hash", new ConfirmationToken(token).Hash), new("now", time.GetUtcNow()));
        await using var row = await take.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)) : null;
    }

    private async Task<bool> IsSuppressedAsync(NpgsqlConnection connection, string key, CancellationToken ct)
    {
        await using var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM suppression WHERE address_hash = @hash)", connection)
            .With(new NpgsqlParameter("hash", NpgsqlDbType.Bytea) { Value = keys.HashAddress(key) });
        return await look.ExecuteScalarAsync(ct) is true;
    }

    // Who has left meanwhile has said no to letters, wherever they would come.
    private const string Move =
        """
        WITH moved AS (
            UPDATE subscriber
            SET email = @email, email_key = @key, domain = split_part(@key, '@', 2), status = 'active'
            WHERE id = @id AND status IN ('active', 'bounced') AND NOT EXISTS (SELECT FROM subscriber WHERE email_key = @key)
            RETURNING id
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT id, @now, 'changed', '{"by": "self", "fields": ["email"]}'
        FROM moved
        """;

    private const string Join =
        """
        WITH mine AS (
            SELECT *
            FROM subscriber
            WHERE id = @id AND status IN ('active', 'bounced')
            FOR UPDATE
        ), other AS (
            UPDATE subscriber AS s
            SET status = 'active', left_at = NULL, name = coalesce(s.name, mine.name), municipality = coalesce(s.municipality, mine.municipality)
            FROM mine
            WHERE s.email_key = @key AND s.id <> mine.id AND s.status IN ('active', 'pending', 'bounced', 'unsubscribed')
            RETURNING s.id, mine.id AS mine_id
        ), joined AS (
            UPDATE subscriber AS s
            SET same_as = other.id, status = 'unsubscribed', left_at = @now
            FROM other
            WHERE s.id = other.mine_id
        ), taken_over AS (
            INSERT INTO subscription (subscriber_id, list_id, legal_basis, since)
            SELECT other.id, p.list_id, p.legal_basis, @now
            FROM other
            JOIN subscription AS p ON p.subscriber_id = other.mine_id AND p.ended_at IS NULL
            ON CONFLICT (subscriber_id, list_id) DO UPDATE SET ended_at = NULL
        ), ended AS (
            UPDATE subscription AS p
            SET ended_at = @now
            FROM other
            WHERE p.subscriber_id = other.mine_id AND p.ended_at IS NULL
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT mine_id, @now, 'changed', jsonb_build_object('by', 'self', 'fields', ARRAY['email'], 'same_as', id) FROM other
        UNION ALL
        SELECT id, @now, 'changed', jsonb_build_object('by', 'self', 'fields', ARRAY['email'], 'same_as', mine_id) FROM other
        """;

    private static async Task<int> DoAsync(NpgsqlConnection connection, string change, Wish wish, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(change, connection).With(
            new("id", wish.SubscriberId), new("email", wish.Email), new("key", wish.Key), new("now", wish.At));
        return await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Wish(long SubscriberId, string Email, string Key, DateTimeOffset At);
}
