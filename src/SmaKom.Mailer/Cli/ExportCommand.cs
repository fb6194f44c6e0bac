using System.CommandLine;
using System.Text;
using SmaKom.Mailer.Subscribers.Import;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom subscribers export</c>: what <see cref="ImportCommand"/> reads.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = terminal.Words["Argument.Out"] };
        var export = new Command("export", terminal.Words["Subscribers.Export"]) { file };
        export.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(file), terminal, ct));
        return export;
    }

    private static async Task<int> RunAsync(FileInfo file, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        // With a mark, so that a spreadsheet reads åäö as what they are.
        await using var stream = file.ToString() == Terminal.Pipe ? Console.OpenStandardOutput() : file.Create();
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await foreach (var line in app.Services.GetRequiredService<SubscriberExport>().ReadAsync(ct)) await writer.WriteAsync(line.AsMemory(), ct);
        return ExitCode.Done;
    }
}
