using System.Runtime.CompilerServices;
using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Reports;

/// <summary>What came of one person's letter.</summary>
/// <param name="Reason">As <see cref="Delivery.Reason"/>.</param>
/// <param name="Code">Basic reply code, a space and the enhanced one, as far as the server gave them.</param>
/// <param name="At">When it was settled or last tried; null = not tried.</param>
public sealed record ReceiptRow(string Email, DeliveryState State, string? Reason, int Attempts, string? Code, string? Words, DateTimeOffset? At);

/// <summary>The rows behind a receipt, one a person, in one statement: what is read adds up, however the sending goes on.</summary>
public sealed class ReceiptRows(NpgsqlDataSource source)
{
    public async IAsyncEnumerable<ReceiptRow> ReadAsync(int issueId, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT email, state, reason, attempts, NULLIF(concat_ws(' ', reply_code, reply_enhanced), ''), reply_text, COALESCE(finished_at, last_attempt_at)
            FROM delivery
            WHERE issue_id = @issue
            ORDER BY id
            """).With(new NpgsqlParameter("issue", issueId));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            yield return new(rows.GetString(0), rows.GetFieldValue<DeliveryState>(1), Text(2), rows.GetInt16(3), Text(4), Text(5), rows.IsDBNull(6) ? null : rows.GetFieldValue<DateTimeOffset>(6));

        string? Text(int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
    }
}
