using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.MailedLinks;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Notices;

/// <summary>The worker for single mails. They are few: one connection at a time, which an issue's letters make way for.</summary>
public sealed partial class NoticeSender(
    SignUpDecisions signUps, LinkDecisions linkRequests, NoticeQueue queue, NoticeWriter writer, RelayPool relays, Permits permits, Handover handover,
    RetrySchedule retries,
    WorkSignal signal, BackgroundLoops loops, IOptions<DispatchOptions> options, DatabaseClock time, ILogger<NoticeSender> logger) : BackgroundService
{
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private ClaimedNotice? claimed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await loops.RunAsync("notices", SendAsync, stoppingToken);
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var next = signal.Next;
            try
            {
                while (await signUps.DecideAsync(stopping)) { }
                while (await linkRequests.DecideAsync(stopping)) { }
                await ReleaseAsync(stopping);
                await queue.RescueAsync(stopping);
                await SendDueAsync(stopping);
            }
            catch (Exception e) when (DatabaseFailure.Is(e))
            {
                logger.LogDatabaseFailure("sending single mails", e);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            await Task.WhenAny(next, Task.Delay(options.Value.PollInterval, time, stopping));
        }
    }

    private async Task SendDueAsync(CancellationToken ct)
    {
        if (await ClaimAsync(ct) is not { } notice) return;
        await permits.RefreshAsync(ct);
        await permits.LookAgainAsync(ct);
        using var slot = await TakeConnectionAsync(notice, ct);
        if (slot is null) return;
        var session = new RelaySession(slot);
        try
        {
            for (var current = notice; current is not null; current = await ClaimAsync(ct))
                if (!await TrySendAsync(current, session, ct)) return;
        }
        finally
        {
            await session.CloseAsync();
        }
    }

    private async Task<ClaimedNotice?> ClaimAsync(CancellationToken ct)
    {
        claimed = null;
        return claimed = await queue.ClaimAsync(ct);
    }

    // What was under way when the database failed is not to wait for the end of its lease.
    private async Task ReleaseAsync(CancellationToken ct)
    {
        if (claimed is not { } left) return;
        await queue.ReleaseAsync(left, ct);
        claimed = null;
    }

    /// <summary>Null when no relay is available, or all connections are in use: the notice waits, and so do the others.</summary>
    private async Task<RelaySlot?> TakeConnectionAsync(ClaimedNotice notice, CancellationToken ct)
    {
        RelaySlot? slot = null;
        try
        {
            return slot = relays.HasRelay ? await relays.TakeAtOnceAsync(null, WaitForConnection, ct) : null;
        }
        finally
        {
            if (slot is null) await queue.GiveBackAsync(notice, CancellationToken.None);
        }
    }

    /// <summary>False when the relay failed: the notice waits, and so do the others.</summary>
    private async Task<bool> TrySendAsync(ClaimedNotice notice, RelaySession session, CancellationToken ct)
    {
        try
        {
            var letter = await writer.WriteAsync(notice);
            var domain = notice.Email[(notice.Email.LastIndexOf('@') + 1)..];
            if (await handover.SendAsync(session, domain, () => TransmitAsync(notice, letter, session, ct), ct) is { } later)
                await WaitAsync(notice, later);
            return true;
        }
        catch (Exception e) when (e is MimeException or ArgumentException)
        {
            await queue.FinishAsync(notice, "refused", new SmtpReply(553, new EnhancedCode(5, 1, 3), e.Message), CancellationToken.None);
            return true;
        }
        catch (RelayException failure)
        {
            Log.RelayFailed(logger, session.Slot.Relay.Id, failure.Kind, failure.Stage);
            await queue.GiveBackAsync(notice, CancellationToken.None);
            if (!await session.Slot.IsOneTooManyAsync(failure, ct)) await session.Slot.MarkFailedAsync(failure, ct);
            return false;
        }
        catch (OperationCanceledException)
        {
            await queue.GiveBackAsync(notice, CancellationToken.None);
            throw;
        }
    }

    private async Task<SendResult?> TransmitAsync(ClaimedNotice notice, OutgoingLetter letter, RelaySession session, CancellationToken ct)
    {
        var connection = await session.OpenAsync(ct);
        var result = await connection.SendAsync(letter, async gate => await queue.IntendAsync(notice, gate), next: null, ct);
        await SettleAsync(notice, result, ct);
        return result;
    }

    // A limit may be changed, so nothing waits for long without asking again.
    private Task WaitAsync(ClaimedNotice notice, DateTimeOffset until)
    {
        var latest = time.GetUtcNow() + LongestWait;
        return queue.WaitAsync(notice, until < latest ? until : latest, CancellationToken.None);
    }

    // The outcome is known: it is written down even when the process is told to stop, or the database has to come back first.
    private async Task SettleAsync(ClaimedNotice notice, SendResult result, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await WriteDownAsync(notice, result);
                return;
            }
            catch (Exception e) when (DatabaseFailure.Is(e) && time.GetUtcNow() < notice.LeaseUntil && !ct.IsCancellationRequested)
            {
                logger.LogDatabaseFailure("writing down what became of a single mail", e);
                await Task.Delay(options.Value.PollInterval, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task WriteDownAsync(ClaimedNotice notice, SendResult result) => result.Status switch
    {
        SendStatus.Accepted => queue.FinishAsync(notice, "accepted", result.Reply, CancellationToken.None),
        SendStatus.Refused => queue.FinishAsync(notice, "refused", result.Reply, CancellationToken.None),
        SendStatus.InDoubt => queue.FinishAsync(notice, "unknown", result.Reply, CancellationToken.None),
        SendStatus.Withdrawn => Task.CompletedTask,
        _ => retries.NextAttempt(notice.Attempts, notice.CreatedAt) is { } next
            ? queue.DeferAsync(notice, next, result.Reply, CancellationToken.None)
            : queue.FinishAsync(notice, "refused", result.Reply, CancellationToken.None),
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Relay {Relay} failed at {Stage} ({Kind}); notices wait")]
        public static partial void RelayFailed(ILogger logger, short relay, RelayFailure kind, string stage);
    }
}
