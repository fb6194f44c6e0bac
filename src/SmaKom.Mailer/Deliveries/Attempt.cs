using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Deliveries;

/// <summary>One try at one delivery: its intent, and what is recorded of it.</summary>
internal sealed class Attempt(ClaimedDelivery delivery, short relayId, DateTimeOffset first, Recorder recorder, RetrySchedule retries, TimeProvider time)
{
    public short RelayId => relayId;

    /// <summary>The database has been asked, so an intent may stand there.</summary>
    public bool Intended { get; private set; }
    public IntentAnswer Answer { get; private set; }

    /// <summary>The gate before the final dot.</summary>
    public async ValueTask<bool> IntendAsync(CancellationToken ct)
    {
        Intended = true;
        Answer = await recorder.IntendAsync(delivery, relayId, first);
        return Answer == IntentAnswer.Granted;
    }

    /// <summary>Records the result; what was withdrawn before the dot leaves nothing to record.</summary>
    public void Settle(SendResult result)
    {
        switch (result.Status)
        {
            case SendStatus.Accepted:
                Record(DeliveryState.Accepted, result.Reply, result.Stage);
                break;
            case SendStatus.Refused:
                Record(DeliveryState.Refused, result.Reply, result.Stage);
                break;
            case SendStatus.Deferred when retries.NextAttempt(delivery.Attempts + 1, first) is { } next:
                Record(DeliveryState.Deferred, result.Reply, result.Stage, next: next);
                break;
            case SendStatus.Deferred:
                Record(DeliveryState.Refused, result.Reply, result.Stage, reason: "gave_up");
                break;
            case SendStatus.InDoubt:
                Record(DeliveryState.Unknown, result.Reply, result.Stage, reason: "reply_lost");
                break;
        }
    }

    public void Record(DeliveryState state, SmtpReply? reply = null, string? stage = null, string? reason = null, DateTimeOffset? next = null) =>
        recorder.Record(new Outcome(delivery, state, Intended, relayId, first, time.GetUtcNow(), next, reply, stage, reason));
}
