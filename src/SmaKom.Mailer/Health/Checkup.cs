using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Health;

/// <summary>Looks at everything, the worst first.</summary>
public sealed partial class Checkup(NpgsqlDataSource source, Migrator migrator, IEnumerable<ICheck> checks, ILogger<Checkup> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        if (await DatabaseAsync(ct) is { } broken) return [broken];
        var findings = await Task.WhenAll(checks.Select(check => check.LookAsync(ct)));
        return [.. findings.SelectMany(list => list).OrderByDescending(finding => finding.Severity)];
    }

    /// <summary>The database is away or older than this version; without it nothing else can be looked at. Null when it is well.</summary>
    public async Task<Finding?> DatabaseAsync(CancellationToken ct)
    {
        try
        {
            return await PendingAsync(ct);
        }
        catch (Exception e) when (IsAway(e) && !ct.IsCancellationRequested)
        {
            // A database that was restarted leaves dead connections behind in the pool: they are no news of today.
            source.Clear();
        }

        try
        {
            return await PendingAsync(ct);
        }
        catch (Exception e) when (IsAway(e) && !ct.IsCancellationRequested)
        {
            Log.DatabaseAway(logger, e.GetType().Name);
            var at = new NpgsqlConnectionStringBuilder(source.ConnectionString);
            return new(FindingKind.DatabaseAway, Severity.Fault, $"{at.Host}:{at.Port}");
        }
    }

    private async Task<Finding?> PendingAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        return await migrator.PendingAsync(limit.Token) is { Count: > 0 } pending ? new(FindingKind.DatabaseOld, Severity.Fault, pending.Count)
            : null;
    }

    // Its own patience has an end, too.
    internal static bool IsAway(Exception e) => e is OperationCanceledException || DatabaseFailure.IsAway(e);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database does not answer a checkup ({Failure})")]
        public static partial void DatabaseAway(ILogger logger, string failure);
    }
}
