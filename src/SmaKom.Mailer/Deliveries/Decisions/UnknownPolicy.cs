using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Decisions;

/// <summary>What becomes of a letter of which nobody knows whether it arrived, when nobody is there to ask (<c>Dispatch:Unknown</c>).</summary>
public enum UnknownChoice
{
    /// <summary>A person decides.</summary>
    Ask,
    /// <summary>Sent again up to <c>Dispatch:UnknownAttempts</c> times; what is unknown even then, a person decides.</summary>
    SendAgain,
    /// <summary>Left as it is.</summary>
    Leave,
}

/// <summary>Decides for installations that nobody watches.</summary>
public sealed partial class UnknownPolicy(
    UnknownDeliveries unknown, NpgsqlDataSource source, IOptions<DispatchOptions> options, ILogger<UnknownPolicy> logger)
{
    public async Task ApplyAsync(CancellationToken ct)
    {
        var choice = options.Value.Unknown;
        if (choice == UnknownChoice.Ask) return;
        foreach (var (issue, ids) in await FindAsync(choice == UnknownChoice.SendAgain ? options.Value.UnknownAttempts : int.MaxValue, ct))
        {
            var count = choice == UnknownChoice.SendAgain ? await unknown.SendAgainAsync(issue, ids, Actor.Setting, ct)
                : await unknown.LeaveAsync(issue, ids, Actor.Setting, ct);
            if (count > 0) Log.Decided(logger, issue, count, choice);
        }
    }

    /// <param name="most">Only those that became unknown no more often than this.</param>
    private async Task<IReadOnlyList<(int Issue, long[] Ids)>> FindAsync(int most, CancellationToken ct)
    {
        // By way of the attempts: deliveries have no index on their state, and each that became unknown while it was sent has left an attempt.
        // Of those of a halted issue somebody was asked, and has not sent them again.
        // A worker that was slow and not dead gets another lease's time to say what came of its letter.
        await using var command = source.CreateCommand(
            """
            SELECT d.issue_id, array_agg(d.id)
            FROM (SELECT delivery_id, count(*) AS times
                  FROM delivery_attempt
                  WHERE outcome = 'unknown'
                  GROUP BY delivery_id) AS a
            JOIN delivery AS d ON d.id = a.delivery_id
            WHERE d.state = 'unknown' AND d.reason NOT IN ('left', 'halted') AND d.finished_at <= now() - @lease AND a.times <= @most
            GROUP BY d.issue_id
            """).With(new("lease", options.Value.Lease), new("most", most));
        var found = new List<(int, long[])>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) found.Add((rows.GetInt32(0), rows.GetFieldValue<long[]>(1)));
        return found;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Issue {Issue}: {Count} unknown letters, decided by Dispatch:Unknown = {Choice}")]
        public static partial void Decided(ILogger logger, int issue, int count, UnknownChoice choice);
    }
}
