using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>How asking a mailbox has gone.</summary>
/// <param name="Failures">In a row; 0: it works.</param>
/// <param name="Kind">Null: it works.</param>
public sealed record SourceState(
    DateTimeOffset AskedAt, DateTimeOffset NextAt, DateTimeOffset? WorkedAt, int Failures, DateTimeOffset? FailedSince, RelayFailure? Kind);

/// <summary>What all workers know of the mailboxes that are asked (table <c>mail_source</c>), by the database's clock.</summary>
public sealed class MailSources(NpgsqlDataSource source)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <returns>Null: it has never been asked.</returns>
    public async Task<SourceState?> ReadAsync(string name, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            "SELECT asked_at, next_at, worked_at, failures, failed_since, failure_kind FROM mail_source WHERE source = @source")
            .With(new NpgsqlParameter("source", name));
        await using var row = await select.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return null;
        return new(row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1), Time(2), row.GetInt32(3), Time(4),
            row.IsDBNull(5) ? null : Enum.TryParse<RelayFailure>(row.GetString(5), out var kind) ? kind : RelayFailure.Protocol);

        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }

    /// <summary>How long until it is to be asked; nothing or less: now.</summary>
    public async Task<TimeSpan> WaitAsync(string name, CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT next_at - now() FROM mail_source WHERE source = @source")
            .With(new NpgsqlParameter("source", name));
        return await select.ExecuteScalarAsync(ct) is TimeSpan left ? left : TimeSpan.Zero;
    }

    public Task WorkedAsync(string name, TimeSpan every, CancellationToken ct) => NoteAsync(name, every, null, ct);

    /// <summary>The wait doubles with each failure in a row, to an hour at most.</summary>
    public Task FailedAsync(string name, TimeSpan every, RelayFailure kind, CancellationToken ct) => NoteAsync(name, every, kind, ct);

    private async Task NoteAsync(string name, TimeSpan every, RelayFailure? kind, CancellationToken ct)
    {
        await using var note = source.CreateCommand(
            """
            INSERT INTO mail_source AS s (source, asked_at, next_at, worked_at, failures, failed_since, failure_kind)
            VALUES (@source, now(), now() + @every, CASE WHEN @kind = '' THEN now() END, CASE WHEN @kind = '' THEN 0 ELSE 1 END,
                    CASE WHEN @kind <> '' THEN now() END, NULLIF(@kind, ''))
            ON CONFLICT (source) DO UPDATE
            SET asked_at = now(),
                next_at = now() + CASE WHEN @kind = '' THEN @every
                                       ELSE GREATEST(@every, LEAST(@every * power(2, LEAST(s.failures, 20)), @longest)) END,
                worked_at = COALESCE(excluded.worked_at, s.worked_at),
                failures = CASE WHEN @kind = '' THEN 0 ELSE s.failures + 1 END,
                failed_since = CASE WHEN @kind <> '' THEN COALESCE(s.failed_since, now()) END,
                failure_kind = excluded.failure_kind
            """).With(new("source", name), new("every", every), new("kind", kind?.ToString() ?? ""), new("longest", LongestWait));
        await note.ExecuteNonQueryAsync(ct);
    }
}
