using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>
/// What came back, as it came: its bytes go, and the row stays, so that the same mail is never collected again. What waits to be read is kept.
/// </summary>
public sealed class ForgetReturns(NpgsqlDataSource source, RetentionLog log, DatabaseClock time) : IJob
{
    /// <summary>Of one that has been read.</summary>
    internal static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    /// <summary>Of one that was set aside, which somebody may want to look at.</summary>
    internal static readonly TimeSpan KeepAside = TimeSpan.FromDays(90);

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var forget = source.CreateCommand(
            """
            UPDATE incoming_mail
            SET bytes = NULL, sent_to = NULL
            WHERE id IN (
                SELECT id
                FROM incoming_mail
                WHERE bytes IS NOT NULL AND state <> 'waiting' AND received_at < CASE state WHEN 'read' THEN @read ELSE @aside END
                LIMIT @most)
            """).With(new("read", now - Keep), new("aside", now - KeepAside), new("most", ForgetLetters.AtOnce));
        var (gone, some) = (0, 0);
        do gone += some = await forget.ExecuteNonQueryAsync(ct);
        while (some > 0);
        await log.NoteAsync(nameof(ForgetReturns), gone, ct);
    }
}
