using System.CommandLine;
using System.Text;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

internal static class ImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = terminal.Words["Argument.File"] };
        var dryRun = new Option<bool>("--dry-run") { Description = terminal.Words["Option.DryRun"] };
        var broken = new Option<FileInfo?>("--broken") { Description = terminal.Words["Option.Broken"] };
        var basis = new BasisOptions(terminal);
        var import = new Command("import", terminal.Words["Subscribers.Import"])
        {
            file, dryRun, broken, basis.Member, basis.Consent, basis.Source, basis.Lists,
        };
        import.SetAction((parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            return RunAsync(path, parsed.GetValue(dryRun), parsed.GetValue(broken), basis.Read(parsed, NameOf(path)), terminal, ct);
        });
        return import;
    }

    private static async Task<int> RunAsync(FileInfo file, bool dryRun, FileInfo? broken, ImportOrder order, Terminal terminal, CancellationToken ct)
    {
        await using var stream = await OpenAsync(file, terminal, ct);
        await using var app = CommandHost.Open(terminal);
        var words = app.Services.GetRequiredService<IStringLocalizer<ImportWords>>();
        var report = new Report(terminal, words, everyRow: dryRun);
        ImportFile list;
        ImportSummary tally;
        try
        {
            list = await ImportFile.OpenAsync(stream, ct);
            await app.Services.PrepareLinkKeysAsync(ct);
            tally = await app.Services.GetRequiredService<SubscriberImport>()
                .RunAsync(list.ReadAsync(ct), order, dryRun, report.Add, ct);
        }
        catch (ImportFileException e)
        {
            return terminal.Fail(ExitCode.BadInput, terminal.Words["Import.FileBad", NameOf(file), words[e.Problem].Value]);
        }

        if (broken is not null && tally[ImportOutcome.Malformed] > 0) await WriteBrokenAsync(broken, list.Heading, report.Malformed, ct);
        terminal.Say(terminal.Words["Import.AddressColumn", list.AddressHeading]);
        Conclude(terminal, words, tally, dryRun, broken);
        terminal.Data(new
        {
            file = NameOf(file),
            addressColumn = list.AddressHeading,
            dryRun,
            rows = tally.Rows,
            fates = Enum.GetValues<ImportOutcome>().ToDictionary(fate => fate.ToString().ToLowerInvariant(), fate => tally[fate]),
            report = report.Told,
        });
        return tally[ImportOutcome.Malformed] > 0 ? ExitCode.Partly : ExitCode.Done;
    }

    private static void Conclude(Terminal terminal, IStringLocalizer words, ImportSummary tally, bool dryRun, FileInfo? broken)
    {
        var parts = Enum.GetValues<ImportOutcome>().Where(fate => tally[fate] > 0).Select(fate => words[$"Counted.{fate}", tally[fate]].Value);
        var malformed = tally[ImportOutcome.Malformed];
        terminal.Say(terminal.Words["Import.Sum", tally.Rows, string.Join(" · ", parts)]);
        if (dryRun) terminal.Say(terminal.Words["Import.DryRun"]);
        else if (malformed > 0) terminal.Say(terminal.Words["Import.SomeBroken", malformed]);
        if (broken is not null && malformed > 0) terminal.Say(terminal.Words["Import.BrokenWritten", malformed, broken.FullName]);
    }

    // With a mark, so that a spreadsheet reads åäö as what they are.
    private static Task WriteBrokenAsync(FileInfo broken, string heading, IReadOnlyList<string> rows, CancellationToken ct) =>
        File.WriteAllLinesAsync(broken.FullName, rows.Prepend(heading), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), ct);

    private static string NameOf(FileInfo file) => IsPipe(file) ? "stdin" : file.Name;

    private static bool IsPipe(FileInfo file) => file.ToString() == Terminal.Pipe;

    private static async Task<Stream> OpenAsync(FileInfo file, Terminal terminal, CancellationToken ct)
    {
        if (!IsPipe(file)) return Open(file, terminal);
        // Kept, since its first line is read twice.
        var all = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(all, ct);
        all.Position = 0;
        return all;
    }

    private static FileStream Open(FileInfo file, Terminal terminal)
    {
        if (!file.Exists) throw new CommandException(ExitCode.BadInput, terminal.Words["File.Missing", file.FullName]);
        try
        {
            return file.OpenRead();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, terminal.Words["File.Unreadable", file.FullName, e.Message]);
        }
    }

    /// <summary>Tells rows as they are decided: all of them in a dry run, otherwise those that were not taken in.</summary>
    private sealed class Report(Terminal terminal, IStringLocalizer words, bool everyRow)
    {
        public List<object> Told { get; } = [];
        public List<string> Malformed { get; } = [];

        public void Add(ImportedRow row)
        {
            if (row.Fate == ImportOutcome.Malformed) Malformed.Add(row.Raw ?? "");
            if (!everyRow && row.Fate is ImportOutcome.New or ImportOutcome.Updated or ImportOutcome.Unchanged) return;
            var reason = row.Problem is null ? null : words.Problem(row.Problem);
            var what = row.Email ?? UnicodeText.Line(row.Raw ?? "");
            terminal.Say(string.Join('\t', new[] { terminal.Words["Import.Line", row.Line].Value, words[$"Fate.{row.Fate}"].Value, what, reason }
                .OfType<string>()));
            if (terminal.Json) Told.Add(new { row.Line, fate = row.Fate, email = row.Email, reason });
        }
    }
}
