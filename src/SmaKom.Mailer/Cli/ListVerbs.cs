using System.CommandLine;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Subscribers.Lists.Pages;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom lists …</c>, and <c>smakom issues lists</c>: which of them an issue goes to.</summary>
internal static class ListVerbs
{
    public static Command Create(Terminal terminal) => new("lists", terminal.Words["Lists"])
    {
        CreateList(terminal), CreateAdd(terminal),
        CreateForOne("close", "Lists.Close", terminal, async (list, services, ct) =>
            await services.GetRequiredService<ListCommands>().CloseAsync(list.Id, Actor.CommandLine, ct) == ListAnswer.Done
                ? Tell(terminal, "Lists.Closed", list)
                : terminal.Fail(ExitCode.Refused, terminal.Words["Lists.NotClosed", list.Key])),
        CreateForOne("reopen", "Lists.Reopen", terminal, async (list, services, ct) =>
        {
            await services.GetRequiredService<ListCommands>().ReopenAsync(list.Id, Actor.CommandLine, ct);
            return Tell(terminal, "Lists.Reopened", list);
        }),
    };

    public static Command CreateOfIssue(Terminal terminal)
    {
        var (slug, keys) = (IssueVerbs.SlugArgument(terminal),
            new Argument<string[]>("list") { Description = terminal.Words["Argument.Lists"], Arity = ArgumentArity.ZeroOrMore });
        var lists = new Command("lists", terminal.Words["Lists.Of"]) { slug, keys };
        lists.SetAction((parsed, ct) => IssueVerbs.WithIssueAsync(
            parsed.GetRequiredValue(slug), terminal, (open, stop) => OfIssueAsync(open, parsed.GetValue(keys) ?? [], stop), ct));
        return lists;
    }

    /// <exception cref="CommandException">There is no list of this short name.</exception>
    public static async Task<MailingList> FindAsync(string key, IServiceProvider services, Terminal terminal, CancellationToken ct)
    {
        var all = await services.GetRequiredService<MailingLists>().AllAsync(ct, closed: true);
        return all.FirstOrDefault(list => list.Key == key)
            ?? throw new CommandException(ExitCode.BadInput, terminal.Words["Lists.Unknown", key, string.Join(", ", all.Select(list => list.Key))]);
    }

    private static async Task<int> OfIssueAsync(OpenIssue open, string[] keys, CancellationToken ct)
    {
        var (all, chosen) = (await open.Get<MailingLists>().AllAsync(ct, closed: true), open.Issue.Lists);
        if (keys.Length > 0)
        {
            var found = new List<short>();
            foreach (var key in keys) found.Add((await FindAsync(key, open.Services, open.Terminal, ct)).Id);
            chosen = [.. found.Distinct()];
            var answer = await open.Get<IssueDrafts>().GoToAsync(open.Issue.Id, chosen, Actor.CommandLine, ct);
            if (answer == ComposeAnswer.NoSuchPart)
                return open.Terminal.Fail(ExitCode.BadInput, open.Terminal.Words["Lists.Unknown", string.Join(' ', keys),
                    string.Join(", ", all.Where(list => list.ClosedAt is null).Select(list => list.Key))]);
            if (answer != ComposeAnswer.Done) return open.Terminal.Fail(ExitCode.Refused, open.Terminal.Words["Lists.NotDraft", open.Issue.Slug]);
        }

        var goesTo = all.Where(list => chosen.Contains(list.Id)).Select(list => list.Key).ToList();
        open.Terminal.Say($"{open.Issue.Slug}: {string.Join(", ", goesTo)}");
        open.Terminal.Data(new { issue = open.Issue.Slug, lists = goesTo });
        return ExitCode.Done;
    }

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Lists.List"]);
        list.SetAction(async (_, ct) =>
        {
            await using var app = CommandHost.Open(terminal);
            var lists = app.Services.GetRequiredService<MailingLists>();
            var words = app.Services.GetRequiredService<IStringLocalizer<ListWords>>();
            var (all, people) = (await lists.AllAsync(ct, closed: true), await lists.PeopleAsync(ct));
            terminal.Table(
                [terminal.Words["Column.Key"], terminal.Words["Column.Name"], terminal.Words["Column.Open"], terminal.Words["Column.People"]],
                all.Select(one => new[]
                {
                    one.Key, lists.NameOf(one), words[one.ClosedAt is not null ? "Is.Shut" : one.IsOpen ? "Is.Open" : "Is.Closed"].Value,
                    $"{people.GetValueOrDefault(one.Id)}",
                }));
            terminal.Data(all.Select(one => new
            {
                one.Id,
                one.Key,
                name = lists.NameOf(one),
                one.Description,
                one.Position,
                one.IsOpen,
                one.ClosedAt,
                people = people.GetValueOrDefault(one.Id),
            }));
            return ExitCode.Done;
        });
        return list;
    }

    private static Command CreateAdd(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = terminal.Words["Argument.ListName"] };
        var key = new Option<string?>("--key") { Description = terminal.Words["Option.ListKey"] };
        var description = new Option<string?>("--description") { Description = terminal.Words["Option.Description"] };
        var closed = new Option<bool>("--closed") { Description = terminal.Words["Option.Closed"] };
        var add = new Command("add", terminal.Words["Lists.Add"]) { name, key, description, closed };
        add.SetAction(async (parsed, ct) =>
        {
            await using var app = CommandHost.Open(terminal);
            var typed = new ListFields(
                parsed.GetValue(key) ?? "", parsed.GetRequiredValue(name), parsed.GetValue(description) ?? "", !parsed.GetValue(closed));
            var saved = await app.Services.GetRequiredService<ListCommands>().AddAsync(typed, Actor.CommandLine, ct);
            var words = app.Services.GetRequiredService<IStringLocalizer<ListWords>>();
            if (saved.Answer != ListAnswer.Done)
                return terminal.Fail(ExitCode.BadInput, string.Join(' ', saved.Faults.Select(fault => words[$"Fault.{fault.Key}"].Value)));
            return Tell(terminal, "Lists.Added", (await app.Services.GetRequiredService<MailingLists>().AllAsync(ct)).MaxBy(list => list.Id)!);
        });
        return add;
    }

    private static Command CreateForOne(string verb, string description, Terminal terminal,
        Func<MailingList, IServiceProvider, CancellationToken, Task<int>> act)
    {
        var key = new Argument<string>("list") { Description = terminal.Words["Argument.List"] };
        var command = new Command(verb, terminal.Words[description]) { key };
        command.SetAction(async (parsed, ct) =>
        {
            await using var app = CommandHost.Open(terminal);
            return await act(await FindAsync(parsed.GetRequiredValue(key), app.Services, terminal, ct), app.Services, ct);
        });
        return command;
    }

    private static int Tell(Terminal terminal, string said, MailingList list)
    {
        terminal.Say(terminal.Words[said, list.Key]);
        terminal.Data(new { list.Id, list.Key });
        return ExitCode.Done;
    }
}
