using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>Reads a CSV file row by row, as spreadsheets write it: comma, semicolon or tab; UTF-8 or Windows-1252.</summary>
public static class ImportFile
{
    /// <summary>Longest name or municipality that is believed.</summary>
    private const int LongestField = 200;

    /// <param name="stream">Seekable: its encoding is found by reading it through once.</param>
    /// <exception cref="ImportFileException">The file as a whole cannot be read: it is empty or has no column of addresses.</exception>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var encoding = await ImportEncoding.DetectAsync(stream, ct);
        using var text = new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var separator = SeparatorOf(await FirstLineAsync(text, ct) ?? throw new ImportFileException("Import.Empty"));
        stream.Position = 0;
        text.DiscardBufferedData();

        CsvMalformedReason? malformed = null;
        using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = true,
            // A forgotten quote would swallow the people on the lines that follow.
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Recover,
            OnMalformedRecord = record => malformed = record.Reason,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            TrackLineNumbers = true,
        }, leaveOpen: true);
        await csv.ReadAsync(ct);
        var header = csv.Current.ToArray();
        var columns = ImportColumns.From(header) ?? throw new ImportFileException("Import.NoAddressColumn");
        while (await csv.ReadAsync(ct))
        {
            var raw = Encoding.UTF8.GetString(csv.RawRecord).TrimEnd('\r', '\n');
            yield return malformed is CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote
                ? new ImportRow((int)csv.LineNumber, null, null, null, null, "Import.OpenQuote", raw)
                : Check((int)csv.LineNumber, csv.Current.ToArray(), raw, columns, header.Length);
            malformed = null;
        }
    }

    private static ImportRow Check(int line, string[] fields, string raw, ImportColumns columns, int width)
    {
        var row = new ImportRow(line, null, columns.NameOf(fields), columns.Get(columns.Municipality, fields),
            columns.Get(columns.Language, fields)?.ToLowerInvariant(), null, raw);
        if (fields.Skip(width).Any(field => !string.IsNullOrWhiteSpace(field))) return row with { Problem = "Import.TooManyFields" };
        if (row.Name?.Length > LongestField || row.Municipality?.Length > LongestField) return row with { Problem = "Import.TooLong" };
        if (Unreadable(row.Name) || Unreadable(row.Municipality)) return row with { Problem = "Import.ControlCharacter" };
        if (row.Language is not (null or "sv" or "en")) return row with { Problem = "Import.Language" };
        return EmailAddress.TryParse(columns.Get(columns.Email, fields), out var address, out var problem)
            ? row with { Address = address }
            : row with { Problem = problem };
    }

    private static bool Unreadable(string? text) => text is not null && text.Any(c => c == '\uFFFD' || char.IsControl(c));

    private static async Task<string?> FirstLineAsync(StreamReader text, CancellationToken ct)
    {
        while (await text.ReadLineAsync(ct) is { } line)
            if (!string.IsNullOrWhiteSpace(line)) return line;
        return null;
    }

    private static char SeparatorOf(string header)
    {
        var outsideQuotes = new StringBuilder();
        var quoted = false;
        foreach (var c in header)
        {
            if (c == '"') quoted = !quoted;
            else if (!quoted) outsideQuotes.Append(c);
        }

        return new[] { ';', ',', '\t' }.MaxBy(separator => outsideQuotes.ToString().Count(c => c == separator));
    }
}

/// <summary>A file that cannot be read at all.</summary>
/// <param name="problem">A key of ImportWords.resx.</param>
public sealed class ImportFileException(string problem) : Exception(problem)
{
    public string Problem { get; } = problem;
}
