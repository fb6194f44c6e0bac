using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using Spectre.Console;

namespace SmaKom.Mailer.Cli;

/// <summary>Follows an issue to its end: a bar on a terminal, a line at every quarter elsewhere.</summary>
internal sealed class DemoProgress(IServiceProvider services, Terminal terminal)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    /// <summary>Nothing has moved for this long: say so instead of waiting on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Receipts receipts = services.GetRequiredService<Receipts>();
    private readonly IDbContextFactory<MailerDb> contexts = services.GetRequiredService<IDbContextFactory<MailerDb>>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    /// <returns>The receipt when the issue had ended, or had not moved for a minute.</returns>
    public async Task<Receipt> FollowAsync(int issueId, CancellationToken ct)
    {
        if (terminal.Json || Console.IsOutputRedirected || Console.IsErrorRedirected) return await WatchAsync(issueId, Quarters(), ct);
        Receipt? last = null;
        await AnsiConsole.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .StartAsync(async progress =>
        {
            var bar = progress.AddTask("");
            last = await WatchAsync(issueId, receipt =>
            {
                bar.MaxValue = Math.Max(1, receipt.Audience);
                bar.Value = receipt.Done();
                bar.Description = Markup.Escape(Sentence(receipt));
            }, ct);
        });
        return last!;
    }

    private async Task<Receipt> WatchAsync(int issueId, Action<Receipt> show, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Pace, time);
        var (done, moved) = (-1, time.GetTimestamp());
        while (true)
        {
            var state = await StateAsync(issueId, ct);
            var receipt = (await receipts.ReadAsync(issueId, ct))!;
            show(receipt);
            if (state is not (IssueState.Queued or IssueState.Sending)) return receipt;
            if (receipt.Done() != done) (done, moved) = (receipt.Done(), time.GetTimestamp());
            else if (time.GetElapsedTime(moved) > Patience)
            {
                await TellStallAsync(receipt, ct);
                return receipt;
            }

            await timer.WaitForNextTickAsync(ct);
        }
    }

    private async Task TellStallAsync(Receipt receipt, CancellationToken ct)
    {
        terminal.Note(terminal.Words["Demo.Slow", services.GetRequiredService<Phrases>().Minutes(Patience), receipt.Waiting]);
        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var relay in await db.Relays.AsNoTracking().Where(relay => relay.LastFailure != null && relay.Failures > 0).ToListAsync(ct))
            terminal.Note(terminal.Words["Demo.SlowRelay", $"{relay.Host}:{relay.Port}", relay.LastFailure!]);
        terminal.Note(terminal.Words["Demo.Relay"]);
    }

    private async Task<IssueState> StateAsync(int issueId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Issues.Where(i => i.Id == issueId).Select(i => i.State).SingleAsync(ct);
    }

    private Action<Receipt> Quarters()
    {
        var told = -1;
        return receipt =>
        {
            var quarter = receipt.Percent() / 25;
            if (quarter <= told || receipt.Audience == 0) return;
            told = quarter;
            terminal.Note(Sentence(receipt));
        };
    }

    private string Sentence(Receipt receipt) => terminal.Words["Demo.Progress", receipt.Done(), receipt.Audience];
}
