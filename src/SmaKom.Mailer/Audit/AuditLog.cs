using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Audit;

/// <summary>Something that was done.</summary>
/// <param name="Who">As <see cref="Actor.Name"/>.</param>
/// <param name="What">Key in the words of the page that shows it, as <c>job.run-now</c>.</param>
/// <param name="Target">What it was done to: a job's name, an issue's slug. Never a reader's address.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string What, string? Target);

/// <summary>
/// Who did what, by page, command line or dashboard. A command writes its row in the transaction in which it does the thing: both stand
/// or neither. Rows are only ever added.
/// </summary>
public sealed class AuditLog(NpgsqlDataSource source)
{
    private const string Insert = "INSERT INTO admin_action (at, who, what, target)";

    /// <summary>
    /// The row as a part of the statement that does the thing: a common table expression with one row for each of <paramref name="done"/>.
    /// Wants the parameters of <see cref="Parameters"/>.
    /// </summary>
    /// <param name="done">Name of the common table expression that does it.</param>
    /// <param name="target">SQL over its columns.</param>
    /// <param name="what">The same, where what was done depends on the row.</param>
    public static string Noted(string done, string target, string what = "@audit_what") =>
        $"audited AS ({Insert} SELECT now(), @audit_who, {what}, {target} FROM {done})";

    public static NpgsqlParameter[] Parameters(Actor actor, string what) => [new("audit_who", actor.Name), new("audit_what", what)];

    /// <summary>Runs one statement that changes rows, and notes each in it. False: it changed none.</summary>
    /// <param name="change">With RETURNING.</param>
    /// <param name="target">SQL over what it returns.</param>
    public static async Task<bool> DoAsync(
        NpgsqlDataSource source, string change, string target, Actor actor, string what, NpgsqlParameter[] parameters, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            WITH done AS ({change}),
            {Noted("done", target)}
            SELECT count(*) FROM done
            """).With(Parameters(actor, what)).With(parameters);
        return await command.ExecuteScalarAsync(ct) is > 0L;
    }

    /// <summary>On a connection with an open transaction, when one statement is not enough.</summary>
    public static async Task NoteAsync(NpgsqlConnection connection, Actor actor, string what, string? target, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"{Insert} VALUES (now(), @audit_who, @audit_what, @target)", connection)
            .With(Parameters(actor, what)).With(new NpgsqlParameter("target", (object?)target ?? DBNull.Value));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>For what is done outside this database's transactions, as a job of Hangfire's or a cookie.</summary>
    public async Task NoteAsync(Actor actor, string what, string? target, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await NoteAsync(connection, actor, what, target, ct);
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
            actions.Add(new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetString(1), rows.GetString(2),
                rows.IsDBNull(3) ? null : rows.GetString(3)));
        return actions;
    }
}
