using SmaKom.Mailer.Deliveries.Brake;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

/// <summary>One try at one delivery: its intent, and what is recorded of it.</summary>
/// <param name="isLastChance">It was held before, and the relay takes the letters of others.</param>
internal sealed class Attempt(ClaimedDelivery delivery, short relayId, DateTimeOffset first, Recorder recorder, RetrySchedule retries,
    bool isLastChance, DatabaseClock time)
{
    private bool isBehind;

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
            // Nobody's fault but ours: it is held until somebody has mended that.
            case SendStatus.Refused when IssueBrake.OursIn(result) is not null:
                var again = isLastChance ? null : retries.NextAttempt(delivery.Attempts + 1, first);
                Record(again is null ? DeliveryState.Refused : DeliveryState.Deferred, result.Reply, result.Stage, IssueBrake.Reason, again);
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

    /// <summary>
    /// Surely not accepted, and it may be this very letter that the relay stumbles over: first in line again, it would bring the relay down before
    /// every other letter. It lets the others go first.
    /// </summary>
    public void LetOthersFirst(RelayException failure)
    {
        var later = retries.Requeue(first, null);
        Record(later is null ? DeliveryState.Refused : DeliveryState.Waiting, failure.Reply, failure.Stage, later is null ? "gave_up" : null, later);
        isBehind = later is not null;
    }

    /// <summary>The others go first when the relay is tried again, too.</summary>
    public async Task LetOthersFirstAsync(RelayException failure, DateTimeOffset? relayRestsUntil)
    {
        if (!isBehind || relayRestsUntil is null || retries.Requeue(first, relayRestsUntil) is not { } later) return;
        // In a commit of its own: one that held both would see only the first.
        await recorder.FlushAsync();
        recorder.Record(new Outcome(delivery, DeliveryState.Waiting, Intended: false, relayId, first, time.GetUtcNow(), later, failure.Reply,
            failure.Stage));
    }

    public void Record(DeliveryState state, SmtpReply? reply = null, string? stage = null, string? reason = null, DateTimeOffset? next = null) =>
        recorder.Record(new Outcome(delivery, state, Intended, relayId, first, time.GetUtcNow(), next, reply, stage, reason));
}
