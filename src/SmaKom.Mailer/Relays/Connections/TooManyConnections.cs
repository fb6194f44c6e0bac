using System.Text.RegularExpressions;
using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Relays.Connections;

/// <summary>A relay that turns one connection more away than it allows looks as one that has failed, but for the others that work.</summary>
internal static partial class TooManyConnections
{
    /// <summary>So often in a row.</summary>
    public const int Believable = 3;

    /// <summary>How long others that are being opened are waited for.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>How long a relay is given to notice that a connection of ours is closed.</summary>
    public static readonly TimeSpan Forgetting = TimeSpan.FromSeconds(1);

    /// <summary>421 or another 4xx before the first command was taken (RFC 5321 §3.8), or a 5xx that says so in words.</summary>
    public static bool IsSaidBy(RelayException failure) => failure.Stage is "greeting" or "EHLO"
        && (failure.Kind is RelayFailure.ServiceClosing or RelayFailure.Busy || failure is { Kind: RelayFailure.Unwelcome, Reply: { } reply }
            && InWords().IsMatch(reply.Text));

    /// <summary>Connections to the relay that any worker holds or is about to open.</summary>
    public static async Task<int> CountHeldAsync(NpgsqlDataSource source, short relay, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT count(*)::integer
            FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid::bigint = @held AND objid::bigint >> 16 = @relay
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """).With(new("held", (long)ConnectionLocks.Held), new("relay", (long)relay));
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    [GeneratedRegex(@"\btoo many\b.*\bconnections?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InWords();
}
