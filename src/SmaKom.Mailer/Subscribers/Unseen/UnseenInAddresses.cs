using Npgsql;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Subscribers.Unseen;

/// <summary>An address that today's rule would take otherwise, or not at all.</summary>
public sealed record UnseenAddress(long SubscriberId, string Email, string Key, SubscriberStatus Status);

/// <summary>
/// Addresses that were taken before characters that nobody sees were refused: a person may stand in the list twice, and leave once.
/// </summary>
public sealed class UnseenInAddresses(NpgsqlDataSource source) : ICheck
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await ReadAsync(connection, ct) is { Count: > 0 } found
            ? [new(FindingKind.AddressesUnseen, Severity.Warning, found.Count)] : [];
    }

    /// <summary>Those who may get letters or have said no to them; a row that was joined to another is settled.</summary>
    internal static async Task<IReadOnlyList<UnseenAddress>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(
            """
            SELECT id, email, email_key, status
            FROM subscriber
            WHERE octet_length(email) <> length(email) AND status NOT IN ('bounced', 'erased') AND same_as IS NULL
            ORDER BY id
            """, connection);
        var found = new List<UnseenAddress>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var row = new UnseenAddress(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<SubscriberStatus>(3));
            if (!EmailAddress.TryParse(row.Email, out var address, out _) || address.Text != row.Email || address.Key != row.Key) found.Add(row);
        }

        return found;
    }
}
