using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Notices;

/// <summary>The worker for single mails. They are few: one connection at a time, which an issue's letters make way for.</summary>
public sealed partial class NoticeSender(
    SignUpDecisions signUps, NoticeQueue queue, NoticeWriter writer, RelayPool relays, Permits permits, RetrySchedule retries, WorkSignal signal,
    BackgroundLoops loops, IOptions<DispatchOptions> options, DatabaseClock time, ILogger<NoticeSender> logger) : BackgroundService
{
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

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
                await queue.RescueAsync(stopping);
                await SendDueAsync(stopping);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
            {
                Log.DatabaseFailed(logger, e);
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
        if (await queue.ClaimAsync(ct) is not { } notice) return;
        await permits.RefreshAsync(ct);
        await permits.LookAgainAsync(ct);
        using var slot = await TakeConnectionAsync(notice, ct);
        if (slot is null) return;
        IMailConnection? connection = null;
        try
        {
            for (var current = notice; current is not null; current = await queue.ClaimAsync(ct))
            {
                if (connection is { IsUsable: false }) await CloseAsync();
                if (!await TrySendAsync(current, async () => connection ??= await slot.ConnectAsync(ct), slot, ct)) return;
            }
        }
        finally
        {
            await CloseAsync();
        }

        async Task CloseAsync()
        {
            if (connection is not null) await connection.DisposeAsync();
            connection = null;
        }
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
    private async Task<bool> TrySendAsync(ClaimedNotice notice, Func<Task<IMailConnection>> connect, RelaySlot slot, CancellationToken ct)
    {
        var (relay, group) = (slot.Relay.Id, permits.GroupOf(notice.Email[(notice.Email.LastIndexOf('@') + 1)..]));
        try
        {
            var letter = await writer.WriteAsync(notice);
            var connection = await connect();
            using var permit = await permits.TakeAsync(relay, group);
            if (permit.Until is { } later)
            {
                await WaitAsync(notice, later);
                return true;
            }

            var result = await connection.SendAsync(letter, async gate => await queue.IntendAsync(notice, gate), next: null, ct);
            if (result.Status == SendStatus.InDoubt) permit.StayCounted();
            await SettleAsync(notice, result);
            await slot.MarkWorkingAsync(ct);
            if (result.Status == SendStatus.Accepted) await permits.NoteAcceptedAsync(relay, group, ct);
            if (result is { Status: SendStatus.Deferred, Reply: { } reply } && ReceiverBackoff.IsAskedBy(reply)) await permits.SlowDownAsync(relay, group, reply, ct);
            return true;
        }
        catch (RelayException failure) when (ReceiverBackoff.IsAskedBy(failure))
        {
            await WaitAsync(notice, await permits.SlowDownAsync(relay, group, failure.Reply!, CancellationToken.None));
            return true;
        }
        catch (Exception e) when (e is MimeException or ArgumentException)
        {
            await queue.FinishAsync(notice, "refused", new SmtpReply(553, new EnhancedCode(5, 1, 3), e.Message), CancellationToken.None);
            return true;
        }
        catch (RelayException failure)
        {
            Log.RelayFailed(logger, slot.Relay.Id, failure.Kind, failure.Stage);
            await queue.GiveBackAsync(notice, CancellationToken.None);
            if (!await slot.IsOneTooManyAsync(failure, ct)) await slot.MarkFailedAsync(failure, ct);
            return false;
        }
        catch (OperationCanceledException)
        {
            await queue.GiveBackAsync(notice, CancellationToken.None);
            throw;
        }
    }

    // A limit may be changed, so nothing waits for long without asking again.
    private Task WaitAsync(ClaimedNotice notice, DateTimeOffset until)
    {
        var latest = time.GetUtcNow() + LongestWait;
        return queue.WaitAsync(notice, until < latest ? until : latest, CancellationToken.None);
    }

    // The outcome is known: it is written down even when the process is told to stop.
    private Task SettleAsync(ClaimedNotice notice, SendResult result) => result.Status switch
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

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not answer; notices are tried again shortly")]
        public static partial void DatabaseFailed(ILogger logger, Exception e);
    }
}
