using Npgsql;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>Issues that go out no faster than a limit lets them: nothing is wrong, and whoever wonders why letters wait is told.</summary>
public sealed class LimitChecks(NpgsqlDataSource source, DatabaseClock time) : ICheck
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var (id, slug) in await SendingAsync(ct))
            if (await LimitOutlook.ReadAsync(source, id, time) is { Holding: { } limit, Least: var least })
                findings.Add(new(FindingKind.LimitHolds, Severity.Note, slug, limit.Count, limit.Per, least) { Where = $"/admin/utskick/{id}" });
        return findings;
    }

    private async Task<List<(int Id, string Slug)>> SendingAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            "SELECT id, slug FROM issue WHERE state = 'sending' AND EXISTS (SELECT FROM rate_limit) ORDER BY id");
        var issues = new List<(int, string)>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) issues.Add((rows.GetInt32(0), rows.GetString(1)));
        return issues;
    }
}
