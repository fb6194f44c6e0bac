using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Cli;

/// <summary>What <c>./start</c> runs: everything in one process, with sample data, and the newest sample issue on its way.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var port = ServeCommand.PortOption(terminal);
        var once = new Option<bool>("--once") { Description = terminal.Words["Option.Once"] };
        var data = new Option<DirectoryInfo?>("--data") { Description = terminal.Words["Option.Data"] };
        var demo = new Command("demo", terminal.Words["Demo"]) { port, once, data };
        demo.SetAction((parsed, ct) =>
            RunAsync(parsed.GetValue(port) ?? DemoSettings.DefaultPort, parsed.GetValue(once), parsed.GetValue(data), terminal, ct));
        return demo;
    }

    private static async Task<int> RunAsync(int port, bool once, DirectoryInfo? data, Terminal terminal, CancellationToken ct)
    {
        await using var app = MailerHost.Build([], builder =>
        {
            DemoSettings.Apply(builder, port, data);
            CommandHost.CheckConnection(builder.Configuration.GetConnectionString("Mailer"), terminal);
        });
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        // Before anything starts: it would take the relay's place and send what waits.
        if (await SampleData.IsInEarnestUseAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), ct))
            return terminal.Fail(ExitCode.Refused, terminal.Words["Demo.NotASample"]);
        await ServeCommand.StartAsync(app, terminal, ct);
        await using var scope = app.Services.CreateAsyncScope();
        await LoadAsync(scope.ServiceProvider, terminal, ct);
        var receipt = await SendNewestAsync(scope.ServiceProvider, terminal, ct);
        TellAddresses(app.Services, terminal);
        if (once)
        {
            await app.StopAsync(CancellationToken.None);
            if (receipt is not null) terminal.Data(ReceiptReport.Sum(receipt));
            return receipt is { AddsUp: true, Waiting: 0 } ? ExitCode.Done : ExitCode.Refused;
        }

        if (receipt is not null) terminal.Data(ReceiptReport.Sum(receipt));
        terminal.Note(terminal.Words["Demo.Stop"]);
        return await ServeCommand.WaitAsync(app, ct);
    }

    private static async Task LoadAsync(IServiceProvider services, Terminal terminal, CancellationToken ct)
    {
        var loaded = await services.GetRequiredService<SampleData>().LoadAsync(ct);
        var db = services.GetRequiredService<MailerDb>();
        terminal.Note(loaded
            ? terminal.Words["Demo.Loaded", await db.Subscribers.CountAsync(ct), await db.Issues.CountAsync(ct)]
            : terminal.Words["Demo.Kept"]);
    }

    /// <summary>Queues the newest issue if it is still a draft, and follows it to its end. Null if there is no issue.</summary>
    private static async Task<Receipt?> SendNewestAsync(IServiceProvider services, Terminal terminal, CancellationToken ct)
    {
        var issue = await services.GetRequiredService<MailerDb>().Issues.AsNoTracking().OrderByDescending(i => i.Slug).FirstOrDefaultAsync(ct);
        if (issue is null)
        {
            terminal.Note(terminal.Words["Demo.NoIssue"]);
            return null;
        }

        var say = services.GetRequiredService<Phrases>();
        if (issue.State == IssueState.Draft)
        {
            terminal.Note(terminal.Words["Demo.Sending", issue.Subject,
                say.Recipients((await services.GetRequiredService<AudienceCount>().OfAllAsync(ct)).Gets)]);
            // Nobody sits there who could read a test letter first.
            await services.GetRequiredService<IssueCommands>().QueueAsync(issue.Id, null, Actor.CommandLine, withoutTestLetter: true, ct);
        }
        else if (issue.State is IssueState.Sent or IssueState.Cancelled or IssueState.Paused)
        {
            terminal.Note(terminal.Words["Demo.AlreadySent", issue.Subject, say.Is(issue.State)]);
        }

        // An earlier run may have been stopped midway: what was queued or being sent goes on.
        await services.GetRequiredService<IssuePlanner>().PlanDueAsync(ct);
        var receipt = await new DemoProgress(services, terminal).FollowAsync(issue.Id, ct);
        ReceiptReport.Tell(receipt, new(issue, services, terminal));
        return receipt;
    }

    private static void TellAddresses(IServiceProvider services, Terminal terminal)
    {
        var root = services.GetRequiredService<IOptions<SiteOptions>>().Value.PublicUrl;
        foreach (var (word, address) in new[] { ("Demo.Staff", "/redaktion"), ("Demo.Archive", "/arkiv"), ("Demo.Inbox", "/inkorg"),
            ("Demo.Front", "/") })
            terminal.Note($"{terminal.Words[word].Value,-20} {root}{address}");
        terminal.Note($"{terminal.Words["Demo.Login"].Value,-20} {SampleData.LoginEmail} / {SampleData.LoginPassword}");
    }
}
