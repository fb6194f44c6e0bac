using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom deliveries list|retry</c>: the administrators' list of letters, and only these again.</summary>
internal static class DeliveryVerbs
{
    public static Command Create(Terminal terminal) =>
        new("deliveries", terminal.Words["Deliveries"]) { CreateList(terminal), CreateRetry(terminal) };

    private static Command CreateList(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var which = new DeliveryOptions(terminal);
        var limit = new Option<int>("--limit") { Description = terminal.Words["Option.Limit"], DefaultValueFactory = _ => 50 };
        var after = new Option<long>("--after") { Description = terminal.Words["Option.After"] };
        var list = new Command("list", terminal.Words["Deliveries.List"]) { slug, limit, after };
        which.AddTo(list);
        list.SetAction((parsed, ct) => IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal,
            async (open, cancel) =>
                await ListAsync(open, await which.ReadAsync(parsed, open, cancel), parsed.GetValue(after), parsed.GetValue(limit), cancel), ct));
        return list;
    }

    private static async Task<int> ListAsync(OpenIssue open, DeliveryFilter filter, long after, int limit, CancellationToken ct)
    {
        var (words, say, text) = (open.Get<IStringLocalizer<ReportWords>>(), open.Get<ReportPhrases>(), open.Get<LocalText>());
        var letters = await open.Get<LetterList>().PageAsync(open.Issue.Id, filter, after, limit > 0 ? limit : int.MaxValue, ct);
        if (letters.Count == 0) open.Terminal.Say(open.Terminal.Words["Deliveries.None"]);
        else
        {
            open.Terminal.Table(
                ["id", words["Column.Address"], words["Column.State"], words["Column.Cause"], words["Column.Attempts"], words["Column.Code"],
                    words["Column.Words"], words["Column.Time"]],
                letters.Select(l => new[]
                {
                    $"{l.Id}", l.Email, say.State(l.State), say.Why(l) ?? "", $"{l.Attempts}", l.Code, OneLine(l.ReplyText),
                    l.At is { } at ? text.Short(at) : "–",
                }));
        }

        open.Terminal.Data(new
        {
            letters = letters.Select(l =>
                new
                {
                    l.Id,
                    l.SubscriberId,
                    l.Email,
                    l.Name,
                    l.Domain,
                    l.State,
                    l.Reason,
                    l.Attempts,
                    l.ReplyCode,
                    l.ReplyEnhanced,
                    l.ReplyText,
                    l.LastAttemptAt,
                    l.NextAttemptAt,
                    l.FinishedAt
                }),
            after = letters.Count == limit ? letters[^1].SubscriberId : (long?)null,
        });
        return ExitCode.Done;
    }

    private static Command CreateRetry(Terminal terminal)
    {
        var slug = IssueVerbs.SlugArgument(terminal);
        var which = new DeliveryOptions(terminal);
        var all = new Option<bool>("--all") { Description = terminal.Words["Option.RetryAll"] };
        var yes = new Option<bool>("--yes", "-y") { Description = terminal.Words["Option.Yes"] };
        var retry = new Command("retry", terminal.Words["Deliveries.Retry"]) { slug, all, yes };
        which.AddTo(retry);
        retry.SetAction((parsed, ct) => IssueVerbs.WithIssueAsync(parsed.GetRequiredValue(slug), terminal, async (open, cancel) =>
        {
            var filter = await which.ReadAsync(parsed, open, cancel);
            if (filter == new DeliveryFilter() && !parsed.GetValue(all))
                throw new CommandException(ExitCode.BadInput, terminal.Words["Deliveries.SayWhich"]);
            return await RetryAsync(open, filter, parsed.GetValue(yes), cancel);
        }, ct));
        return retry;
    }

    /// <summary>Says how many first, as the page does; without <paramref name="yes"/> and somebody to ask, that is all.</summary>
    private static async Task<int> RetryAsync(OpenIssue open, DeliveryFilter filter, bool yes, CancellationToken ct)
    {
        var (terminal, text, retries) = (open.Terminal, open.Get<LocalText>(), open.Get<Retries>());
        await open.Services.PrepareLinkKeysAsync(ct);
        var look = await retries.LookAsync(open.Issue.Id, filter, ct);
        if (look.Again == 0) return Nothing(open, look);
        terminal.Say(terminal.Words["Deliveries.Look", text.Number(look.Again), text.Number(look.Refused), text.Number(look.Unknown),
            text.Number(look.Deferred), text.Number(look.Matching - look.Again)]);
        if (!yes && !Confirmed(open))
        {
            terminal.Data(new { done = 0, look });
            terminal.Say(terminal.Words["Deliveries.NeedsYes"]);
            return ExitCode.Refused;
        }

        var count = await retries.SendAgainAsync(open.Issue.Id, filter, DecisionKind.Retry, Actor.CommandLine, ct);
        if (count == 0) return Nothing(open, await retries.LookAsync(open.Issue.Id, filter, ct));
        terminal.Say(terminal.Words["Deliveries.Done", text.Number(count)]);
        terminal.Data(new { done = count, look, receipt = ReceiptReport.Facts((await open.Get<Receipts>().ReadAsync(open.Issue.Id, ct))!) });
        return ExitCode.Done;
    }

    /// <summary>Why not, in numbers: a letter that waits has neither arrived nor been left.</summary>
    private static int Nothing(OpenIssue open, RetryOutlook look)
    {
        var text = open.Get<LocalText>();
        return open.Terminal.Fail(ExitCode.Refused,
            open.Terminal.Words["Deliveries.Nothing", text.Number(look.Waiting), text.Number(look.NotFor), text.Number(look.Gone),
                text.Number(look.Busy)]);
    }

    private static bool Confirmed(OpenIssue open)
    {
        if (!open.Terminal.Asks) return false;
        Console.Write($"{open.Terminal.Words["Deliveries.Ask", open.Issue.Slug].Value} ");
        return Console.ReadLine()?.Trim() == open.Issue.Slug;
    }

    private static string OneLine(string? text) => text?.ReplaceLineEndings(" ") ?? "";
}

/// <summary>Which letters: the same options for listing and for sending again.</summary>
internal sealed class DeliveryOptions(Terminal terminal)
{
    private readonly Option<string?> state = new("--state") { Description = terminal.Words["Option.State"] };
    private readonly Option<string?> domain = new("--domain") { Description = terminal.Words["Option.Domain"] };
    private readonly Option<string?> reason = new("--reason") { Description = terminal.Words["Option.Reason"] };
    private readonly Option<string?> code = new("--code") { Description = terminal.Words["Option.Code"] };
    private readonly Option<string?> address = new("--address") { Description = terminal.Words["Option.Address"] };
    private readonly Option<long[]> ids = new("--id") { Description = terminal.Words["Option.LetterId"], AllowMultipleArgumentsPerToken = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { state, domain, reason, code, address, ids }) command.Add(option);
    }

    /// <exception cref="CommandException">No such state, or nobody has this address.</exception>
    public async Task<DeliveryFilter> ReadAsync(ParseResult parsed, OpenIssue open, CancellationToken ct) => new()
    {
        State = parsed.GetValue(state) is { } name ? ReadState(name) : null,
        Domain = parsed.GetValue(domain)?.ToLower(CultureInfo.InvariantCulture),
        Reason = parsed.GetValue(reason),
        Code = parsed.GetValue(code),
        SubscriberId = parsed.GetValue(address) is { } text ? await FindAsync(text, open, ct) : null,
        Ids = parsed.GetValue(ids) is { Length: > 0 } some ? some : null,
    };

    private DeliveryState ReadState(string name) =>
        EnumWord.Find<DeliveryState>(name) ?? throw new CommandException(ExitCode.BadInput, terminal.Words["Deliveries.BadState", name]);

    private async Task<long> FindAsync(string text, OpenIssue open, CancellationToken ct)
    {
        var key = SubscriberVerbs.ParseAddress(text, open.Services, terminal).Key;
        return await open.Get<MailerDb>().Subscribers.Where(s => s.EmailKey == key).Select(s => (long?)s.Id).SingleOrDefaultAsync(ct)
            ?? throw new CommandException(ExitCode.BadInput, terminal.Words["Deliveries.NobodyWith", text]);
    }
}
