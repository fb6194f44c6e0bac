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
/// and take it back. Whether the new address is known shows in no answer. Each address keeps a row of its own: the old one's subscriptions end and
/// the new one's begin, so that nothing of what is held about the old address, nor the power of links in its letters, comes to whoever asked.
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

    /// <summary>The letters come to the new address from now on. Whoever has left meanwhile has said no to letters, wherever they would come.</summary>
    public async Task<AddressChange> ConfirmAsync(string token, CancellationToken ct)
    {
        var found = await FindAsync(token, stops: false, ct);
        if (found.State != AddressChangeState.Open) return found;
        await using var move = source.CreateCommand(Move).With(
            new("hash", new ConfirmationToken(token).Hash), new("now", time.GetUtcNow()),
            new("suppressed", NpgsqlDbType.Bytea) { Value = keys.HashAddress(EmailAddress.Parse(found.Email!).Key) });
        return await move.ExecuteNonQueryAsync(ct) > 0 ? found with { State = AddressChangeState.Done } : await FindAsync(token, stops: false, ct) switch
        {
            { State: AddressChangeState.Open } nobody => nobody with { State = AddressChangeState.Expired },
            var other => other,
        };
    }

    /// <summary>
    /// Nothing is changed, or what was changed is taken back: the old address has what it had, and what the new one got by it ends, also at addresses
    /// that it was passed on to.
    /// </summary>
    public async Task<AddressChange> StopAsync(string token, CancellationToken ct)
    {
        await using var stop = source.CreateCommand(Stop).With(
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
                    subscriber_id, email, email_key, token_hash, stop_hash, requested_at, expires_at)
                SELECT id, @email, @key, @confirm, @stop, @now, @expires
                FROM subscriber
                WHERE id = @id AND status IN ('active', 'bounced') AND email_key <> @key
                    AND NOT EXISTS (SELECT FROM suppression WHERE address_hash = @hash)
                    AND NOT EXISTS (SELECT FROM subscriber WHERE email_key = @key AND status = 'complained')
                    AND (SELECT count(*) FROM address_change WHERE subscriber_id = @id AND requested_at > @day_ago) < 3
                    AND (SELECT count(*) FROM address_change WHERE email_key = @key AND requested_at > @day_ago) < @per_day
                    AND (SELECT count(*) FROM address_change WHERE email_key = @key) < @per_month
                FOR SHARE -- whoever is being erased asks for nothing
                RETURNING subscriber_id
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind)
                SELECT subscriber_id, @now, 'address_change_requested'
                FROM asked
            )
            SELECT s.email, s.language
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

    private const string Move =
        """
        WITH wish AS (
            SELECT *
            FROM address_change
            WHERE token_hash = @hash AND confirmed_at IS NULL AND stopped_at IS NULL AND expires_at > @now
            FOR UPDATE
        ), mine AS (
            SELECT s.*, wish.id AS wish_id, wish.email AS new_email, wish.email_key AS new_key
            FROM subscriber AS s
            JOIN wish ON wish.subscriber_id = s.id
            WHERE s.status IN ('active', 'bounced') AND NOT EXISTS (SELECT FROM suppression WHERE address_hash = @suppressed)
            FOR UPDATE OF s
        ), there AS (
            INSERT INTO subscriber AS s (
                email, email_key, domain, name, municipality, language, format, status, legal_basis, created_at, confirmed_at, paused_until)
            SELECT new_email, new_key, split_part(new_key, '@', 2), name, municipality, language, format, 'active', legal_basis, @now, @now, paused_until
            FROM mine
            ON CONFLICT (email_key) DO UPDATE
            SET status = 'active', left_at = NULL, same_as = NULL, confirmed_at = @now,
                name = coalesce(s.name, excluded.name), municipality = coalesce(s.municipality, excluded.municipality),
                paused_until = CASE WHEN s.status = 'active' THEN s.paused_until ELSE excluded.paused_until END
            WHERE s.status NOT IN ('complained', 'erased')
            RETURNING s.id
        ), left_here AS (
            UPDATE subscriber AS s
            SET status = 'unsubscribed', left_at = @now
            FROM mine, there
            WHERE s.id = mine.id
        ), taken_over AS (
            -- What stands there already stays as it is; what had ended begins anew, by what it is sent to the old address by.
            INSERT INTO subscription AS p (subscriber_id, list_id, legal_basis, since)
            SELECT there.id, o.list_id, o.legal_basis, @now
            FROM there, mine
            JOIN subscription AS o ON o.subscriber_id = mine.id AND o.ended_at IS NULL
            ON CONFLICT (subscriber_id, list_id) DO UPDATE
            SET ended_at = NULL, since = excluded.since, legal_basis = excluded.legal_basis
            WHERE p.ended_at IS NOT NULL
        ), ended AS (
            UPDATE subscription AS p
            SET ended_at = @now
            FROM mine, there
            WHERE p.subscriber_id = mine.id AND p.ended_at IS NULL
        ), noted AS (
            UPDATE address_change AS c
            SET confirmed_at = @now, status_before = mine.status, became = there.id
            FROM mine, there
            WHERE c.id = mine.wish_id
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT mine.id, @now, 'unsubscribed', jsonb_build_object('by', 'moved', 'before', mine.status) FROM mine, there
        UNION ALL
        SELECT there.id, @now, 'moved_here', '{}' FROM there
        """;

    private const string Stop =
        """
        WITH RECURSIVE stopped AS (
            UPDATE address_change
            SET stopped_at = @now
            WHERE stop_hash = @hash AND stopped_at IS NULL AND requested_at > @since
            RETURNING *
        ), passed_on AS (
            SELECT became AS id, confirmed_at AS since
            FROM stopped
            WHERE became IS NOT NULL
            UNION
            SELECT c.became, c.confirmed_at
            FROM passed_on
            JOIN address_change AS c ON c.subscriber_id = passed_on.id AND c.confirmed_at >= passed_on.since
            WHERE c.became IS NOT NULL AND c.became <> (SELECT subscriber_id FROM stopped)
        ), wishes AS (
            UPDATE address_change AS c
            SET stopped_at = @now
            FROM stopped
            WHERE c.id <> stopped.id AND c.stopped_at IS NULL AND c.requested_at >= stopped.requested_at
                AND (c.subscriber_id = stopped.subscriber_id OR c.subscriber_id IN (SELECT id FROM passed_on))
        ), back AS (
            UPDATE subscriber AS s
            SET status = stopped.status_before, left_at = NULL
            FROM stopped
            WHERE s.id = stopped.subscriber_id AND s.status = 'unsubscribed' AND s.left_at = stopped.confirmed_at
            RETURNING s.id
        ), lists_back AS (
            UPDATE subscription AS p
            SET ended_at = NULL
            FROM back, stopped
            WHERE p.subscriber_id = back.id AND p.ended_at = stopped.confirmed_at
        ), ended AS (
            UPDATE subscription AS p
            SET ended_at = @now
            FROM passed_on
            WHERE p.subscriber_id = passed_on.id AND p.since = passed_on.since AND p.ended_at IS NULL
        ), left_there AS (
            UPDATE subscriber AS s
            SET status = 'unsubscribed', left_at = @now
            FROM passed_on
            WHERE s.id = passed_on.id AND s.status = 'active'
                AND NOT EXISTS (SELECT FROM subscription AS p WHERE p.subscriber_id = s.id AND p.ended_at IS NULL AND p.since <> passed_on.since)
            RETURNING s.id
        )
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT subscriber_id, @now, 'address_change_stopped', '{}'::jsonb FROM stopped
        UNION ALL
        SELECT id, @now, 'unsubscribed', '{"by": "move_stopped", "before": "active"}' FROM left_there
        """;
}
