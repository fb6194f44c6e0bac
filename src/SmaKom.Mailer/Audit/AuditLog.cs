using System.Security.Claims;
using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Audit;

/// <summary>Something that an administrator did.</summary>
/// <param name="Who">Login of the one who did it, or <see cref="DecidedBy.CommandLine"/>.</param>
/// <param name="What">Key in the words of the page that shows it, as <c>job.run-now</c>.</param>
/// <param name="Target">What it was done to: a job's name, an issue's id. Never a reader's address.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string What, string? Target);

/// <summary>Who did what in the admin's pages and by the commands that do the same. Rows are only ever added.</summary>
public sealed class AuditLog(NpgsqlDataSource source, TimeProvider time)
{
    public Task NoteAsync(ClaimsPrincipal who, string what, string? target, CancellationToken ct) => NoteAsync(who.Identity?.Name ?? "?", what, target, ct);

    /// <param name="who">A login, or <see cref="DecidedBy.CommandLine"/>.</param>
    public async Task NoteAsync(string who, string what, string? target, CancellationToken ct)
    {
        await using var command = source.CreateCommand("INSERT INTO admin_action (at, who, what, target) VALUES (@now, @who, @what, @target)").With(
            new("now", time.GetUtcNow()), new("who", who), new("what", what), new("target", (object?)target ?? DBNull.Value));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The last ones whose <see cref="AuditEntry.What"/> begins so, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> LastAsync(string beginsWith, int most, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT at, who, what, target
            FROM admin_action
            WHERE starts_with(what, @begins)
            ORDER BY id DESC
            LIMIT @most
            """).With(new("begins", beginsWith), new("most", most));
        var actions = new List<AuditEntry>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            actions.Add(new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
        return actions;
    }
}
