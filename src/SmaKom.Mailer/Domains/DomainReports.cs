using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Domains.Checks;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Domains;

/// <summary>What DNS said when it was asked last.</summary>
public sealed record DomainReport(DateTimeOffset AskedAt, IReadOnlyList<DomainVerdict> Verdicts)
{
    public int Problems => Verdicts.Count(verdict => verdict.Result == DomainResult.Problem);
}

/// <summary>The newest report (table <c>domain_report</c>).</summary>
public sealed class DomainReports(NpgsqlDataSource source)
{
    /// <summary>Null: nobody has asked within a day, or only under other settings.</summary>
    public async Task<DomainReport?> ReadAsync(SendingSetup setup, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            "SELECT asked_at, verdicts FROM domain_report WHERE setup = @setup AND asked_at > now() - interval '1 day'")
            .With(new NpgsqlParameter("setup", Hash(setup)));
        await using var row = await select.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetFieldValue<DateTimeOffset>(0), JsonSerializer.Deserialize<List<DomainVerdict>>(row.GetString(1))!) : null;
    }

    public async Task WriteAsync(SendingSetup setup, IReadOnlyList<DomainVerdict> verdicts, CancellationToken ct)
    {
        await using var write = source.CreateCommand(
            """
            INSERT INTO domain_report (asked_at, setup, problems, verdicts)
            VALUES (now(), @setup, @problems, @verdicts)
            ON CONFLICT (one) DO UPDATE
            SET asked_at = now(), setup = @setup, problems = @problems, verdicts = @verdicts
            """).With(new("setup", Hash(setup)), new("problems", verdicts.Count(verdict => verdict.Result == DomainResult.Problem)),
                new("verdicts", NpgsqlDbType.Jsonb) { Value = JsonSerializer.Serialize(verdicts) });
        await write.ExecuteNonQueryAsync(ct);
    }

    public async Task ForgetAsync(CancellationToken ct)
    {
        await using var forget = source.CreateCommand("DELETE FROM domain_report");
        await forget.ExecuteNonQueryAsync(ct);
    }

    private static byte[] Hash(SendingSetup setup) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(setup));
}
