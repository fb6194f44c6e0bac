using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>One thing that a source has for us.</summary>
/// <param name="Source">Whence: <c>imap:…</c>, <c>pop3:…</c>, <c>smtp</c>, or a provider's name.</param>
/// <param name="Key">The source's own name for it, unique within it for ever.</param>
/// <param name="Format"><c>mail</c>, or the provider whose event it is.</param>
/// <param name="SentTo">The envelope's recipient; null: the source does not tell.</param>
/// <param name="Octets">Of all of it; <paramref name="Bytes"/> may hold the beginning only.</param>
public sealed record CollectedMail(string Source, string Key, string Format, string? SentTo, int Octets, ReadOnlyMemory<byte> Bytes);

/// <summary>The table that every source writes to and the reader reads from.</summary>
public sealed class IncomingMails(NpgsqlDataSource source, DatabaseClock time)
{
    /// <summary>
    /// Keeps what came, once: after this has returned the source may forget it. A crash in between repeats a harmless insert.
    /// </summary>
    /// <returns>False: it was there already.</returns>
    public async Task<bool> StoreAsync(CollectedMail mail, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO incoming_mail (source, key, format, received_at, sent_to, octets, bytes)
            VALUES (@source, @key, @format, @now, @to, @octets, @bytes)
            ON CONFLICT (source, key) DO NOTHING
            """, connection).With(
            new("source", mail.Source), new("key", mail.Key), new("format", mail.Format), new("now", time.GetUtcNow()),
            new("to", NpgsqlDbType.Text) { Value = (object?)mail.SentTo ?? DBNull.Value }, new("octets", mail.Octets),
            new("bytes", NpgsqlDbType.Bytea) { Value = mail.Bytes.ToArray() });
        var isNew = await insert.ExecuteNonQueryAsync(ct) == 1;
        if (isNew) await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return isNew;
    }
}
