using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>
/// Takes lists of people in, as many as there are, in bounded memory: rows stream into a temporary table by COPY, one query
/// says what becomes of each, one INSERT does it. All or nothing in one transaction; a broken row is reported and stops no other.
/// </summary>
public sealed class SubscriberImport(NpgsqlDataSource source, LinkKeys keys, DatabaseClock time)
{
    /// <summary>Imports; with <paramref name="dryRun"/> everything is looked at and nothing is changed.</summary>
    /// <param name="report">Called for every row in the file's order, before the import is final; null to count only.</param>
    public async Task<ImportSummary> RunAsync(IAsyncEnumerable<ImportRow> rows, ImportOrder order, bool dryRun, Action<ImportedRow>? report,
        CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await CopyAsync(connection, rows, order, ct);
        await DecideAsync(connection, ct);
        var tally = await ReportAsync(connection, report, ct);
        if (dryRun) return tally;
        await TakeInAsync(connection, order, ct);
        await NoteAsync(connection, order, tally, ct);
        await transaction.CommitAsync(ct);
        return tally;
    }

    /// <summary>Adds one person, by the same rules.</summary>
    public async Task<ImportOutcome> AddAsync(ImportRow row, ImportOrder order, CancellationToken ct)
    {
        var tally = await RunAsync(new[] { row }.ToAsyncEnumerable(), order, dryRun: false, null, ct);
        return tally.Counts.Keys.Single();
    }

    private static async Task NoteAsync(NpgsqlConnection connection, ImportOrder order, ImportSummary tally, CancellationToken ct)
    {
        var (added, changed) = (tally[ImportOutcome.New], tally[ImportOutcome.Updated]);
        if (added + changed == 0) return;
        var what = order.EventKind == SubscriberEventKind.AddedByStaff ? "subscribers.add" : "subscribers.import";
        // The audit log outlives the people of a list: an address that stands in its name does not get there.
        await AuditLog.NoteAsync(connection, order.By, what, $"{Redaction.Clean(order.Source)}: +{added} ±{changed}", ct);
    }

    private async Task CopyAsync(NpgsqlConnection connection, IAsyncEnumerable<ImportRow> rows, ImportOrder order, CancellationToken ct)
    {
        await ExecuteAsync(connection,
            """
            CREATE TEMP TABLE import_row (
                line         integer NOT NULL,
                email        text,
                email_key    text,
                domain       text,
                address_hash bytea,
                name         text,
                municipality text,
                language     text,
                problem      text,
                raw          text,
                lists        text[]
            ) ON COMMIT DROP
            """, ct);
        await using var copy = await connection.BeginBinaryImportAsync("COPY import_row FROM STDIN (FORMAT BINARY)", ct);
        await foreach (var row in rows.WithCancellation(ct))
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(row.Line, NpgsqlDbType.Integer, ct);
            await WriteAsync(copy, row.Address?.Text, ct);
            await WriteAsync(copy, row.Address?.Key, ct);
            await WriteAsync(copy, row.Address?.Domain, ct);
            if (row.Address is null) await copy.WriteNullAsync(ct);
            else await copy.WriteAsync(keys.HashAddress(row.Address.Key), NpgsqlDbType.Bytea, ct);
            // A row that cannot be read is only reported.
            await WriteAsync(copy, row.Problem is null ? row.Name : null, ct);
            await WriteAsync(copy, row.Problem is null ? row.Municipality : null, ct);
            await WriteAsync(copy, row.Problem is null ? row.Language : null, ct);
            await WriteAsync(copy, row.Problem, ct);
            await WriteAsync(copy, row.Problem is null ? null : row.Raw, ct);
            if ((row.Lists ?? order.Lists) is { } lists) await copy.WriteAsync(lists.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
            else await copy.WriteNullAsync(ct);
        }

        await copy.CompleteAsync(ct);
    }

    private static Task DecideAsync(NpgsqlConnection connection, CancellationToken ct) => ExecuteAsync(connection,
        """
        ANALYZE import_row;

        -- A list that nobody knows, or by which nothing goes out any more.
        UPDATE import_row
        SET problem = 'Import.List'
        WHERE problem IS NULL AND EXISTS (
            SELECT FROM unnest(lists) AS named (key) WHERE key NOT IN (SELECT key FROM mailing_list WHERE closed_at IS NULL));

        CREATE TEMP TABLE import_fate ON COMMIT DROP AS
        SELECT r.*,
            CASE
                WHEN r.problem IS NOT NULL THEN 'Malformed'
                WHEN r.nth > 1 THEN 'Repeated'
                WHEN EXISTS (SELECT FROM suppression AS x WHERE x.address_hash = r.address_hash) OR s.status IN ('bounced', 'complained', 'erased') THEN 'Suppressed'
                WHEN s.status = 'unsubscribed' THEN 'Left'
                WHEN s.id IS NULL THEN 'New'
                WHEN s.status = 'active' AND NOT EXISTS (
                    SELECT FROM unnest(r.targets) AS target (id)
                    LEFT JOIN subscription AS p ON p.subscriber_id = s.id AND p.list_id = target.id
                    WHERE p.ended_at IS NULL) THEN 'Left'
                WHEN s.status = 'pending'
                    OR EXISTS (SELECT FROM unnest(r.targets) AS target (id)
                               WHERE NOT EXISTS (SELECT FROM subscription AS p WHERE p.subscriber_id = s.id AND p.list_id = target.id))
                    OR s.name IS DISTINCT FROM coalesce(r.name, s.name)
                    OR s.municipality IS DISTINCT FROM coalesce(r.municipality, s.municipality)
                    OR s.language IS DISTINCT FROM coalesce(r.language, s.language) THEN 'Updated'
                ELSE 'Unchanged'
            END AS fate
        FROM (SELECT *, row_number() OVER (PARTITION BY email_key ORDER BY line) AS nth,
                     CASE WHEN lists IS NULL THEN '{1}' ELSE ARRAY(SELECT id FROM mailing_list WHERE key = ANY(lists) ORDER BY id) END AS targets
              FROM import_row) r
        LEFT JOIN subscriber s ON s.email_key = r.email_key
        """, ct);

    private static async Task<ImportSummary> ReportAsync(NpgsqlConnection connection, Action<ImportedRow>? report, CancellationToken ct)
    {
        var counts = new Dictionary<ImportOutcome, int>();
        await using var select = new NpgsqlCommand("SELECT line, fate, email, problem, raw FROM import_fate ORDER BY line", connection);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var fate = Enum.Parse<ImportOutcome>(rows.GetString(1));
            counts[fate] = counts.GetValueOrDefault(fate) + 1;
            report?.Invoke(new(rows.GetInt32(0), fate, TextOrNull(rows, 2), TextOrNull(rows, 3), TextOrNull(rows, 4)));
        }

        return new(counts);
    }

    /// <summary>Who signs up or leaves while this runs keeps what they chose: DO NOTHING, and the status looked at again.</summary>
    private async Task TakeInAsync(NpgsqlConnection connection, ImportOrder order, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            WITH added AS (
                INSERT INTO subscriber (email, email_key, domain, name, municipality, language, status, legal_basis, created_at)
                SELECT email, email_key, domain, name, municipality, coalesce(language, 'sv'), 'active', @basis, @now
                FROM import_fate
                WHERE fate = 'New'
                ORDER BY line
                ON CONFLICT (email_key) DO NOTHING
                RETURNING id, email_key
            ), changed AS (
                UPDATE subscriber s
                SET name         = coalesce(f.name, s.name),
                    municipality = coalesce(f.municipality, s.municipality),
                    language     = coalesce(f.language, s.language),
                    legal_basis  = CASE s.status WHEN 'pending' THEN @basis ELSE s.legal_basis END,
                    status       = 'active'
                FROM import_fate f
                WHERE f.fate = 'Updated' AND s.email_key = f.email_key AND s.status IN ('active', 'pending')
                RETURNING s.id, s.email_key
            ), taken AS (
                SELECT p.id, p.kind, f.targets
                FROM (SELECT id, email_key, @kind AS kind FROM added UNION ALL SELECT id, email_key, 'changed' FROM changed) AS p
                JOIN import_fate AS f ON f.email_key = p.email_key AND f.fate IN ('New', 'Updated')
            ), on_lists AS (
                INSERT INTO subscription (subscriber_id, list_id, legal_basis, since)
                SELECT taken.id, target.id, @basis, @now
                FROM taken
                CROSS JOIN LATERAL unnest(taken.targets) AS target (id)
                -- A list that the person has left stays left.
                ON CONFLICT DO NOTHING
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT id, @now, kind, @detail || CASE WHEN targets = '{1}' THEN '{}' ELSE jsonb_build_object('lists', targets) END
            FROM taken
            """, connection)
        {
            Parameters =
            {
                new("basis", order.Basis),
                new("now", time.GetUtcNow()),
                new("kind", order.EventKind),
                new("detail", NpgsqlDbType.Jsonb) { Value = JsonSerializer.Serialize(
                    new { source = order.Source, legalBasis = order.Basis.ToString() }, JsonSerializerOptions.Web) },
            },
        };
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken ct) =>
        text is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(UnicodeText.WellFormed(text), NpgsqlDbType.Text, ct);

    private static string? TextOrNull(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
