using System.CommandLine;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom bounces …</c>: what has come back, as it was collected.</summary>
internal static class BounceVerbs
{
    private const int Most = 200;

    public static Command Create(Terminal terminal) => new("bounces", terminal.Words["Bounces"])
    {
        CreateList(terminal),
        CreateShow(terminal),
        CreateReplay(terminal),
    };

    private static Command CreateList(Terminal terminal)
    {
        var state = new Option<string?>("--state") { Description = terminal.Words["Option.BounceState"] };
        state.AcceptOnlyFromAmong([.. StoredMails.States]);
        var list = new Command("list", terminal.Words["Bounces.List"]) { state };
        list.SetAction((parsed, ct) => WithMailsAsync(terminal, async (mails, services) =>
        {
            var found = await mails.ListAsync(parsed.GetValue(state) is { } one ? [one] : StoredMails.Aside, null, Most, ct);
            if (found.Count == 0) terminal.Say(terminal.Words["Bounces.None"]);
            else terminal.Table(
                [
                    terminal.Words["Column.Bounce"], terminal.Words["Column.Came"], terminal.Words["Column.State"], terminal.Words["Column.Source"],
                    terminal.Words["Column.Problem"],
                ],
                found.Select(mail => new[] { $"{mail.Id}", Came(mail, services), State(mail, terminal), mail.Source, mail.Problem ?? "" }));
            terminal.Data(found);
            return ExitCode.Done;
        }));
        return list;
    }

    private static Command CreateShow(Terminal terminal)
    {
        var id = Number(terminal);
        var show = new Command("show", terminal.Words["Bounces.Show"]) { id };
        show.SetAction((parsed, ct) => WithMailsAsync(terminal, async (mails, services) =>
        {
            var number = parsed.GetRequiredValue(id);
            if (await mails.FindAsync(number, ct) is not { } mail) return terminal.Fail(ExitCode.Refused, terminal.Words["Bounces.Unknown", number]);
            var head = await mails.HeadAsync(number, ct);
            terminal.Say($"{number}  {Came(mail, services)}  {State(mail, terminal)}  {mail.Source}\n{mail.Problem}\n");
            terminal.Say(head ?? terminal.Words["Bounces.Forgotten"]);
            terminal.Data(new { mail, head });
            return ExitCode.Done;
        }));
        return show;
    }

    private static Command CreateReplay(Terminal terminal)
    {
        var id = Number(terminal);
        var replay = new Command("replay", terminal.Words["Bounces.Replay"]) { id };
        replay.SetAction((parsed, ct) => WithMailsAsync(terminal, async (mails, _) =>
        {
            var number = parsed.GetRequiredValue(id);
            var answer = await mails.ReplayAsync(number, Actor.CommandLine, ct);
            if (answer != ReplayAnswer.Done)
                return terminal.Fail(ExitCode.Refused, answer switch
                {
                    ReplayAnswer.Waiting => terminal.Words["Bounces.Waiting", number],
                    ReplayAnswer.Forgotten => terminal.Words["Bounces.Forgotten"],
                    _ => terminal.Words["Bounces.Unknown", number],
                });
            terminal.Say(terminal.Words["Bounces.Replayed", number]);
            terminal.Data(new { done = true, id = number });
            return ExitCode.Done;
        }));
        return replay;
    }

    private static Argument<long> Number(Terminal terminal) => new("number") { Description = terminal.Words["Argument.Bounce"] };

    private static string Came(StoredMail mail, IServiceProvider services) => services.GetRequiredService<LocalText>().Short(mail.ReceivedAt);

    private static string State(StoredMail mail, Terminal terminal) => mail.State switch
    {
        "waiting" => terminal.Words["Bounces.State.Waiting"],
        "read" => terminal.Words["Bounces.State.Read"],
        "unclear" => terminal.Words["Bounces.State.Unclear"],
        _ => terminal.Words["Bounces.State.Poison"],
    };

    private static async Task<int> WithMailsAsync(Terminal terminal, Func<StoredMails, IServiceProvider, Task<int>> act)
    {
        await using var app = CommandHost.Open(terminal);
        return await act(app.Services.GetRequiredService<StoredMails>(), app.Services);
    }
}
