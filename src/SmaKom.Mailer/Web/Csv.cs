namespace SmaKom.Mailer.Web;

/// <summary>Lines of a CSV file (RFC 4180) with semicolons, which is what a Swedish spreadsheet expects.</summary>
public static class Csv
{
    /// <summary>Put first in a file, so that Excel reads UTF-8.</summary>
    public const char ByteOrderMark = '\uFEFF';

    /// <summary>One line with CRLF.</summary>
    public static string Line(params IEnumerable<string?> cells) => string.Join(';', cells.Select(cell => Quoted(Harmless(cell ?? "")))) + "\r\n";

    // A cell that begins like a formula is run by spreadsheets, and a server's words or a person's name may begin so.
    private static string Harmless(string cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + cell : cell;

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(";\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"")}\"";
}
