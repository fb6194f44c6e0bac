using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues;

/// <summary>What came of saying that an issue was wrong.</summary>
public enum CorrectionAnswer
{
    Done,
    NoSuchIssue,
    /// <summary>Nobody has got it yet: a draft is put right by writing.</summary>
    NotSent,
    /// <summary>Blank, or more than <see cref="IssueCorrections.Longest"/> characters.</summary>
    NoSentence,
}

/// <summary>An issue that is out cannot be called back; that something in it was wrong is said above it, in the archive and in the feeds.</summary>
public sealed class IssueCorrections(NpgsqlDataSource source)
{
    /// <summary>UTF-16 code units: two or three sentences.</summary>
    public const int Longest = 500;

    /// <param name="sentence">To the reader: what was wrong, and what is right.</param>
    public async Task<CorrectionAnswer> CorrectAsync(int issue, string sentence, Actor actor, CancellationToken ct)
    {
        var line = UnicodeText.Line(sentence);
        if (line.Length is 0 or > Longest) return CorrectionAnswer.NoSentence;
        return await ChangeAsync(issue, line, "issue.correct", actor, ct);
    }

    /// <summary>It was not wrong after all.</summary>
    public Task<CorrectionAnswer> WithdrawAsync(int issue, Actor actor, CancellationToken ct) =>
        ChangeAsync(issue, null, "issue.correct-withdraw", actor, ct);

    private async Task<CorrectionAnswer> ChangeAsync(int issue, string? line, string what, Actor actor, CancellationToken ct)
    {
        var changed = await AuditLog.DoAsync(source,
            """
            UPDATE issue
            SET correction = @line, corrected_at = CASE WHEN @line IS NULL THEN NULL ELSE now() END, updated_at = now()
            WHERE id = @issue AND started_at IS NOT NULL AND correction IS DISTINCT FROM @line
            RETURNING slug
            """, "slug", actor, what,
            [new("issue", issue), new("line", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)line ?? DBNull.Value }], ct);
        return changed ? CorrectionAnswer.Done : await WhyNotAsync(issue, ct);
    }

    private async Task<CorrectionAnswer> WhyNotAsync(int issue, CancellationToken ct)
    {
        await using var find = source.CreateCommand("SELECT started_at IS NOT NULL FROM issue WHERE id = @issue AND deleted_at IS NULL")
            .With(new NpgsqlParameter("issue", issue));
        return await find.ExecuteScalarAsync(ct) switch
        {
            null => CorrectionAnswer.NoSuchIssue,
            // It says so already.
            true => CorrectionAnswer.Done,
            _ => CorrectionAnswer.NotSent,
        };
    }
}
