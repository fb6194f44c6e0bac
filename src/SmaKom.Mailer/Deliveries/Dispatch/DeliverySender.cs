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
    DeliveryFeed feed, RelayPool relays, Permits permits, Handover handover, LetterWriter writer, Recorder recorder, RetrySchedule retries,
    IssueBrake brake,
    IOptions<SmtpOptions> smtp, DatabaseClock time, ILogger<DeliverySender> logger)
{
    // Then it looks whether there is anything to do still.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly LetterPrefetch letters = new(writer, time);
    private TakenDelivery? next;
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
            while (slot.IsPreferred && await TakeAsync(session, stopping) is { } taken)
            {
                // A better relay may have come back while this sender had nothing to do.
                if (slot.IsPreferred) await AttendAsync(taken, session, abort);
                else next = taken;
            }
        }
        finally
        {
            next?.PutBack();
            next = null;
            await session.CloseAsync();
        }
    }

    private async Task AttendAsync(TakenDelivery taken, RelaySession session, CancellationToken abort)
    {
        behind = null;
        var domain = taken.Delivery.Domain;
        try
        {
            if (taken.MaySend && await handover.SendAsync(session, domain, () => SendAsync(taken, session, abort), abort) is { } later)
            {
                // The sender goes on with the next.
                taken.Wait(permits.GroupOf(domain), later);
                return;
            }
        }
        catch (RelayException failure) when (session.Sent > 0 && failure.Kind is RelayFailure.ServiceClosing or RelayFailure.ConnectionLost)
        {
            // Some servers close after a number of messages: that is normal, and a new connection is opened at once.
            await session.CloseAsync();
            next?.PutBack();
            next = taken;
            return;
        }
        catch (RelayException failure)
        {
            await session.CloseAsync();
            if (await FailAsync(session, failure, abort))
            {
                // The others' connections work, and its letters go over those.
                taken.PutBack();
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException || DatabaseFailure.Is(e))
        {
            // The database or this process gives up, the person has nothing to do with it.
            await session.CloseAsync();
            taken.StopSlice();
            if (DatabaseFailure.Is(e)) logger.LogDatabaseFailure("sending letters", e);
        }

        taken.Dispose();
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
        catch (Exception e) when (e is OperationCanceledException || DatabaseFailure.Is(e))
        {
            feed.StopAll();
            if (DatabaseFailure.Is(e)) logger.LogDatabaseFailure($"marking relay {relay} as failed", e);
        }

        return false;
    }

    /// <summary>Null when the letter could not be written.</summary>
    private async Task<SendResult?> SendAsync(TakenDelivery taken, RelaySession session, CancellationToken abort)
    {
        var result = await TransmitAsync(taken, session, abort);
        if (result is not null && !await brake.NoteAsync(taken.Delivery, session.Slot.Relay.Id, result, abort))
            feed.StopIssue(taken.Delivery.Slice.IssueId);
        return result;
    }

    private async Task<SendResult?> TransmitAsync(TakenDelivery taken, RelaySession session, CancellationToken abort)
    {
        var delivery = taken.Delivery;
        var first = letters.FirstAttemptOf(delivery);
        var isLastChance = delivery.WasHeld && await brake.IsPassedByOthersAsync(delivery.Slice.IssueId, session.Slot.Relay.Id, abort);
        var attempt = new Attempt(delivery, session.Slot.Relay.Id, first, recorder, retries, isLastChance, time);
        try
        {
            var letter = new OutgoingLetter(EnvelopeOf(taken), await letters.WriteAsync(delivery, first, abort));
            var connection = await session.OpenAsync(abort);
            var began = time.GetTimestamp();
            var sending = connection.SendAsync(letter, attempt.IntendAsync, PeekEnvelope(session.Slot.Relay.Id), abort);
            if (!sending.IsCompleted && next is { } following) await letters.WriteAheadAsync(following.Delivery, abort);
            var result = await sending;
            DeliveryMetrics.Sent(attempt.RelayId, time.GetElapsedTime(began));
            session.CountSent(result.Status);
            attempt.Settle(result);
            if (result.Status == SendStatus.Withdrawn && attempt.Answer != IntentAnswer.Gone) taken.StopSlice();
            return result;
        }
        catch (Exception e) when (e is MimeException or ArgumentException)
        {
            // The address or name can never stand in a letter: nobody's relay would take it.
            attempt.Record(DeliveryState.Refused, reply: new SmtpReply(553, new EnhancedCode(5, 1, 3), e.Message), stage: "letter",
                reason: "cannot_be_written");
            return null;
        }
        catch (RelayException e)
            when (!ReceiverBackoff.IsAskedBy(e) && e.Stage is "RCPT TO" or "DATA" or "BDAT" or "end of data"
                && (attempt.Intended || session.Sent == 0))
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
    private async ValueTask<TakenDelivery?> TakeAsync(RelaySession session, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested) return null;
        if (next is { } known)
        {
            next = null;
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
        if (next is null && feed.Deliveries.TryRead(out var following)) next = following;
        // What needs a permit is not announced: its MAIL would travel before the permit is asked for.
        return next is { MaySend: true } known
            && (permits.AllAreFree || permits.IsFree(relay, permits.GroupOf(known.Delivery.Domain))) ? EnvelopeOf(known) : null;
    }

    private Envelope EnvelopeOf(TakenDelivery taken) => taken.Envelope ??= writer.Envelope(taken.Delivery);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Relay {Relay} failed ({Failure} at {Stage}); its letters wait")]
        public static partial void RelayFailed(ILogger logger, short relay, RelayFailure failure, string stage);

        [LoggerMessage(2, LogLevel.Warning, "Relay {Relay} allows no further connection (number {Number}); those that work go on")]
        public static partial void TooManyConnections(ILogger logger, short relay, int number);
    }
}
