using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries.Brake;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>One connection's work: take a delivery, write the letter, send it, record what came of it.</summary>
public sealed partial class DeliverySender(
    DeliveryFeed feed, RelayPool relays, Permits permits, LetterWriter writer, Recorder recorder, RetrySchedule retries, IssueBrake brake, IOptions<SmtpOptions> smtp, DatabaseClock time, ILogger<DeliverySender> logger)
{
    // Then it looks whether there is anything to do still.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly LetterPrefetch letters = new(writer, time);
    private ClaimedDelivery? ahead;
    private (long Delivery, Envelope? Envelope) announced;
    private Attempt? behind;

    /// <param name="stopping">No new letter is begun after it.</param>
    /// <param name="abort">The letter in flight is given up, unless its final dot has left.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            while (await feed.Deliveries.WaitToReadAsync(stopping))
            {
                using var slot = await relays.TakeAsync(Patience, stopping);
                if (slot is not null) await ServeAsync(slot, stopping, abort);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>Works with one relay for as long as it is the one to use.</summary>
    private async Task ServeAsync(RelaySlot slot, CancellationToken stopping, CancellationToken abort)
    {
        var session = new RelaySession(slot);
        try
        {
            while (slot.IsPreferred && await TakeAsync(session, stopping) is { } delivery)
            {
                // A better relay may have come back while this sender had nothing to do.
                if (slot.IsPreferred) await AttendAsync(delivery, session, abort);
                else ahead = delivery;
            }
        }
        finally
        {
            if (ahead is { } untouched) feed.PutBack(untouched);
            ahead = null;
            await session.CloseAsync();
        }
    }

    private async Task AttendAsync(ClaimedDelivery delivery, RelaySession session, CancellationToken abort)
    {
        try
        {
            // A letter that must wait for a permit is the feed's again; the sender goes on with the next.
            if (feed.MaySend(delivery) && !await SendAsync(delivery, session, abort)) return;
        }
        catch (RelayException failure) when (ReceiverBackoff.IsAskedBy(failure))
        {
            // The relay is well; who gets the letters wants fewer.
            await session.CloseAsync();
            if (await SlowDownAsync(delivery, session.Slot.Relay.Id, failure.Reply!, abort)) return;
        }
        catch (RelayException failure) when (session.Sent > 0 && failure.Kind is RelayFailure.ServiceClosing or RelayFailure.ConnectionLost)
        {
            // Some servers close after a number of messages: that is normal, and a new connection is opened at once.
            await session.CloseAsync();
            ahead = Unshift(delivery);
            return;
        }
        catch (RelayException failure)
        {
            await session.CloseAsync();
            if (await FailAsync(session, failure, abort))
            {
                // The others' connections work, and its letters go over those.
                feed.PutBack(delivery);
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or Npgsql.NpgsqlException or IOException or TimeoutException)
        {
            // The database or this process gives up, the person has nothing to do with it.
            await session.CloseAsync();
            feed.StopSlice(delivery);
        }

        feed.DoneWith(delivery);
        if (session.Sent >= session.Slot.Relay.MaxMessagesPerConnection) await session.CloseAsync();
    }

    // True: the relay is well, and this connection is one too many.
    // Without a database the relay goes unmarked, and nothing is sent either. What must not happen is that this sender ends of it:
    // nobody opens another one.
    private async Task<bool> FailAsync(RelaySession session, RelayException failure, CancellationToken abort)
    {
        var (relay, letter) = (session.Slot.Relay.Id, behind);
        behind = null;
        try
        {
            if (await session.Slot.IsOneTooManyAsync(failure, abort))
            {
                Log.TooManyConnections(logger, relay, session.Slot.Number);
                return true;
            }

            Log.RelayFailed(logger, relay, failure.Kind, failure.Stage);
            feed.StopAll();
            var until = await session.Slot.MarkFailedAsync(failure, abort);
            if (letter is not null) await letter.LetOthersFirstAsync(failure, until);
        }
        catch (Exception e) when (e is OperationCanceledException or Npgsql.NpgsqlException or IOException or TimeoutException)
        {
            feed.StopAll();
            Log.NotMarked(logger, relay, e);
        }

        return false;
    }

    /// <summary>False when the letter waits for a permit.</summary>
    private async Task<bool> SendAsync(ClaimedDelivery delivery, RelaySession session, CancellationToken abort)
    {
        behind = null;
        using var permit = await TakePermitAsync(delivery, session, abort);
        if (permit.Until is { } later)
        {
            feed.Wait(delivery, permits.GroupOf(delivery.Domain), later);
            return false;
        }

        var result = await TransmitAsync(delivery, session, abort);
        if (result?.Status == SendStatus.InDoubt) permit.StayCounted();
        await session.Slot.MarkWorkingAsync(abort);
        if (result is null) return true;
        if (!await brake.NoteAsync(delivery, session.Slot.Relay.Id, result, abort)) feed.StopIssue(delivery.Slice.IssueId);
        await FollowSpeedAsync(delivery, session.Slot.Relay.Id, result, abort);
        return true;
    }

    private async ValueTask<Permit> TakePermitAsync(ClaimedDelivery delivery, RelaySession session, CancellationToken abort)
    {
        if (permits.AllAreFree) return Permit.Free;
        var (relay, group) = (session.Slot.Relay.Id, permits.GroupOf(delivery.Domain));
        if (permits.ShutUntil(relay, group) is { } shut) return Permit.NotBefore(shut);
        // Connected first: while a permit waits for a handshake, nobody else may use it.
        if (!permits.IsFree(relay, group)) await session.OpenAsync(abort);
        return await permits.TakeAsync(relay, group);
    }

    private async Task FollowSpeedAsync(ClaimedDelivery delivery, short relay, SendResult result, CancellationToken abort)
    {
        if (result.Status == SendStatus.Accepted && !permits.AllAreFree) await permits.NoteAcceptedAsync(relay, permits.GroupOf(delivery.Domain), abort);
        if (result is { Status: SendStatus.Deferred, Reply: { } reply } && ReceiverBackoff.IsAskedBy(reply)) await permits.SlowDownAsync(relay, permits.GroupOf(delivery.Domain), reply, abort);
    }

    /// <summary>True: the letter waits with its group. False: that could not be written down, and the slice is given back.</summary>
    private async Task<bool> SlowDownAsync(ClaimedDelivery delivery, short relay, SmtpReply reply, CancellationToken abort)
    {
        var group = permits.GroupOf(delivery.Domain);
        Log.TooFast(logger, relay, reply.Code, reply.Enhanced?.ToString());
        try
        {
            feed.Wait(delivery, group, await permits.SlowDownAsync(relay, group, reply, abort));
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or Npgsql.NpgsqlException or IOException or TimeoutException)
        {
            feed.StopSlice(delivery);
            return false;
        }
    }

    /// <summary>Null when the letter could not be written.</summary>
    private async Task<SendResult?> TransmitAsync(ClaimedDelivery delivery, RelaySession session, CancellationToken abort)
    {
        var first = letters.FirstAttemptOf(delivery);
        var isLastChance = delivery.WasHeld && await brake.IsPassedByOthersAsync(delivery.Slice.IssueId, session.Slot.Relay.Id, abort);
        var attempt = new Attempt(delivery, session.Slot.Relay.Id, first, recorder, retries, isLastChance, time);
        try
        {
            var letter = new OutgoingLetter(EnvelopeOf(delivery), await letters.WriteAsync(delivery, first, abort));
            var connection = await session.OpenAsync(abort);
            var began = time.GetTimestamp();
            var sending = connection.SendAsync(letter, attempt.IntendAsync, PeekEnvelope(session.Slot.Relay.Id), abort);
            if (!sending.IsCompleted && ahead is { } next) await letters.WriteAheadAsync(next, abort);
            var result = await sending;
            DeliveryMetrics.Sent(attempt.RelayId, time.GetElapsedTime(began));
            session.CountSent(result.Status);
            attempt.Settle(result);
            if (result.Status == SendStatus.Withdrawn && attempt.Answer != IntentAnswer.Gone) feed.StopSlice(delivery);
            return result;
        }
        catch (Exception e) when (e is MimeException or ArgumentException)
        {
            // The address or name can never stand in a letter: nobody's relay would take it.
            attempt.Record(DeliveryState.Refused, reply: new SmtpReply(553, new EnhancedCode(5, 1, 3), e.Message), stage: "letter", reason: "cannot_be_written");
            return null;
        }
        catch (RelayException e) when (!ReceiverBackoff.IsAskedBy(e) && e.Stage is "RCPT TO" or "DATA" or "BDAT" or "end of data" && (attempt.Intended || session.Sent == 0))
        {
            attempt.LetOthersFirst(e);
            behind = attempt;
            throw;
        }
        catch (Exception e) when (e is RelayException or OperationCanceledException && attempt.Intended)
        {
            // Surely not accepted: the intent is taken back, as if it had not been tried.
            attempt.Record(DeliveryState.Waiting);
            throw;
        }
    }

    /// <summary>The next delivery; null when none has come for so long that the connection is better closed, or another needs it more.</summary>
    private async ValueTask<ClaimedDelivery?> TakeAsync(RelaySession session, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested) return null;
        if (ahead is { } known)
        {
            ahead = null;
            return known;
        }

        using var idle = CancellationTokenSource.CreateLinkedTokenSource(stopping, session.Slot.Wanted);
        idle.CancelAfter(smtp.Value.IdleTimeout);
        while (!feed.Deliveries.TryRead(out known))
        {
            // Without an open connection there is nothing to keep.
            if (!session.IsOpen || !await MayReadAsync(idle.Token)) return null;
        }

        return known;
    }

    /// <summary>False: nothing more comes, or nothing has come until <paramref name="idle"/>.</summary>
    private async ValueTask<bool> MayReadAsync(CancellationToken idle)
    {
        try
        {
            return await feed.Deliveries.WaitToReadAsync(idle);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The envelope of the letter that follows, so that its commands can travel with this letter's final dot.</summary>
    private Envelope? PeekEnvelope(short relay)
    {
        if (ahead is null && feed.Deliveries.TryRead(out var next)) ahead = next;
        // What needs a permit is not announced: its MAIL would travel before the permit is asked for.
        return ahead is { } known && feed.MaySend(known) && (permits.AllAreFree || permits.IsFree(relay, permits.GroupOf(known.Domain))) ? EnvelopeOf(known) : null;
    }

    /// <summary>What was announced with the letter before is not made again.</summary>
    private Envelope EnvelopeOf(ClaimedDelivery delivery)
    {
        if (announced.Delivery != delivery.Id || announced.Envelope is null) announced = (delivery.Id, writer.Envelope(delivery));
        return announced.Envelope;
    }

    private ClaimedDelivery Unshift(ClaimedDelivery delivery)
    {
        if (ahead is { } taken) feed.PutBack(taken);
        return delivery;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Relay {Relay} failed ({Failure} at {Stage}); its letters wait")]
        public static partial void RelayFailed(ILogger logger, short relay, RelayFailure failure, string stage);

        [LoggerMessage(2, LogLevel.Warning, "Relay {Relay} failed, and the database did not take note of it")]
        public static partial void NotMarked(ILogger logger, short relay, Exception exception);

        [LoggerMessage(4, LogLevel.Warning, "Relay {Relay} allows no further connection (number {Number}); those that work go on")]
        public static partial void TooManyConnections(ILogger logger, short relay, int number);

        [LoggerMessage(3, LogLevel.Warning, "Over relay {Relay} a group of destinations asks us to slow down ({Code} {Enhanced}); it rests")]
        public static partial void TooFast(ILogger logger, short relay, int code, string? enhanced);
    }
}
