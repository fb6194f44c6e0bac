using System.CommandLine;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Cli;

/// <summary>The verbs that move an issue along.</summary>
internal static class IssueStateVerbs
{
    public static Command CreateQueue(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var at = new Option<string?>("--at") { Description = terminal.Words["Option.At"] };
        var now = new Option<bool>("--now") { Description = terminal.Words["Option.Now"] };
        var untested = new Option<bool>("--without-test-letter") { Description = terminal.Words["Option.WithoutTestLetter"] };
        var queue = new Command("queue", terminal.Words["Issues.Queue"]) { slug, at, now, untested };
        queue.SetAction((parsed, ct) =>
        {
            if (parsed.GetValue(at) is not null && parsed.GetValue(now)) throw new CommandException(ExitCode.BadInput, terminal.Words["AtOrNow"]);
            return IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal,
                (open, cancel) => QueueAsync(open, parsed.GetValue(at), parsed.GetValue(now), parsed.GetValue(untested), cancel), ct);
        });
        return queue;
    }

    public static Command CreateCancel(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var yes = new Option<bool>("--yes", "-y") { Description = terminal.Words["Option.Yes"] };
        var cancel = new Command("cancel", terminal.Words["Issues.Cancel"]) { slug, yes };
        cancel.SetAction((parsed, ct) =>
            IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal, (open, stop) => CancelAsync(open, parsed.GetValue(yes), stop), ct));
        return cancel;
    }

    public static Task<int> TakeBackAsync(OpenIssue open, CancellationToken ct) =>
        MoveAsync(open, (commands, id) => commands.TakeBackAsync(id, Actor.CommandLine, ct),
            _ => open.Terminal.Words["Issue.TakenBack", open.Issue.Slug], ct);

    public static Task<int> PauseAsync(OpenIssue open, CancellationToken ct) =>
        MoveAsync(open, (commands, id) => commands.PauseAsync(id, Actor.CommandLine, ct),
            receipt => open.Terminal.Words["Issue.Paused", open.Issue.Slug, receipt.Waiting], ct);

    public static Task<int> ResumeAsync(OpenIssue open, CancellationToken ct) =>
        MoveAsync(open, (commands, id) => commands.ResumeAsync(id, Actor.CommandLine, ct),
            receipt => open.Terminal.Words["Issue.Resumed", open.Issue.Slug, receipt.Waiting], ct);

    private static async Task<int> QueueAsync(OpenIssue open, string? wanted, bool now, bool untested, CancellationToken ct)
    {
        var audience = (await open.Get<AudienceCount>().OfIssueAsync(open.Issue.Id, ct)).Gets;
        var time = now ? null : ReadTime(open, wanted);
        var (answer, findings) = await open.Get<IssueCommands>().QueueAsync(open.Issue.Id, time?.At, Actor.CommandLine, untested, ct);
        if (answer == CommandAnswer.Blocked)
            return open.Terminal.Fail(ExitCode.Refused, open.Terminal.Words["Issue.Blocked", open.Issue.Slug,
                string.Join(' ', IssueCheckVerb.Sentences(open, findings.Where(finding => finding.Blocks)))]);
        foreach (var warning in IssueCheckVerb.Sentences(open, findings.Where(finding => !finding.Blocks))) open.Terminal.Say(warning);
        return await AnswerAsync(open, answer, _ => Sentence(open, time, audience), ct);
    }

    /// <exception cref="CommandException">No such time, or one that has passed.</exception>
    private static SendTime ReadTime(OpenIssue open, string? wanted)
    {
        if (wanted is null) return new(open.Get<MonthlySlot>().Next(open.Get<TimeProvider>().GetUtcNow()), false, null);
        var time = open.Get<SendTimeReader>().Read(wanted);
        return time.Problem is null ? time : throw new CommandException(ExitCode.BadInput, $"{time.Problem} {open.Staff["Queue.LostNothing"].Value}");
    }

    private static string Sentence(OpenIssue open, SendTime? time, int audience)
    {
        var say = open.Get<Phrases>();
        if (time is null) return open.Terminal.Words["Issue.QueuedNow", say.Recipients(audience)];
        return say.SendsAt(time.At!.Value, audience) + (time.HappensTwice ? " " + open.Staff["Sentence.Twice"] : "");
    }

    private static async Task<int> CancelAsync(OpenIssue open, bool yes, CancellationToken ct)
    {
        var receipt = (await open.Get<Receipts>().ReadAsync(open.Issue.Id, ct))!;
        if (!yes && open.Terminal.Asks && open.Issue.State is IssueState.Queued or IssueState.Sending or IssueState.Paused)
        {
            Console.Write($"{open.Terminal.Words["Issue.CancelAsk", receipt.Waiting, receipt.Accepted, open.Issue.Slug].Value} ");
            if (Console.ReadLine()?.Trim() != open.Issue.Slug) return open.Terminal.Fail(ExitCode.Refused, open.Terminal.Words["Issue.CancelKept"]);
        }

        return await MoveAsync(open, (commands, id) => commands.CancelAsync(id, Actor.CommandLine, ct),
            after => open.Terminal.Words["Issue.Cancelled", open.Issue.Slug, after.Accepted], ct);
    }

    private static async Task<int> MoveAsync(OpenIssue open, Func<IssueCommands, int, Task<CommandAnswer>> move, Func<Receipt, string> done,
        CancellationToken ct) =>
        await AnswerAsync(open, await move(open.Get<IssueCommands>(), open.Issue.Id), done, ct);

    private static async Task<int> AnswerAsync(OpenIssue open, CommandAnswer answer, Func<Receipt, string> done, CancellationToken ct)
    {
        if (answer == CommandAnswer.TimeHasPassed) return open.Terminal.Fail(ExitCode.BadInput, open.Staff["Answer.TimeHasPassed"]);
        if (answer == CommandAnswer.Halted) return open.Terminal.Fail(ExitCode.Refused, open.Terminal.Words["Issue.Halted", open.Issue.Slug]);
        if (answer != CommandAnswer.Done)
            return open.Terminal.Fail(ExitCode.Refused,
                open.Terminal.Words["Issue.WrongState", open.Issue.Slug,
                    open.Get<Phrases>().Is(open.Issue.State)]);
        var receipt = (await open.Get<Receipts>().ReadAsync(open.Issue.Id, ct))!;
        open.Terminal.Say(done(receipt));
        open.Terminal.Data(new { done = true, receipt = ReceiptReport.Facts(receipt) });
        return ExitCode.Done;
    }
}
