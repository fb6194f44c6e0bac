using System.CommandLine;
using SmaKom.Mailer.Bounces;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Pop3;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom mailbox …</c>: the mailbox that bounces come to, looked at by hand.</summary>
internal static class MailboxVerbs
{
    private const int Page = 200;

    public static Command Create(Terminal terminal) => new("mailbox", terminal.Words["Mailbox"])
    {
        CreateTest(terminal),
        CreateList(terminal),
        CreateSave(terminal),
        CreateDone(terminal),
    };

    private static Command CreateTest(Terminal terminal)
    {
        var test = new Command("test", terminal.Words["Mailbox.Test"]);
        test.SetAction((_, ct) => WithMailboxAsync(terminal, (mailbox, services) => mailbox.IsPop3
            ? TestPop3Async(mailbox, services.GetRequiredService<Pop3Mailbox>(), terminal, ct) : TestFolderAsync(mailbox, terminal, ct)));
        return test;
    }

    private static async Task<int> TestFolderAsync(BounceMailbox mailbox, Terminal terminal, CancellationToken ct)
    {
        await using var folder = await mailbox.OpenAsync(ct);
        var unseen = await folder.UnseenAsync(Page, ct);
        terminal.Say(terminal.Words["Mailbox.Works", mailbox.Address, Count(unseen)]);
        terminal.Data(new { works = true, mailbox = mailbox.Address, unseen = unseen.Count, numbering = folder.Validity });
        return ExitCode.Done;
    }

    private static async Task<int> TestPop3Async(BounceMailbox mailbox, Pop3Mailbox client, Terminal terminal, CancellationToken ct)
    {
        await using var session = await mailbox.OpenAsync(client, ct);
        var letters = await session.ListAsync(ct);
        terminal.Say(terminal.Words["Mailbox.WorksPop3", mailbox.Address, letters.Count]);
        terminal.Data(new { works = true, mailbox = mailbox.Address, letters = letters.Count });
        return ExitCode.Done;
    }

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Mailbox.List"]);
        list.SetAction((_, ct) => WithFolderAsync(terminal, async (folder, _) =>
        {
            var unseen = await folder.UnseenAsync(Page, ct);
            if (unseen.Count == 0) terminal.Say(terminal.Words["Mailbox.None"]);
            else terminal.Table([terminal.Words["Column.Letter"], terminal.Words["Column.Bytes"]],
                unseen.Select(letter => new[] { $"{letter.Id}", $"{letter.Size}" }));
            terminal.Data(unseen.Select(letter => new { id = $"{letter.Id}", size = letter.Size }));
            return ExitCode.Done;
        }, ct));
        return list;
    }

    private static Command CreateSave(Terminal terminal)
    {
        var id = Letter(terminal);
        var file = new Argument<string>("file") { Description = terminal.Words["Argument.LetterFile"] };
        var save = new Command("save", terminal.Words["Mailbox.Save"]) { id, file };
        save.SetAction((parsed, ct) => WithFolderAsync(terminal, async (folder, mailbox) =>
        {
            var letter = IdOf(parsed.GetRequiredValue(id), terminal);
            if (await folder.FetchAsync(letter, mailbox.MaxLetterBytes, ct) is not { } fetched)
                return terminal.Fail(ExitCode.Refused, terminal.Words["Mailbox.Gone", letter]);
            await File.WriteAllBytesAsync(parsed.GetRequiredValue(file), fetched.Bytes, ct);
            terminal.Say(terminal.Words[fetched.IsWhole ? "Mailbox.Saved" : "Mailbox.SavedInPart", letter, fetched.Bytes.Length]);
            terminal.Data(new { id = $"{letter}", bytes = fetched.Bytes.Length, whole = fetched.IsWhole });
            return fetched.IsWhole ? ExitCode.Done : ExitCode.Partly;
        }, ct));
        return save;
    }

    private static Command CreateDone(Terminal terminal)
    {
        var id = Letter(terminal);
        var move = new Option<string?>("--move") { Description = terminal.Words["Option.MoveTo"] };
        var delete = new Option<bool>("--delete") { Description = terminal.Words["Option.DeleteLetter"] };
        var done = new Command("done", terminal.Words["Mailbox.Done"]) { id, move, delete };
        done.SetAction((parsed, ct) =>
        {
            var target = parsed.GetValue(move);
            if (target is not null && parsed.GetValue(delete))
                return Task.FromResult(terminal.Fail(ExitCode.BadInput, terminal.Words["Mailbox.MoveOrDelete"]));
            return WithFolderAsync(terminal, async (folder, _) =>
            {
                var letter = IdOf(parsed.GetRequiredValue(id), terminal);
                var (changed, said) = parsed.GetValue(delete) ? (await folder.DeleteAsync(letter, ct), "Mailbox.Deleted")
                    : target is not null ? (await folder.MoveAsync(letter, target, ct), "Mailbox.Moved")
                    : (await folder.MarkSeenAsync(letter, ct), "Mailbox.Seen");
                if (!changed) return terminal.Fail(ExitCode.Refused, terminal.Words["Mailbox.Gone", letter]);
                terminal.Say(terminal.Words[said, letter, target ?? ""]);
                terminal.Data(new { id = $"{letter}", deleted = parsed.GetValue(delete), moved = target });
                return ExitCode.Done;
            }, ct);
        });
        return done;
    }

    private static Task<int> WithFolderAsync(Terminal terminal, Func<IMailFolder, BounceMailbox, Task<int>> act, CancellationToken ct) =>
        WithMailboxAsync(terminal, async (mailbox, _) =>
        {
            if (mailbox.IsPop3) return terminal.Fail(ExitCode.BadInput, terminal.Words["Mailbox.Pop3"]);
            await using var folder = await mailbox.OpenAsync(ct);
            return await act(folder, mailbox);
        });

    private static async Task<int> WithMailboxAsync(Terminal terminal, Func<BounceMailbox, IServiceProvider, Task<int>> act)
    {
        await using var app = CommandHost.Open(terminal);
        var mailbox = app.Services.GetRequiredService<BounceMailbox>();
        if (!mailbox.IsSet) return terminal.Fail(ExitCode.BadInput, terminal.Words["Mailbox.NotSet"]);
        try
        {
            return await act(mailbox, app.Services);
        }
        catch (RelayException e)
        {
            return terminal.Fail(ExitCode.Refused, terminal.Words["Mailbox.Fails", e.Message]);
        }
    }

    private static Argument<string> Letter(Terminal terminal) => new("letter") { Description = terminal.Words["Argument.Letter"] };

    private static LetterId IdOf(string text, Terminal terminal) =>
        LetterId.Parse(text) ?? throw new CommandException(ExitCode.BadInput, terminal.Words["Mailbox.BadLetter", text]);

    private static string Count(IReadOnlyList<FolderLetter> letters) => letters.Count < Page ? $"{letters.Count}" : $"≥ {Page}";
}
