using Npgsql;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

/// <summary>Whether letters move, by the database's clock: nothing due and left lying, nothing that waits for a person.</summary>
public sealed class DispatchChecks(NpgsqlDataSource source) : ICheck
{
    /// <summary>Work that is due is normally claimed within a poll interval; this is far beyond it, and short enough to be told of in time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>So many letters that were put off, and none taken, are no chance any more.</summary>
    private const int ManyPutOff = 20;

    /// <summary>While letters are due, every worker commits several times a second.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        // Side by side: a page waits for the slowest only.
        var lists = await Task.WhenAll(StalledAsync(ct), QueueAsync(ct), IssuesAsync(ct), PutOffAsync(ct));
        return [.. lists.SelectMany(list => list)];
    }

    /// <summary>Letters are due, claimed or not, and no worker has committed anything of any letter for so long, whatever the cause.</summary>
    private async Task<IReadOnlyList<Finding>> StalledAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT id, slug, now() - since
            FROM (
                SELECT i.id, i.slug, GREATEST(i.updated_at, min(s.due_at), (SELECT max(committed_at) FROM worker)) AS since
                FROM slice AS s
                JOIN issue AS i ON i.id = s.issue_id AND i.state = 'sending'
                WHERE s.due_at <= now()
                GROUP BY i.id) AS going
            WHERE since < now() - @silence
            ORDER BY id
            """).With(new NpgsqlParameter("silence", LongestSilence));
        var findings = new List<Finding>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            findings.Add(new(FindingKind.SendingStalled, Severity.Fault, rows.GetString(1),
                rows.GetTimeSpan(2))
            { Where = $"/admin/utskick/{rows.GetInt32(0)}" });
        return findings;
    }

    private async Task<IReadOnlyList<Finding>> QueueAsync(CancellationToken ct)
    {
        // What rests because its relay has failed is told by that relay.
        await using var command = source.CreateCommand(
            """
            SELECT stuck.age,
                   -- Only then: it reads every letter of the issue.
                   CASE WHEN stuck.age IS NOT NULL THEN (
                       SELECT count(*)
                       FROM delivery AS d
                       JOIN issue AS i ON i.id = d.issue_id AND i.state = 'sending'
                       WHERE d.state IN ('waiting', 'deferred')) END,
                   (SELECT now() - min(next_attempt_at)
                    FROM notice
                    WHERE state = 'waiting' AND halt_id IS NULL AND next_attempt_at < now() - @longest),
                   (SELECT count(*) FROM notice WHERE state = 'waiting' AND halt_id IS NULL AND next_attempt_at < now() - @longest)
            FROM (SELECT now() - min(s.due_at) AS age
                  FROM slice AS s
                  JOIN issue AS i ON i.id = s.issue_id AND i.state = 'sending'
                  WHERE s.claim_id IS NULL AND s.due_at < now() - @longest AND EXISTS (SELECT FROM relay WHERE enabled AND failures = 0)) AS stuck
            """).With(new NpgsqlParameter("longest", LongestWait));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var findings = new List<Finding>();
        if (!row.IsDBNull(0)) findings.Add(new(FindingKind.QueueStuck, Severity.Fault, row.GetTimeSpan(0), row.GetInt64(1)));
        if (!row.IsDBNull(2)) findings.Add(new(FindingKind.NoticesStuck, Severity.Fault, row.GetTimeSpan(2), row.GetInt64(3)));
        return findings;
    }

    private async Task<IReadOnlyList<Finding>> IssuesAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT i.id, i.slug, h.id IS NULL AND i.state = 'queued' AND i.scheduled_at < now() - interval '3 minutes', i.scheduled_at,
                   h.id IS NULL AND i.state = 'paused',
                   CASE WHEN i.state <> 'paused' THEN 0
                        ELSE (SELECT count(*) FROM delivery WHERE issue_id = i.id AND state IN ('waiting', 'deferred')) END AS waiting,
                   COALESCE(u.letters, 0) AS unknown,
                   b.cause, r.name, b.refused, b.reply
            FROM issue AS i
            LEFT JOIN halt AS h ON h.issue_id = i.id AND h.decided_at IS NULL
            LEFT JOIN issue_brake AS b ON b.issue_id = i.id AND b.released_at IS NULL
            LEFT JOIN relay AS r ON r.id = b.relay_id
            LEFT JOIN (SELECT issue_id, count(*) AS letters
                       FROM ({UnknownDeliveries.Undecided}) AS undecided
                       GROUP BY issue_id) AS u ON u.issue_id = i.id
            WHERE i.state IN ('queued', 'sending', 'paused') OR i.finished_at > now() - interval '35 days'
            ORDER BY i.id
            """);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var findings = new List<Finding>();
        while (await rows.ReadAsync(ct))
        {
            var (page, slug, unknown) = ($"/redaktion/nummer/{rows.GetInt32(0)}", rows.GetString(1), rows.GetInt64(6));
            if (!rows.IsDBNull(3) && rows.GetBoolean(2))
                findings.Add(new(FindingKind.IssueOverdue, Severity.Fault, slug, rows.GetFieldValue<DateTimeOffset>(3)) { Where = page });
            if (rows.GetBoolean(4) && !rows.IsDBNull(7))
            {
                var relay = rows.IsDBNull(8) ? "–" : rows.GetString(8);
                findings.Add(new(Stopped(rows.GetString(7)), Severity.Fault, slug, rows.GetInt64(5), relay, rows.GetInt32(9),
                    rows.GetString(10))
                { Where = page });
            }
            else if (rows.GetBoolean(4)) findings.Add(new(FindingKind.IssuePaused, Severity.Warning, slug, rows.GetInt64(5)) { Where = page });
            if (unknown > 0) findings.Add(new(FindingKind.UnknownWaiting, Severity.Warning, slug, unknown) { Where = $"{page}/ovissa" });
        }

        return findings;
    }

    private static FindingKind Stopped(string cause) => cause switch
    {
        "policy" => FindingKind.IssueStoppedPolicy,
        "size" => FindingKind.IssueStoppedSize,
        "content" => FindingKind.IssueStoppedContent,
        "complaints" => FindingKind.IssueStoppedComplaints,
        "addresses" => FindingKind.IssueStoppedAddresses,
        _ => FindingKind.IssueStoppedProtocol,
    };

    /// <summary>A relay that has an excuse for everybody: its words are each one person's, and none of them tells that all had to wait.</summary>
    private async Task<IReadOnlyList<Finding>> PutOffAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            WITH untaken AS MATERIALIZED (
                SELECT id, slug
                FROM issue AS i
                WHERE state = 'sending' AND NOT EXISTS (SELECT FROM delivery WHERE issue_id = i.id AND state = 'accepted'))
            SELECT i.id, i.slug, tried.deferred, tried.code, tried.enhanced
            FROM untaken AS i
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE state = 'deferred' AND reply_code BETWEEN 400 AND 499) AS deferred,
                       count(*) FILTER (WHERE state IN ('waiting', 'sending')) AS untried,
                       mode() WITHIN GROUP (ORDER BY reply_code) AS code, mode() WITHIN GROUP (ORDER BY reply_enhanced) AS enhanced
                FROM delivery
                WHERE issue_id = i.id) AS tried
            WHERE tried.deferred > 0 AND (tried.deferred >= @many OR tried.untried = 0)
            ORDER BY i.id
            """).With(new NpgsqlParameter("many", ManyPutOff));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var findings = new List<Finding>();
        while (await rows.ReadAsync(ct))
        {
            var code = $"{rows.GetInt16(3)} {(rows.IsDBNull(4) ? "" : rows.GetString(4))}".Trim();
            findings.Add(new(FindingKind.LettersPutOff, Severity.Warning, rows.GetString(1), rows.GetInt64(2), code)
            { Where = $"/redaktion/nummer/{rows.GetInt32(0)}" });
        }

        return findings;
    }
}
