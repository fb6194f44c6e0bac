using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Findings;

namespace SmaKom.Mailer.Health;

/// <summary>Keys that whoever holds a backup could use. Not told of a sample run, whose keys open nothing.</summary>
public sealed class KeyChecks(NpgsqlDataSource source, IOptions<InboxOptions> inbox) : ICheck
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        if (inbox.Value.Enabled) return [];
        await using var command = source.CreateCommand(
            """
            SELECT (SELECT count(*) FROM link_key WHERE certificate IS NULL)
                + (SELECT count(*) FROM data_protection_key WHERE xml LIKE '%requiresEncryption="true"%')
            """);
        return await command.ExecuteScalarAsync(ct) is > 0L and var plain ? [new(FindingKind.KeysInPlainText, Severity.Warning, plain)] : [];
    }
}
