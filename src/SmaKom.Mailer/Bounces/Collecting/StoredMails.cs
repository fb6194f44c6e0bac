using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>A mail that came back, as people look for it.</summary>
/// <param name="State"><c>waiting</c>, <c>read</c>, <c>unclear</c> or <c>poison</c>.</param>
/// <param name="Kind">What it was; null: not known.</param>
/// <param name="Problem">Why it is unclear or poison; names nobody.</param>
/// <param name="IsForgotten">Its bytes are over their time: it can be neither shown nor read again.</param>
public sealed record StoredMail(
    long Id, DateTimeOffset ReceivedAt, string Source, string Format, string State, int Tries, string? Kind, string? Problem, int Octets,
    bool IsForgotten);

/// <summary>What became of a wish to have a mail read again.</summary>
public enum ReplayAnswer
{
    Done,

    /// <summary>There is none of this number.</summary>
    Unknown,

    /// <summary>It waits to be read already.</summary>
    Waiting,

    /// <summary>Its bytes are over their time.</summary>
    Forgotten,
}

/// <summary>Looks at what has been collected, and has mails read again.</summary>
public sealed class StoredMails(NpgsqlDataSource source)
{
    /// <summary>In the audit log; its target is the mail's number.</summary>
    public const string Replayed = "bounce.replay";

    /// <summary>Set aside: somebody may want to look.</summary>
    public static readonly IReadOnlyList<string> Aside = ["unclear", "poison"];

    public static readonly IReadOnlyList<string> States = ["waiting", "read", .. Aside];

    private const int LongestHead = 64 << 10;
    private const string Columns = "id, received_at, source, format, state, tries, kind, problem, octets, bytes IS NULL";

    /// <summary>Newest first.</summary>
    /// <param name="before">Older than this one; null: from the newest on.</param>
    public async Task<IReadOnlyList<StoredMail>> ListAsync(IEnumerable<string> states, long? before, int most, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT {Columns}
            FROM incoming_mail
            WHERE state = ANY(@states) AND id < @before
            ORDER BY id DESC
            LIMIT @most
            """).With(new("states", states.ToArray()), new("before", before ?? long.MaxValue), new("most", most));
        var mails = new List<StoredMail>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) mails.Add(Row(rows));
        return mails;
    }

    /// <summary>Those that failed, as long as they can be read again.</summary>
    public async Task<long> CountUnreadableAsync(CancellationToken ct)
    {
        await using var count = source.CreateCommand("SELECT count(*) FROM incoming_mail WHERE state = 'poison' AND bytes IS NOT NULL");
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }

    /// <returns>Null: there is none of this number.</returns>
    public async Task<StoredMail?> FindAsync(long id, CancellationToken ct)
    {
        await using var select = source.CreateCommand($"SELECT {Columns} FROM incoming_mail WHERE id = @id").With(new NpgsqlParameter("id", id));
        await using var rows = await select.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? Row(rows) : null;
    }

    /// <summary>A mail's header, an event's JSON: as text that is to be shown as nothing else. Null: forgotten, or there is none.</summary>
    public async Task<string?> HeadAsync(long id, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            "SELECT format, substring(bytes FROM 1 FOR @most) FROM incoming_mail WHERE id = @id AND bytes IS NOT NULL").With(
            new("id", id), new("most", LongestHead));
        await using var rows = await select.ExecuteReaderAsync(ct);
        if (!await rows.ReadAsync(ct)) return null;
        var text = Encoding.UTF8.GetString(rows.GetFieldValue<byte[]>(1)).ReplaceLineEndings("\n");
        if (rows.GetString(0) == "mail" && text.IndexOf("\n\n", StringComparison.Ordinal) is >= 0 and var end) text = text[..end];
        // What steers a terminal, or cannot be seen.
        return string.Concat(text.Where(c => c is '\n' or '\t' || !(char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)));
    }

    /// <summary>Sets a mail back to waiting, as if it had just come.</summary>
    public async Task<ReplayAnswer> ReplayAsync(long id, Actor actor, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var change = new NpgsqlCommand(
            $"""
            WITH done AS (
                UPDATE incoming_mail
                SET state = 'waiting', tries = 0, problem = NULL, read_at = NULL
                WHERE id = @id AND state <> 'waiting' AND bytes IS NOT NULL
                RETURNING id),
            {AuditLog.Noted("done", "id::text")}
            SELECT count(*), (SELECT state = 'waiting' FROM incoming_mail WHERE id = @id) FROM done
            """, connection).With(AuditLog.Parameters(actor, Replayed)).With(new NpgsqlParameter("id", NpgsqlDbType.Bigint) { Value = id });
        await using (var row = await change.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            if (row.GetInt64(0) == 0)
                return row.IsDBNull(1) ? ReplayAnswer.Unknown : row.GetBoolean(1) ? ReplayAnswer.Waiting : ReplayAnswer.Forgotten;
        }

        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return ReplayAnswer.Done;
    }

    private static StoredMail Row(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2),
        row.GetString(3), row.GetString(4), row.GetInt16(5), row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7),
        row.GetInt32(8), row.GetBoolean(9));
}
