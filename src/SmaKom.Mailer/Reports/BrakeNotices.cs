using Microsoft.Extensions.Localization;
using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>Why the service has paused an issue by itself.</summary>
/// <param name="Cause"><c>policy</c>, <c>size</c>, <c>content</c> or <c>protocol</c>.</param>
/// <param name="Refused">Letters of the last ones over that relay.</param>
/// <param name="Reply">The server's words, without addresses.</param>
public sealed record BrakeNotice(string Cause, string Relay, int Refused, string Reply, DateTimeOffset At);

/// <summary>Reads them, and says them in the reader's language.</summary>
public sealed class BrakeNotices(NpgsqlDataSource source, IStringLocalizer<ReportWords> words, LocalText text)
{
    /// <summary>Null: the issue is not paused, or somebody has paused it.</summary>
    public async Task<BrakeNotice?> ReadAsync(int issueId, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT b.cause, COALESCE(r.name, '–'), b.refused, b.reply, b.pulled_at
            FROM issue_brake AS b
            JOIN issue AS i ON i.id = b.issue_id AND i.state = 'paused'
            LEFT JOIN relay AS r ON r.id = b.relay_id
            WHERE b.issue_id = @issue AND b.released_at IS NULL
            """).With(new NpgsqlParameter("issue", issueId));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)) : null;
    }

    /// <summary>What happened; the server's words belong behind it.</summary>
    public string Title(BrakeNotice notice) => words[$"Brake.{notice.Cause}.Title", notice.Relay];
    public string Words(BrakeNotice notice) => words["Brake.Words", text.Number(notice.Refused)];
    public string Lost => words["Brake.Lost"];
    public string Do(BrakeNotice notice) => words[$"Brake.{notice.Cause}.Do"];
}
