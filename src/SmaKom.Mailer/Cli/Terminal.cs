using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Localization;
using Spectre.Console;

namespace SmaKom.Mailer.Cli;

/// <summary>Where a command answers: words or tables for people, or one JSON document with <c>--json</c>. Problems go to standard error.</summary>
public sealed class Terminal(bool json)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>As a file's name: standard input, or standard output.</summary>
    public const string Pipe = "-";

    public IStringLocalizer Words { get; } = CliWords.Load();
    public bool Json { get; } = json;

    /// <summary>Someone sits there and can be asked.</summary>
    public bool Asks => !Json && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>A sentence for people; nothing with --json.</summary>
    public void Say(string text)
    {
        if (!Json) Console.Out.WriteLine(text);
    }

    /// <summary>A line that people want to see also when standard output is JSON.</summary>
    public void Note(string text) => (Json ? Console.Error : Console.Out).WriteLine(text);

    /// <summary>The answer as one line of JSON; nothing without --json.</summary>
    public void Data(object answer)
    {
        if (Json) Console.Out.WriteLine(JsonSerializer.Serialize(answer, Format));
    }

    /// <summary>What went wrong, on standard error.</summary>
    public int Fail(int exitCode, string text)
    {
        Console.Error.WriteLine(Json ? JsonSerializer.Serialize(new { error = text, exitCode }, Format) : text);
        return exitCode;
    }

    /// <summary>A table on a terminal; lines with tabs between the cells when the output goes elsewhere.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (Json) return;
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(string.Join('\t', headings));
            foreach (var row in rows) Console.Out.WriteLine(string.Join('\t', row));
            return;
        }

        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings) table.AddColumn(new TableColumn(Markup.Escape(heading)));
        foreach (var row in rows) table.AddRow(row.Select(Markup.Escape).ToArray());
        AnsiConsole.Write(table);
    }
}
