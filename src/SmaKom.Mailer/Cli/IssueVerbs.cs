using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom issues …</c>: what the staff pages do, with the same words.</summary>
internal static class IssueVerbs
{
    public static Command Create(Terminal terminal) => new("issues", terminal.Words["Issues"])
    {
        CreateList(terminal),
        CreateForOne("show", "Issues.Show", terminal, ShowAsync),
        CreateForOne("check", "Issues.Check", terminal, IssueCheckVerb.CheckAsync),
        ListVerbs.CreateOfIssue(terminal),
        IssueStateVerbs.CreateQueue(terminal),
        CreateForOne("take-back", "Issues.TakeBack", terminal, IssueStateVerbs.TakeBackAsync),
        CreateForOne("pause", "Issues.Pause", terminal, IssueStateVerbs.PauseAsync),
        CreateForOne("resume", "Issues.Resume", terminal, IssueStateVerbs.ResumeAsync),
        IssueStateVerbs.CreateCancel(terminal),
        ArchiveVerbs.CreateCorrect(terminal),
        ArchiveVerbs.CreateImport(terminal),
        ReceiptReport.CreateCommand(terminal),
        UnknownCommand.Create(terminal),
    };

    public static Argument<string> SlugArgument(Terminal terminal) => new("issue") { Description = terminal.Words["Argument.Slug"] };

    /// <summary>Finds the issue and does something with it.</summary>
    /// <exception cref="CommandException">No issue has this short name.</exception>
    public static async Task<int> WithIssueAsync(string slug, Terminal terminal, Func<OpenIssue, CancellationToken, Task<int>> act,
        CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MailerDb>();
        if (await db.Issues.AsNoTracking().SingleOrDefaultAsync(i => i.Slug == slug, ct) is { } issue)
            return await act(new(issue, scope.ServiceProvider, terminal), ct);
        var known = await db.Issues.OrderByDescending(i => i.Slug).Select(i => i.Slug).Take(12).ToListAsync(ct);
        throw new CommandException(ExitCode.BadInput, terminal.Words["Issue.Unknown", slug, known.Count == 0 ? "–" : string.Join(", ", known)]);
    }

    private static Command CreateForOne(string verb, string description, Terminal terminal, Func<OpenIssue, CancellationToken, Task<int>> act)
    {
        var slug = SlugArgument(terminal);
        var command = new Command(verb, terminal.Words[description]) { slug };
        command.SetAction((parsed, ct) => WithIssueAsync(parsed.GetRequiredValue(slug), terminal, act, ct));
        return command;
    }

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Issues.List"]);
        list.SetAction((_, ct) => ListAsync(terminal, ct));
        return list;
    }

    private static async Task<int> ListAsync(Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        await using var scope = app.Services.CreateAsyncScope();
        var (say, text) = (scope.ServiceProvider.GetRequiredService<Phrases>(), scope.ServiceProvider.GetRequiredService<LocalText>());
        var issues = await scope.ServiceProvider.GetRequiredService<MailerDb>().Issues.AsNoTracking()
            .OrderByDescending(i => i.Year).ThenByDescending(i => i.Month).ThenByDescending(i => i.Id)
            .ToListAsync(ct);
        if (issues.Count == 0) terminal.Say(terminal.Words["Issues.None"]);
        else
        {
            terminal.Table(
                [terminal.Words["Column.Slug"], terminal.Words["Column.State"], terminal.Words["Column.When"], terminal.Words["Column.Audience"],
                    terminal.Words["Column.Subject"]],
                issues.Select(i => new[]
                {
                    i.Slug, say.State(i.State), (i.FinishedAt ?? i.StartedAt ?? i.ScheduledAt) is { } at ? text.DateAndTime(at) : "–",
                    i.Audience is { } audience ? text.Number(audience) : "–", i.Subject,
                }));
        }

        foreach (var paused in issues.Where(i => i.State == IssueState.Paused)) await TellBrakeAsync(scope.ServiceProvider, terminal, paused, ct);
        terminal.Data(issues.Select(Facts));
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(OpenIssue open, CancellationToken ct)
    {
        var issue = open.Issue;
        var (say, text) = (open.Get<Phrases>(), open.Get<LocalText>());
        var receipt = (await open.Get<Receipts>().ReadAsync(issue.Id, ct))!;
        open.Terminal.Say($"{issue.Slug}  {issue.Subject}");
        open.Terminal.Say(issue.ScheduledAt is { } at && issue.State == IssueState.Queued
            ? $"{say.State(issue.State)}. {say.SendsAt(at, (await open.Get<AudienceCount>().OfIssueAsync(issue.Id, ct)).Gets)}"
            : say.State(issue.State));
        if (await open.Get<MailingLists>().NamesOfAsync(issue.Lists, ct) is { } goesTo) open.Terminal.Say(open.Staff["Queue.GoesTo", goesTo]);
        foreach (var (label, time) in new[] { ("Facts.Started", issue.StartedAt), ("Facts.Finished", issue.FinishedAt) })
            if (time is { } known) open.Terminal.Say($"{open.Staff[label].Value}: {text.DateAndTime(known)}");
        var brake = issue.State == IssueState.Paused ? await TellBrakeAsync(open.Services, open.Terminal, issue, ct) : null;
        if (issue.StartedAt is not null) ReceiptReport.Tell(receipt, open);
        open.Terminal.Data(new { issue = Facts(issue), receipt = ReceiptReport.Facts(receipt), brake });
        return ExitCode.Done;
    }

    /// <summary>Why the service has paused it by itself; null: it has not.</summary>
    private static async Task<BrakeNotice?> TellBrakeAsync(IServiceProvider services, Terminal terminal, Issue issue, CancellationToken ct)
    {
        var notices = services.GetRequiredService<BrakeNotices>();
        if (await notices.ReadAsync(issue.Id, ct) is not { } notice) return null;
        terminal.Say($"{issue.Slug}: {notices.Title(notice)}\n  {notices.Words(notice)} {notice.Reply}\n  {notices.Lost} {notices.Do(notice)}");
        return notice;
    }

    public static object Facts(Issue i) =>
        new { i.Id, i.Slug, i.Year, i.Month, i.Subject, i.State, i.ScheduledAt, i.StartedAt, i.FinishedAt, i.Audience, i.Lists };
}

/// <summary>An issue that was found, and what a command needs to work on it.</summary>
internal sealed record OpenIssue(Issue Issue, IServiceProvider Services, Terminal Terminal)
{
    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();
    public Microsoft.Extensions.Localization.IStringLocalizer<StaffWords> Staff =>
        Get<Microsoft.Extensions.Localization.IStringLocalizer<StaffWords>>();
}
