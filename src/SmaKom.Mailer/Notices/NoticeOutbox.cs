using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using NpgsqlTypes;

namespace SmaKom.Mailer.Notices;

/// <summary>The outbox of single mails: a mail is written in the transaction of the change that it tells of, so neither exists without the other.</summary>
public sealed class NoticeOutbox(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Notices.Link");

    /// <summary>In the caller's transaction. The caller wakes the workers (<see cref="Sql.Wake"/>).</summary>
    public async Task WriteAsync(NpgsqlConnection connection, Notice notice, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO notice (kind, subscriber_id, email, language, payload, created_at, next_attempt_at)
            VALUES (@kind, @subscriber, @email, @language, @payload, now(), now())
            """, connection);
        insert.Parameters.AddWithValue("kind", Word(notice.Kind));
        insert.Parameters.AddWithValue("subscriber", NpgsqlDbType.Bigint, (object?)notice.SubscriberId ?? DBNull.Value);
        insert.Parameters.AddWithValue("email", notice.Email);
        insert.Parameters.AddWithValue("language", notice.Language);
        insert.Parameters.AddWithValue("payload", protector.Protect(notice.Link));
        await insert.ExecuteNonQueryAsync(ct);
    }

    internal string Open(string payload) => protector.Unprotect(payload);

    internal static string Word(NoticeKind kind) => kind == NoticeKind.Confirmation ? "confirmation" : "unsubscribe_receipt";
    internal static NoticeKind Kind(string word) => word == "confirmation" ? NoticeKind.Confirmation : NoticeKind.UnsubscribeReceipt;
}
