using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">Of the file at which it begins; 1 is the first.</param>
/// <param name="Raw">As it stands in the file, decoded.</param>
/// <param name="OpenQuote">A quote opens and nothing closes it; the fields are guesses.</param>
internal sealed record CsvRecord(int Line, string[] Fields, string Raw, bool OpenQuote)
{
    public bool IsBlank => Fields.All(cell => UnicodeText.TrimBlank(cell) == "");
}

/// <summary>
/// Reads records as spreadsheets write them. A quoted field may go on over some lines; a quote that was forgotten costs its own line and
/// swallows nobody on those that follow.
/// </summary>
internal static class CsvRecords
{
    /// <summary>Lines of one cell that are believed.</summary>
    private const int MostLines = 20;

    public static async IAsyncEnumerable<CsvRecord> ReadAsync(TextReader text, char separator, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var lines = LinesAsync(text, separator, ct).GetAsyncEnumerator(ct);
        var ahead = new Queue<CsvRecord>();
        while (ahead.TryDequeue(out var line) || (await lines.MoveNextAsync() && (line = lines.Current) is not null))
        {
            if (line.OpenQuote)
            {
                while (ahead.Count < MostLines && await lines.MoveNextAsync()) ahead.Enqueue(lines.Current);
                if (Join(line, ahead, separator) is var (joined, taken))
                {
                    for (; taken > 0; taken--) ahead.Dequeue();
                    line = joined;
                }
            }

            yield return line;
        }
    }

    /// <summary>Each line by itself, blank ones among them.</summary>
    private static async IAsyncEnumerable<CsvRecord> LinesAsync(TextReader text, char separator, [EnumeratorCancellation] CancellationToken ct)
    {
        CsvMalformedReason? malformed = null;
        var options = Options(separator, allowLineBreaks: false, reason => malformed = reason);
        using var csv = CsvReader.Create(text, options, leaveOpen: true);
        while (await csv.ReadAsync(ct))
        {
            yield return new((int)csv.LineNumber, csv.Current.ToArray(), Encoding.UTF8.GetString(csv.RawRecord).TrimEnd('\r', '\n'),
                malformed is CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote);
            malformed = null;
        }
    }

    private static (CsvRecord Joined, int Taken)? Join(CsvRecord first, IEnumerable<CsvRecord> following, char separator)
    {
        var raw = new StringBuilder(first.Raw);
        foreach (var (line, i) in following.Select((line, i) => (line, i)))
        {
            raw.Append('\n').Append(line.Raw);
            if (!line.Raw.Contains('"', StringComparison.Ordinal) || Whole(raw.ToString(), separator) is not { } fields) continue;
            // What reads as somebody's row is no line of a cell.
            return fields.Any(field => HoldsRow(field, separator)) ? null : (new(first.Line, fields, raw.ToString(), false), i + 1);
        }

        return null;
    }

    /// <summary>Null: not one well-formed record.</summary>
    private static string[]? Whole(string raw, char separator)
    {
        var isWhole = true;
        using var csv = CsvReader.FromText(raw, Options(separator, allowLineBreaks: true, _ => isWhole = false));
        var fields = csv.Read() ? csv.Current.ToArray() : null;
        return isWhole && !csv.Read() ? fields : null;
    }

    private static bool HoldsRow(string field, char separator) =>
        field.Contains('\n', StringComparison.Ordinal)
        && field.Split('\n').Any(line => line.Contains(separator, StringComparison.Ordinal) && line.Contains('@', StringComparison.Ordinal));

    private static CsvReaderOptions Options(char separator, bool allowLineBreaks, Action<CsvMalformedReason> malformed) => new()
    {
        Separator = separator,
        HasHeader = false,
        SkipEmptyLines = false,
        AllowLineBreaksInQuotes = allowLineBreaks,
        MalformedData = CsvMalformedDataHandling.Recover,
        OnMalformedRecord = record => malformed(record.Reason),
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        TrackLineNumbers = true,
    };
}
