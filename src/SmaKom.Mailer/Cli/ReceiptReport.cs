using System.CommandLine;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

/// <summary>A receipt on a terminal: the same lines as on the staff page.</summary>
internal static class ReceiptReport
{
    public static Command CreateCommand(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var csv = new Option<FileInfo?>("--csv") { Description = terminal.Words["Option.Csv"] };
        var command = new Command("receipt", terminal.Words["Issues.Receipt"]) { slug, csv };
        command.SetAction((parsed, ct) =>
            IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal, (open, cancel) => TellAsync(open, parsed.GetValue(csv), cancel), ct));
        return command;
    }

    private static async Task<int> TellAsync(OpenIssue open, FileInfo? csv, CancellationToken ct)
    {
        var receipt = (await open.Get<Receipts>().ReadAsync(open.Issue.Id, ct))!;
        if (csv?.ToString() == Terminal.Pipe)
        {
            await using var output = Console.OpenStandardOutput();
            await open.Get<LettersFile>().WriteAsync(open.Issue.Id, DeliveryFilter.All, output, ct);
            return receipt.AddsUp ? ExitCode.Done : ExitCode.Refused;
        }

        Tell(receipt, open);
        if (csv is not null) await WriteAsync(open, csv, ct);
        open.Terminal.Data(Facts(receipt));
        return receipt.AddsUp ? ExitCode.Done : ExitCode.Refused;
    }

    /// <exception cref="CommandException">The file cannot be written.</exception>
    private static async Task WriteAsync(OpenIssue open, FileInfo csv, CancellationToken ct)
    {
        try
        {
            await using var file = csv.Create();
            var count = await open.Get<LettersFile>().WriteAsync(open.Issue.Id, DeliveryFilter.All, file, ct);
            open.Terminal.Say(open.Terminal.Words["Receipt.Written", open.Get<LocalText>().Number(count), csv.Name]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, open.Terminal.Words["Receipt.NotWritten", csv.FullName, e.Message]);
        }
    }

    public static void Tell(Receipt receipt, OpenIssue open)
    {
        var text = open.Get<LocalText>();
        open.Terminal.Table(
            [open.Staff["Receipt"], open.Staff["Receipt.Count"]],
            ReceiptLines.Of(receipt).Select(line => new[] { open.Staff[$"Receipt.{line.Key}"].Value, text.Number(line.Count) })
                .Append([open.Staff["Receipt.Sum"], text.Number(ReceiptLines.Of(receipt).Sum(line => line.Count))]));
        open.Terminal.Say(open.Staff[receipt.AddsUp ? "Receipt.AddsUp" : "Receipt.DoesNotAddUp", text.Number(receipt.Audience)]);
    }

    public static object Facts(Receipt r) => new { r.Audience, r.Accepted, r.Refused, r.Excluded, r.Unknown, r.Waiting, r.Deferred, r.Sending };

    /// <summary>The six numbers of the sample run's last line: they add up, or it fails.</summary>
    public static object Sum(Receipt r) => new { r.Audience, r.Accepted, r.Refused, r.Excluded, r.Unknown, r.Waiting };
}
