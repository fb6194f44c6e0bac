using System.Text.Json;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Notices;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What came of asking for a test letter.</summary>
public enum TestAnswer
{
    Done,
    NoSuchIssue,
    /// <summary>Something must be mended before the letter can be made.</summary>
    Unfinished,
    BadAddress,
    /// <summary>In this hour.</summary>
    TooMany,
}

/// <summary>A test letter and what became of it.</summary>
/// <param name="State"><c>waiting</c>, <c>sending</c>, <c>accepted</c>, <c>refused</c> or <c>unknown</c>.</param>
/// <param name="Reply">The server's words; null: none came.</param>
public sealed record TestLetter(string Email, string State, string? Reply, DateTimeOffset At);

/// <summary>An issue as a single mail to one address, by the renderer and the sender of real mails.</summary>
public sealed class TestLetters(NpgsqlDataSource source, NoticeOutbox outbox, DraftStore drafts)
{
    /// <summary>More than anybody needs in an hour, and too few to write to strangers with.</summary>
    private const int MostAnHour = 30;

    public async Task<TestAnswer> SendAsync(int issue, string? email, Actor actor, CancellationToken ct)
    {
        if (!EmailAddress.TryParse(email, out var address, out _)) return TestAnswer.BadAddress;
        if (await drafts.ReadAsync(issue, ct) is not { } draft) return TestAnswer.NoSuchIssue;
        if (draft.Content.Problems().Count > 0) return TestAnswer.Unfinished;
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await LatelyAsync(connection, actor, ct) >= MostAnHour) return TestAnswer.TooMany;
        // As it is now: what is changed before the mail leaves does not change it.
        var content = JsonSerializer.Serialize(new TestLetterContent(draft.Slug, draft.Content), IssueContentJson.Options);
        await outbox.WriteAsync(connection,
            new Notice(NoticeKind.TestLetter, null, address.Text, draft.Content.Language, content, issue, actor.Name,
                ContentHash.Of(draft.Content)), ct);
        await AuditLog.NoteAsync(connection, actor, "issue.test", draft.Slug, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return TestAnswer.Done;
    }

    /// <summary>Those of the issue, newest first.</summary>
    public async Task<IReadOnlyList<TestLetter>> LastAsync(int issue, int most, CancellationToken ct)
    {
        var letters = new List<TestLetter>();
        await using var select = source.CreateCommand(
            """
            SELECT email, state, reply_text, COALESCE(finished_at, created_at)
            FROM notice
            WHERE issue_id = @issue AND kind = 'test_letter'
            ORDER BY id DESC
            LIMIT @most
            """).With(new("issue", issue), new("most", most));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            letters.Add(new(rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2),
                rows.GetFieldValue<DateTimeOffset>(3)));
        return letters;
    }

    private static async Task<long> LatelyAsync(NpgsqlConnection connection, Actor actor, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand(
            """
            SELECT count(*)
            FROM notice
            WHERE kind = 'test_letter' AND requested_by = @who AND created_at > now() - interval '1 hour'
            """, connection).With(new NpgsqlParameter("who", actor.Name));
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }
}
