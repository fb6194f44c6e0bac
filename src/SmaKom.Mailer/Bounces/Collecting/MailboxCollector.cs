using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>
/// Asks the bounce mailbox now and then. One worker at a time does, held by a lock of the database's; should it be lost in the middle, another one
/// begins anew, and what both have fetched is one row all the same.
/// </summary>
public sealed partial class MailboxCollector(
    IMailSource mailbox, IncomingMails mails, MailSources sources, NpgsqlDataSource source, BackgroundLoops loops, IOptions<MailboxOptions> options,
    DatabaseClock time, ILogger<MailboxCollector> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await loops.RunAsync("mailbox", CollectAsync, stoppingToken);
    }

    private async Task CollectAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = options.Value.CollectEvery;
            try
            {
                await CollectOnceAsync(stopping);
                // Another worker may ask earlier than this one would.
                if (await sources.WaitAsync(mailbox.Name, stopping) is var left && left < wait) wait = left;
            }
            catch (Exception e) when (DatabaseFailure.Is(e))
            {
                logger.LogDatabaseFailure("collecting mail", e);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(wait > ShortestWait ? wait : ShortestWait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks the mailbox if it is time to and nobody else does.</summary>
    /// <returns>How many mails were handed over, known ones among them; null: it was not asked, or it failed.</returns>
    public async Task<int?> CollectOnceAsync(CancellationToken ct)
    {
        await using var mine = await SessionLock.TakeAsync(source, $"collecting {mailbox.Name}", TimeSpan.FromMilliseconds(1), ct);
        if (mine is null || await sources.WaitAsync(mailbox.Name, ct) > TimeSpan.Zero) return null;
        try
        {
            var kept = await mailbox.CollectAsync(async (mail, stop) =>
            {
                await mine.AssertHeldAsync(stop);
                if (mail.Octets > mail.Bytes.Length) Log.InPart(logger, mail.Key, mail.Octets, mail.Bytes.Length);
                await mails.StoreAsync(mail, stop);
            }, ct);
            await sources.WorkedAsync(mailbox.Name, options.Value.CollectEvery, ct);
            if (kept > 0) Log.Collected(logger, kept);
            return kept;
        }
        catch (RelayException failure)
        {
            Log.Failed(logger, failure.Kind, failure.Stage);
            await sources.FailedAsync(mailbox.Name, options.Value.CollectEvery, failure.Kind, ct);
            return null;
        }
    }

    // A server's words can name people: its kind of failure and the command have to do.
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Collected {Count} mails from the bounce mailbox")]
        public static partial void Collected(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "The bounce mailbox failed at {Stage} ({Kind}); it is asked again later, and nothing in it is lost")]
        public static partial void Failed(ILogger logger, RelayFailure kind, string stage);

        [LoggerMessage(3, LogLevel.Information, "Mail {Key} has {Octets} octets; the first {Kept} are kept")]
        public static partial void InPart(ILogger logger, string key, int octets, int kept);
    }
}
