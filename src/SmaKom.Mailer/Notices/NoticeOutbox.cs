using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using NpgsqlTypes;

namespace SmaKom.Mailer.Notices;

/// <summary>
/// The outbox of single mails: a mail is written in the transaction of the change that it tells of, so neither exists without the other.
/// </summary>
public sealed class NoticeOutbox(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Notices.Link");

    /// <summary>In the caller's transaction. The caller wakes the workers (<see cref="Sql.Wake"/>).</summary>
    public async Task WriteAsync(NpgsqlConnection connection, Notice notice, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO notice (
                kind, subscriber_id, email, language, payload, issue_id, requested_by, content_hash, list_id, created_at, next_attempt_at)
            VALUES (@kind, @subscriber, @email, @language, @payload, @issue, @by, @hash, @list, now(), now())
            """, connection);
        insert.Parameters.AddWithValue("kind", Word(notice.Kind));
        insert.Parameters.AddWithValue("subscriber", NpgsqlDbType.Bigint, (object?)notice.SubscriberId ?? DBNull.Value);
        insert.Parameters.AddWithValue("email", notice.Email);
        insert.Parameters.AddWithValue("language", notice.Language);
        insert.Parameters.AddWithValue("payload", protector.Protect(notice.Link));
        insert.Parameters.AddWithValue("issue", NpgsqlDbType.Integer, (object?)notice.IssueId ?? DBNull.Value);
        insert.Parameters.AddWithValue("by", NpgsqlDbType.Text, (object?)notice.RequestedBy ?? DBNull.Value);
        insert.Parameters.AddWithValue("hash", NpgsqlDbType.Text, (object?)notice.ContentHash ?? DBNull.Value);
        insert.Parameters.AddWithValue("list", NpgsqlDbType.Smallint, (object?)notice.ListId ?? DBNull.Value);
        await insert.ExecuteNonQueryAsync(ct);
    }

    internal string Open(string payload) => protector.Unprotect(payload);

    internal static string Word(NoticeKind kind) => kind switch
    {
        NoticeKind.Confirmation => "confirmation",
        NoticeKind.TestLetter => "test_letter",
        NoticeKind.AddressConfirmation => "address_confirmation",
        NoticeKind.AddressNotice => "address_notice",
        _ => "unsubscribe_receipt",
    };

    internal static NoticeKind Kind(string word) => word switch
    {
        "confirmation" => NoticeKind.Confirmation,
        "test_letter" => NoticeKind.TestLetter,
        "address_confirmation" => NoticeKind.AddressConfirmation,
        "address_notice" => NoticeKind.AddressNotice,
        _ => NoticeKind.UnsubscribeReceipt,
    };
}
