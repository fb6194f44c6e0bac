using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Signals;

/// <summary>What relays refused while they were being sent to: a signal like a report that comes later.</summary>
public sealed class RefusalReader(NpgsqlDataSource source, SignalRecorder recorder)
{
    /// <summary>
    /// One, in a transaction of its own: several would lock several people, in an order that whoever changes some of them does not know.
    /// </summary>
    /// <returns>False: none waits.</returns>
    public async Task<bool> ReadOneAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (isThere, refusal) = await TakeAsync(connection, ct);
        if (refusal is not null) await recorder.RecordAsync(connection, refusal, ct);
        await transaction.CommitAsync(ct);
        return isThere;
    }

    private static async Task<(bool IsThere, Signal? Refusal)> TakeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand(
            """
            WITH taken AS (
                DELETE FROM refusal_to_read
                WHERE attempt_id = (SELECT attempt_id FROM refusal_to_read ORDER BY attempt_id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING attempt_id
            )
            SELECT a.id, a.at, d.subscriber_id, d.issue_id, a.reply_code, a.reply_enhanced, COALESCE(a.reply_text, ''), d.reason, a.stage
            FROM taken
            LEFT JOIN delivery_attempt AS a ON a.id = taken.attempt_id
            LEFT JOIN delivery AS d ON d.id = a.delivery_id
            """, connection);
        await using var row = await take.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return (false, null);
        // Forgotten meanwhile, with its letter.
        if (row.IsDBNull(2)) return (true, null);
        return (true, new(row.GetInt64(2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(1), Judge(row)) { AttemptId = row.GetInt64(0) });
    }

    private static ReturnedRecipient Judge(NpgsqlDataReader row)
    {
        var code = row.IsDBNull(4) ? (int?)null : row.GetInt16(4);
        EnhancedCode? status = row.IsDBNull(5) ? null : Status(row.GetString(5));
        var said = JudgeWords(status, code, row.GetString(6));
        // A letter that could not be written never reached a server: its name may be to blame as well as its address.
        if (!row.IsDBNull(8) && row.GetString(8) == "letter") return said with { Class = BounceClass.NotABounce };
        // Given up after days of trying: nothing was refused for good. Held for our sake: nobody's address is to blame.
        return (row.IsDBNull(7) ? null : row.GetString(7)) switch
        {
            "gave_up" when said.Class == BounceClass.Hard => said with { Class = BounceClass.Soft },
            "ours" => said with { Class = BounceClass.Ours },
            _ => said,
        };
    }

    // Words that cannot be judged in time say nothing; the next ones wait behind them.
    private static ReturnedRecipient JudgeWords(EnhancedCode? status, int? code, string words)
    {
        try
        {
            return ReturnReader.Judge(null, status, code, words);
        }
        catch (RegexMatchTimeoutException)
        {
            return new(null, BounceClass.NotABounce, status, code, words, false, "too_slow");
        }
    }

    // As the program wrote it.
    private static EnhancedCode Status(string text)
    {
        var parts = text.Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new(parts[0], parts[1], parts[2]);
    }
}
