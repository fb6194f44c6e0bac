using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>
/// Single mails to people, as receipts of leaving, as old as <see cref="RetentionOptions.LetterDetails"/>. (Confirmations go with their sign-up,
/// test letters with their draft.)
/// </summary>
public sealed class ForgetMails(NpgsqlDataSource source, RetentionLog log, IOptions<RetentionOptions> options, DatabaseClock time) : IJob
{
    /// <summary>Which of them, in SQL.</summary>
    internal const string Ours = "kind NOT IN ('confirmation', 'test_letter') AND state NOT IN ('waiting', 'sending')";

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        await using var forget = source.CreateCommand(
            $"""
            DELETE FROM notice
            WHERE id IN (SELECT id FROM notice WHERE {Ours} AND created_at < @before LIMIT @most)
            """).With(new("before", time.GetUtcNow() - options.Value.LetterDetails), new("most", ForgetLetters.AtOnce));
        var (gone, some) = (0, 0);
        do gone += some = await forget.ExecuteNonQueryAsync(ct);
        while (some > 0);
        await log.NoteAsync(nameof(ForgetMails), gone, ct);
    }
}
