using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>Somebody who has a draft open.</summary>
/// <param name="View">One page in one tab; empty: a page that was loaded, and whose script has said nothing.</param>
/// <param name="Part">Whose form is open; null: none.</param>
/// <param name="IsLeaving">The page is gone; another of the same person may be about to come in its place.</param>
/// <param name="Since">When the page was opened.</param>
/// <param name="WroteAt">When this person last changed a part of the draft that they have not overwritten; null: never.</param>
public sealed record Visitor(string Who, string View, string? Part, bool IsLeaving, TimeSpan Since, DateTimeOffset? WroteAt);

/// <summary>
/// Who has a draft open, by rows that all web processes share (table <c>issue_presence</c>). A page says every 20 s that it is there (presence.js),
/// and that it goes. A computer whose lid was closed says nothing: its pages are gone after <see cref="Silence"/>.
/// </summary>
public sealed class Presence(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>A browser lets a tab that nobody sees speak once a minute.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(75);

    /// <summary>Whoever opens another part leaves one page and comes with the next.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    private readonly SharedQuery<int, IReadOnlyList<Visitor>> here = new(issue => ReadAsync(source, issue), TimeSpan.FromSeconds(1), time);

    /// <summary>A second old at most: all pages of a draft ask every second.</summary>
    public Task<IReadOnlyList<Visitor>> ListAsync(int issue, CancellationToken ct) => here.GetAsync(issue, ct);

    /// <param name="view">Empty: a page is being loaded; its script will name it.</param>
    public async Task ArriveAsync(int issue, Actor actor, string view, string? part, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            WITH gone AS (
                DELETE FROM issue_presence
                WHERE ctid IN (
                    SELECT ctid FROM issue_presence
                    WHERE issue_id = @issue AND who = @who AND view = '' AND @view <> '' OR seen_at < now() - interval '1 hour'
                    FOR UPDATE SKIP LOCKED))
            INSERT INTO issue_presence (issue_id, who, view, part)
            SELECT id, @who, @view, @part
            FROM issue
            WHERE id = @issue
            ON CONFLICT (issue_id, who, view) DO UPDATE
            SET part = excluded.part, seen_at = now(), left_at = NULL
            """).With(
            new("issue", issue), new("who", actor.Name), new("view", view), new("part", NpgsqlDbType.Text) { Value = (object?)part ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task LeaveAsync(int issue, Actor actor, string view, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            "UPDATE issue_presence SET left_at = now() WHERE issue_id = @issue AND who = @who AND view IN (@view, '') AND left_at IS NULL").With(
            new("issue", issue), new("who", actor.Name), new("view", view));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<IReadOnlyList<Visitor>> ReadAsync(NpgsqlDataSource source, int issue)
    {
        await using var command = source.CreateCommand(
            """
            SELECT who, view, part, left_at IS NOT NULL, now() - began_at,
                (SELECT max(changed_at) FROM issue_part WHERE issue_part.issue_id = @issue AND changed_by = who)
            FROM issue_presence
            WHERE issue_id = @issue AND seen_at > now() - @silence AND (left_at IS NULL OR left_at > now() - @turn)
            ORDER BY who, left_at NULLS FIRST, seen_at DESC
            """).With(new("issue", issue), new("silence", Silence), new("turn", Turn));
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<Visitor>();
        while (await rows.ReadAsync())
            found.Add(new(rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetBoolean(3),
                rows.GetFieldValue<TimeSpan>(4), rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5)));
        return found;
    }
}
