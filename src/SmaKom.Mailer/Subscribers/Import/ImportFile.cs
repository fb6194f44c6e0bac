using System.Runtime.CompilerServices;
using System.Text;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>
/// Reads a CSV file row by row, as spreadsheets and address books write it: comma, semicolon or tab; UTF-8 or Windows-1252; headings below a
/// title. Blank rows are none.
/// </summary>
public sealed class ImportFile
{
    /// <summary>Longest name or municipality that is believed.</summary>
    private const int LongestField = 200;

    /// <summary>Rows that are looked at to find out which column is which.</summary>
    private const int LookedAt = 200;

    private static readonly char[] Separators = [';', ',', '\t'];

    private readonly Stream stream;
    private readonly Encoding encoding;
    private readonly char separator;
    private readonly CsvRecord heading;
    private readonly ImportColumns columns;

    private ImportFile(Stream stream, Encoding encoding, char separator, CsvRecord heading, ImportColumns columns) =>
        (this.stream, this.encoding, this.separator, this.heading, this.columns) = (stream, encoding, separator, heading, columns);

    /// <summary>The row of headings as it stands in the file.</summary>
    public string Heading => heading.Raw;

    /// <summary>The heading of the column that addresses are read from.</summary>
    public string AddressHeading => heading.Fields[columns.Email].Trim();

    /// <param name="stream">Seekable, and open for as long as rows are read: what it holds is found out by reading it first.</param>
    /// <exception cref="ImportFileException">The file as a whole cannot be read: it is empty or has no column of addresses.</exception>
    public static async Task<ImportFile> OpenAsync(Stream stream, CancellationToken ct)
    {
        var encoding = await ImportEncoding.DetectAsync(stream, ct);
        using var text = TextOf(stream, encoding);
        var separator = SeparatorOf(await FirstLinesAsync(text, ct));
        var rows = await RecordsAsync(stream, encoding, separator, ct).Take(LookedAt).ToListAsync(ct);
        if (rows.Count == 0) throw new ImportFileException("Import.Empty");
        var (at, columns) = ImportColumns.Find([.. rows.Select(row => row.Fields)]) ?? throw new ImportFileException("Import.NoAddressColumn");
        return new(stream, encoding, separator, rows[at], columns);
    }

    /// <summary>All rows below the headings, in the file's order.</summary>
    public async IAsyncEnumerable<ImportRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var record in RecordsAsync(stream, encoding, separator, ct))
        {
            if (record.Line <= heading.Line) continue;
            yield return record.OpenQuote ? new(record.Line, null, null, null, null, "Import.OpenQuote", record.Raw) : Check(record);
        }
    }

    private ImportRow Check(CsvRecord record)
    {
        var fields = record.Fields;
        var (written, beside) = WrittenAddress.Read(columns.EmailOf(fields));
        var language = columns.Get(columns.Language, fields);
        var municipality = Municipalities.NameOf(UnicodeText.OptionalLine(columns.Get(columns.Municipality, fields)));
        var row = new ImportRow(
            record.Line, null, UnicodeText.OptionalLine(columns.NameOf(fields) ?? beside), municipality,
            language is null ? null : WrittenLanguage.Read(language), null, record.Raw)
        {
            Lists = columns.Get(columns.Lists, fields)?.Split([' ', ',', ';', '|'], StringSplitOptions.RemoveEmptyEntries),
        };
        if (fields.Skip(heading.Fields.Length).Any(field => !string.IsNullOrWhiteSpace(field))) return row with { Problem = "Import.TooManyFields" };
        if (row.Name?.Length > LongestField || row.Municipality?.Length > LongestField) return row with { Problem = "Import.TooLong" };
        if (IsUnreadable(row.Name) || IsUnreadable(row.Municipality)) return row with { Problem = "Import.Unreadable" };
        if (language is not null && row.Language is null) return row with { Problem = "Import.Language" };
        if (WrittenAddress.AreSeveralIn(written)) return row with { Problem = "Import.SeveralAddresses" };
        return EmailAddress.TryParse(written, out var address, out var problem) ? row with { Address = address } : row with { Problem = problem };
    }

    private static bool IsUnreadable(string? text) => text?.Contains('\uFFFD', StringComparison.Ordinal) == true;

    private static async IAsyncEnumerable<CsvRecord> RecordsAsync(Stream stream, Encoding encoding, char separator,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var text = TextOf(stream, encoding);
        await foreach (var record in CsvRecords.ReadAsync(text, separator, ct))
            if (!record.IsBlank) yield return record;
    }

    private static StreamReader TextOf(Stream stream, Encoding encoding)
    {
        stream.Position = 0;
        return new(stream, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
    }

    private static async Task<List<string>> FirstLinesAsync(StreamReader text, CancellationToken ct)
    {
        var lines = new List<string>();
        while (lines.Count < LookedAt && await text.ReadLineAsync(ct) is { } line)
            if (!string.IsNullOrWhiteSpace(line)) lines.Add(line);
        return lines;
    }

    /// <summary>The one that makes a heading of addresses a cell of its own; where there is none, the most frequent.</summary>
    private static char SeparatorOf(IReadOnlyList<string> lines)
    {
        var heading = lines.Select(line => Separators.Where(separator => ImportColumns.IsHeading(Cells(line, separator)))
            .OrderByDescending(separator => Cells(line, separator).Count).Cast<char?>().FirstOrDefault()).FirstOrDefault(found => found is not null);
        return heading ?? Separators.MaxBy(separator => lines.Sum(line => Cells(line, separator).Count));
    }

    private static List<string> Cells(string line, char separator)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '"') quoted = !quoted;
            if (c != separator || quoted)
            {
                cell.Append(c);
                continue;
            }

            cells.Add(cell.ToString());
            cell.Clear();
        }

        return [.. cells, cell.ToString()];
    }
}

/// <summary>A file that cannot be read at all.</summary>
/// <param name="problem">A key of ImportWords.resx.</param>
public sealed class ImportFileException(string problem) : Exception(problem)
{
    public string Problem { get; } = problem;
}
