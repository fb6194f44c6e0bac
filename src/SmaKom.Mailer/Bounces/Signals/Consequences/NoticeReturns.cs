using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals.Consequences;

/// <summary>A single mail that its relay took and that came back was not delivered after all: it is refused, in the words that came back.</summary>
public sealed class NoticeReturns
{
    public async Task ApplyAsync(NpgsqlConnection connection, long notice, ReturnedRecipient said, CancellationToken ct)
    {
        if (said.Class is BounceClass.Complaint or BounceClass.NotABounce) return;
        await using var refuse = new NpgsqlCommand(
            """
            UPDATE notice
            SET state = 'refused', reply_code = @code, reply_enhanced = @status, reply_text = @words
            WHERE id = @id AND state IN ('accepted', 'unknown')
            """, connection).With(
            new("id", notice), new("code", NpgsqlDbType.Smallint) { Value = said.Code is { } code ? (short)code : DBNull.Value },
            new("status", NpgsqlDbType.Text) { Value = (object?)said.Status?.ToString() ?? DBNull.Value },
            new("words", UnicodeText.Shorten(Redaction.WithoutAddresses(UnicodeText.Line(said.Words)), 500)));
        await refuse.ExecuteNonQueryAsync(ct);
    }
}
