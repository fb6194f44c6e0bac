using System.Net;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Subscribers.MailedLinks;

/// <summary>
/// Somebody asks for the links of their letters. Written down in the same statements whoever has the address, or nobody, so that neither the
/// answer nor its timing tells which; the address itself is not kept. A worker decides later (<see cref="LinkDecisions"/>).
/// </summary>
public sealed class LinkRequests(NpgsqlDataSource source, FormLimits limits, DatabaseClock time)
{
    /// <summary>How long the mailed link to all that is held about a person works: whoever gets the mail later asks again.</summary>
    public static readonly TimeSpan MyDataFor = TimeSpan.FromHours(24);

    /// <summary>False when too many have asked within the hour (<see cref="FormLimits"/>).</summary>
    public async Task<bool> TakeAsync(EmailAddress address, IPAddress? from, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await limits.TakeAsync(connection, FormLimits.Links, from, ct)) return false;
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO link_request (subscriber_id, requested_at)
            SELECT (SELECT COALESCE(same_as, id) FROM subscriber WHERE email_key = @key AND status <> 'erased'), @now
            """, connection).With(new("key", address.Key), new("now", NpgsqlDbType.TimestampTz) { Value = time.GetUtcNow() });
        await insert.ExecuteNonQueryAsync(ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
