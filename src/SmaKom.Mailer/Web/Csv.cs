using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Web;

/// <summary>Lines of a CSV file (RFC 4180) with semicolons, which is what a Swedish spreadsheet expects.</summary>
public static partial class Csv
{
    /// <summary>Put first in a file, so that Excel reads UTF-8.</summary>
    public const char ByteOrderMark = '\uFEFF';

    /// <summary>One line with CRLF.</summary>
    public static string Line(params IEnumerable<string?> cells) => string.Join(';', cells.Select(cell => Quoted(Harmless(cell ?? "")))) + "\r\n";

    // A cell that begins like a formula is run by spreadsheets, and a server's words or a person's name may begin so. Where the comma is no
    // decimal sign the same file is cut at commas: what follows one, or a line break, can become the beginning of a cell.
    private static string Harmless(string cell) => FormulaSign().Replace(cell, "$1'");

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(";,\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"")}\"";

    // The signs in full width, too: a spreadsheet in Japanese takes them for the narrow ones.
    [GeneratedRegex(@"(\A|[,;\t\r\n])(?=[\s""]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|\A[\t\r\n])", RegexOptions.CultureInvariant)]
    private static partial Regex FormulaSign();
}
