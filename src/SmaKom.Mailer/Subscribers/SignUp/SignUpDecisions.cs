using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>Says of each sign-up whether its address gets a confirmation mail, and writes that mail down. Run by a worker.</summary>
public sealed class SignUpDecisions(
    NpgsqlDataSource source, NoticeOutbox notices, LinkKeys keys, LinkAddresses links, IOptions<SignUpOptions> options, DatabaseClock time)
{
    private const int Batch = 100;

    /// <summary>Decides on what is waiting; true when there may be more.</summary>
    public async Task<bool> DecideAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One decider at a time: two sign-ups of one address must see each other.
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({SignUpIntake.Lock + 1})", connection))
            await wait.ExecuteNonQueryAsync(ct);

        var waiting = await WaitingAsync(connection, ct);
        foreach (var signUp in waiting)
            await DecideAsync(connection, signUp, ct);
        await transaction.CommitAsync(ct);
        return waiting.Count == Batch;
    }

    private async Task DecideAsync(NpgsqlConnection connection, Waiting signUp, CancellationToken ct)
    {
        var verdict = await VerdictAsync(connection, signUp, ct);
        var token = verdict == "mailed" ? ConfirmationToken.Create() : null;
        await using var decide = new NpgsqlCommand(
            """
            UPDATE sign_up
            SET decided_at = @now, verdict = @verdict, token_hash = @hash, expires_at = @expires
            WHERE id = @id
            """, connection);
        decide.Parameters.AddWithValue("id", signUp.Id);
        decide.Parameters.AddWithValue("now", time.GetUtcNow());
        decide.Parameters.AddWithValue("verdict", verdict);
        decide.Parameters.AddWithValue("hash", NpgsqlTypes.NpgsqlDbType.Bytea, (object?)token?.Hash ?? DBNull.Value);
        decide.Parameters.AddWithValue("expires", NpgsqlTypes.NpgsqlDbType.TimestampTz,
            token is null ? DBNull.Value : time.GetUtcNow() + options.Value.ConfirmWithin);
        // Its person may have been erased since it was read.
        if (await decide.ExecuteNonQueryAsync(ct) == 1 && token is not null)
            await notices.WriteAsync(connection, new(NoticeKind.Confirmation, null, signUp.Email, signUp.Language, links.Confirm(token.Text)), ct);
    }

    /// <summary>
    /// Whoever complained comes back only through an operator (STANDARDS §5.6); for all others the mailbox decides, also for whoever was erased.
    /// </summary>
    private async Task<string> VerdictAsync(NpgsqlConnection connection, Waiting signUp, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(
            """
            SELECT CASE
                WHEN EXISTS (SELECT FROM suppression WHERE address_hash = @hash AND reason <> 'erased')
                  OR EXISTS (SELECT FROM subscriber WHERE email_key = @key AND status = 'complained') THEN 'suppressed'
                WHEN (SELECT count(*) FROM sign_up WHERE mailbox = this.mailbox AND verdict = 'mailed' AND decided_at > @day_ago) >= @per_day
                  OR (SELECT count(*) FROM sign_up WHERE mailbox = this.mailbox AND verdict = 'mailed' AND decided_at > @month_ago) >= @per_month
                THEN 'too_soon'
                WHEN (SELECT count(*) FROM sign_up WHERE domain = this.domain AND verdict = 'mailed' AND decided_at > @day_ago) >= @per_domain
                THEN 'too_many'
                ELSE 'mailed'
            END
            FROM sign_up AS this
            WHERE id = @id
            """, connection);
        var now = time.GetUtcNow();
        select.Parameters.AddWithValue("id", signUp.Id);
        select.Parameters.AddWithValue("per_domain", options.Value.PerDomainAndDay);
        select.Parameters.AddWithValue("hash", keys.HashAddress(signUp.EmailKey));
        select.Parameters.AddWithValue("key", signUp.EmailKey);
        select.Parameters.AddWithValue("day_ago", now.AddDays(-1));
        select.Parameters.AddWithValue("month_ago", now.AddDays(-30));
        select.Parameters.AddWithValue("per_day", options.Value.PerAddressAndDay);
        select.Parameters.AddWithValue("per_month", options.Value.PerAddressAndMonth);
        return (string)(await select.ExecuteScalarAsync(ct))!;
    }

    private static async Task<List<Waiting>> WaitingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(
            $"""
            SELECT id, email, email_key, language
            FROM sign_up
            WHERE decided_at IS NULL
            ORDER BY id
            LIMIT {Batch}
            """, connection);
        await using var rows = await select.ExecuteReaderAsync(ct);
        var waiting = new List<Waiting>();
        while (await rows.ReadAsync(ct))
            waiting.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3)));
        return waiting;
    }

    private sealed record Waiting(long Id, string Email, string EmailKey, string Language);
}
