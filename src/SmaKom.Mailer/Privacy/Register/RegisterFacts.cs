using Npgsql;

namespace SmaKom.Mailer.Privacy.Register;

/// <summary>A mail server that letters are handed to, and whether on the way there they are encrypted for certain.</summary>
public sealed record RegisteredRelay(string Name, string Host, bool AlwaysEncrypted);

/// <summary>What of the register of processing stands in the database.</summary>
public sealed class RegisterFacts(NpgsqlDataSource source)
{
    public async Task<IReadOnlyList<RegisteredRelay>> RelaysAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            "SELECT name, host, tls IN ('start_tls', 'implicit') FROM relay WHERE enabled ORDER BY priority, id");
        var relays = new List<RegisteredRelay>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) relays.Add(new(rows.GetString(0), rows.GetString(1), rows.GetBoolean(2)));
        return relays;
    }
}
