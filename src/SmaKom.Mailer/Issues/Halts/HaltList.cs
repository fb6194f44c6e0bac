using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues.Halts;

/// <summary>Why nothing goes out until somebody has decided.</summary>
public enum HaltCause
{
    /// <summary>The database is another than the service left: restored, moved, or taken over by a standby.</summary>
    Restored,
    /// <summary>No worker has lived for longer than <c>Schedule:LongestSleep</c>.</summary>
    Slept,
}

/// <summary>An issue, or the single mails, of which nothing goes out until somebody has decided: what waits may have been sent already.</summary>
/// <param name="IssueId">Null: single mails.</param>
/// <param name="Before">The issue's state when it was halted: queued, sending or paused.</param>
/// <param name="At">When it was halted.</param>
/// <param name="LastActiveAt">The last that this database knows of: what was sent after that is not in it.</param>
/// <param name="Accepted">Letters that surely were taken, until then.</param>
/// <param name="Waiting">Letters that may have been sent since, at most.</param>
/// <param name="PerMinute">How fast it went in its last ten minutes; null: too few letters to say.</param>
public sealed record Halt(
    int Id, int? IssueId, string? Slug, string? Subject, HaltCause Cause, IssueState? Before, DateTimeOffset At, DateTimeOffset LastActiveAt,
    int Accepted, int Waiting, double? PerMinute)
{
    /// <summary>From the last that is known until it was halted.</summary>
    public TimeSpan Silence => At - LastActiveAt;

    /// <summary>So many of those that wait, had it gone on as fast as before; null: nobody can say.</summary>
    public int? Likely => PerMinute is { } rate ? (int)Math.Min(Waiting, Math.Ceiling(rate * Silence.TotalMinutes)) : null;
}

/// <summary>Reads what waits for a decision.</summary>
public sealed class HaltList(NpgsqlDataSource source)
{
    /// <summary>As in <c>halt.cause</c>.</summary>
    internal static string Word(HaltCause cause) => cause == HaltCause.Restored ? "restored" : "slept";

    /// <summary>Issues first, by their short names.</summary>
    public Task<IReadOnlyList<Halt>> ListAsync(CancellationToken ct) => ReadAsync("true", [], ct);

    /// <summary>Null: the issue is not halted.</summary>
    public async Task<Halt?> OfIssueAsync(int issueId, CancellationToken ct) =>
        (await ReadAsync("h.issue_id = @issue", [new("issue", issueId)], ct)).SingleOrDefault();

    /// <summary>Null: this database is the one that the service left, or nobody has used it yet.</summary>
    public async Task<DateTimeOffset?> LeftAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT last_active_at FROM database_identity WHERE NOT database_is_known()");
        return await command.ExecuteScalarAsync(ct) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    /// <summary>
    /// When the service met this database in place of another, and was last alive in that; null: not within <paramref name="span"/>.
    /// </summary>
    public async Task<(DateTimeOffset MetAt, DateTimeOffset ActiveBefore)?> MovedWithinAsync(TimeSpan span, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT met_at, active_before
            FROM database_identity
            WHERE active_before IS NOT NULL AND met_at > now() - @span
            """).With(new NpgsqlParameter("span", span));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    private async Task<IReadOnlyList<Halt>> ReadAsync(string condition, NpgsqlParameter[] parameters, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT h.id, h.issue_id, i.slug, i.subject, h.cause, h.state_before, h.at, h.last_active_at, h.accepted, h.waiting, h.per_minute
            FROM halt AS h
            LEFT JOIN issue AS i ON i.id = h.issue_id
            WHERE h.decided_at IS NULL AND {condition}
            ORDER BY i.slug NULLS LAST
            """).With(parameters);
        var halts = new List<Halt>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) halts.Add(Read(rows));
        return halts;
    }

    private static Halt Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.IsDBNull(1) ? null : row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.GetString(4) == Word(HaltCause.Restored) ? HaltCause.Restored : HaltCause.Slept,
        row.IsDBNull(5) ? null : row.GetFieldValue<IssueState>(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetInt32(8), row.GetInt32(9),
        row.IsDBNull(10) ? null : row.GetDouble(10));
}
