using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Accounts;

/// <summary>What is to be done with an attempt to log in.</summary>
public enum AttemptVerdict
{
    /// <summary>Its password may be looked at.</summary>
    Try,

    /// <summary>Nobody has this address, or the account waits.</summary>
    Wait,

    /// <summary>This network address has tried too often.</summary>
    TooMany,
}

/// <summary>
/// Counts attempts to log in, in the database and before a password is looked at: by account, and by network address, since an account's
/// own wait does not stop one who tries many accounts. However many come at once, and to however many processes, no more than allowed
/// are tried.
/// </summary>
public sealed class LoginAttempts(NpgsqlDataSource source, LinkKeys keys, IOptions<AccountsOptions> options)
{
    /// <param name="staff">Whose account; null where nobody has the address that was typed.</param>
    public async Task<AttemptVerdict> CountAsync(IPAddress? from, int? staff, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT count_login(@network, @staff, @most_network, @most_account, @wait)").With(
            new("network", keys.HashAddress($"login {Network(from)}")),
            new("staff", NpgsqlDbType.Integer) { Value = (object?)staff ?? DBNull.Value },
            new("most_network", options.Value.AttemptsPerNetworkAddress),
            new("most_account", options.Value.FailuresBeforeWait),
            new("wait", options.Value.Wait));
        return await command.ExecuteScalarAsync(ct) switch
        {
            "try" => AttemptVerdict.Try,
            "too_many" => AttemptVerdict.TooMany,
            _ => AttemptVerdict.Wait,
        };
    }

    // One household has a whole /64 of IPv6 addresses: they are one.
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
