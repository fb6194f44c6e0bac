using System.CommandLine;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom issues unknown</c>: the list, and the decision.</summary>
internal static class UnknownCommand
{
    public static Command Create(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var again = new Option<bool>("--send-again") { Description = terminal.Words["Option.SendAgain"] };
        var leave = new Option<bool>("--leave") { Description = terminal.Words["Option.Leave"] };
        var ids = new Option<long[]>("--id") { Description = terminal.Words["Option.Id"], AllowMultipleArgumentsPerToken = true };
        var command = new Command("unknown", terminal.Words["Issues.Unknown"]) { slug, again, leave, ids };
        command.SetAction((parsed, ct) =>
        {
            if (parsed.GetValue(again) && parsed.GetValue(leave)) throw new CommandException(ExitCode.BadInput, terminal.Words["SendAgainOrLeave"]);
            var chosen = parsed.GetValue(ids) is { Length: > 0 } some ? some : null;
            return IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal, (open, cancel) =>
                parsed.GetValue(again)
                    ? DecideAsync(open, chosen, "Unknown.AgainDone",
                        (letters, issue) => letters.SendAgainAsync(issue, chosen, Actor.CommandLine, cancel), cancel)
                : parsed.GetValue(leave)
                    ? DecideAsync(open, chosen, "Unknown.LeaveDone",
                        (letters, issue) => letters.LeaveAsync(issue, chosen, Actor.CommandLine, cancel), cancel)
                : ListAsync(open, chosen, cancel), ct);
        });
        return command;
    }

    private static async Task<int> ListAsync(OpenIssue open, long[]? chosen, CancellationToken ct)
    {
        var words = open.Get<IStringLocalizer<ReceiptWords>>();
        var letters = (await open.Get<UnknownDeliveries>().ListAsync(open.Issue.Id, ct)).Where(letter => chosen is null || chosen.Contains(letter.Id))
            .ToList();
        if (letters.Count == 0) open.Terminal.Say(words["Unknown.None"]);
        else
        {
            var (say, text) = (open.Get<ReportPhrases>(), open.Get<LocalText>());
            open.Terminal.Table(
                ["id", words["Column.Address"], words["Unknown.Name"], words["Column.Reason"], words["Column.Time"]],
                letters.Select(l => new[] { $"{l.Id}", l.Email, l.Name ?? "–", say.Reason(l.Reason) ?? "", text.DateAndTime(l.Since) }));
        }

        open.Terminal.Data(new { unknown = letters.Select(l => new { l.Id, l.Email, l.Name, l.Reason, l.Since }) });
        return ExitCode.Done;
    }

    private static async Task<int> DecideAsync(OpenIssue open, long[]? chosen, string said, Func<UnknownDeliveries, int, Task<int>> decide,
        CancellationToken ct)
    {
        var words = open.Get<IStringLocalizer<ReceiptWords>>();
        await open.Services.PrepareLinkKeysAsync(ct);
        var count = await decide(open.Get<UnknownDeliveries>(), open.Issue.Id);
        if (count == 0) return open.Terminal.Fail(ExitCode.Refused, words["Unknown.NothingDone"]);
        open.Terminal.Say(words[said, open.Get<LocalText>().Number(count)]);
        open.Terminal.Data(new { done = count, receipt = ReceiptReport.Facts((await open.Get<Receipts>().ReadAsync(open.Issue.Id, ct))!) });
        return count < chosen?.Distinct().Count() ? ExitCode.Partly : ExitCode.Done;
    }
}
