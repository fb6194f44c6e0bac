using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Notices;

/// <summary>
/// The outbox of single mails: a mail is written in the transaction of the change that it tells of, so neither exists without the other.
/// </summary>
public sealed class NoticeOutbox(IDataProtectionProvider protection)
{
    /// <summary>Between the texts of one payload: none of them holds one.</summary>
    private const char Separator = '\u001e';

    private readonly IDataProtector protector = protection.CreateProtector("Notices.Link");

    /// <summary>In the caller's transaction. The caller wakes the workers (<see cref="Sql.Wake"/>).</summary>
    public async Task WriteAsync(NpgsqlConnection connection, Notice notice, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO notice (
                kind, subscriber_id, email, email_key, language, payload, issue_id, requested_by, content_hash, list_id, created_at, next_attempt_at)
            VALUES (@kind, @subscriber, @email, @key, @language, @payload, @issue, @by, @hash, @list, now(), COALESCE(@not_before, now()))
            """, connection);
        insert.Parameters.AddWithValue("kind", Word(notice.Kind));
        insert.Parameters.AddWithValue("subscriber", NpgsqlDbType.Bigint, (object?)notice.SubscriberId ?? DBNull.Value);
        insert.Parameters.AddWithValue("email", notice.Email);
        insert.Parameters.AddWithValue("key", NpgsqlDbType.Text,
            EmailAddress.TryParse(notice.Email, out var address, out _) ? address.Key : DBNull.Value);
        insert.Parameters.AddWithValue("language", notice.Language);
        insert.Parameters.AddWithValue("payload", protector.Protect(string.Join(Separator, [notice.Link, .. notice.Further])));
        insert.Parameters.AddWithValue("not_before", NpgsqlDbType.TimestampTz, (object?)notice.NotBefore?.ToUniversalTime() ?? DBNull.Value);
        insert.Parameters.AddWithValue("issue", NpgsqlDbType.Integer, (object?)notice.IssueId ?? DBNull.Value);
        insert.Parameters.AddWithValue("by", NpgsqlDbType.Text, (object?)notice.RequestedBy ?? DBNull.Value);
        insert.Parameters.AddWithValue("hash", NpgsqlDbType.Text, (object?)notice.ContentHash ?? DBNull.Value);
        insert.Parameters.AddWithValue("list", NpgsqlDbType.Smallint, (object?)notice.ListId ?? DBNull.Value);
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary><see cref="Notice.Link"/>, and what follows it.</summary>
    internal IReadOnlyList<string> Open(string payload) => protector.Unprotect(payload).Split(Separator);

    internal static string Word(NoticeKind kind) => kind switch
    {
        NoticeKind.Confirmation => "confirmation",
        NoticeKind.TestLetter => "test_letter",
        NoticeKind.AddressConfirmation => "address_confirmation",
        NoticeKind.AddressNotice => "address_notice",
        NoticeKind.Links => "links",
        NoticeKind.FaultReport => "fault_report",
        _ => "unsubscribe_receipt",
    };

    internal static NoticeKind Kind(string word) => Enum.GetValues<NoticeKind>().First(kind => Word(kind) == word);
}
