using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

/// <summary>When a deferred letter is tried again (RFC 5321 §4.5.4.1).</summary>
public sealed class RetrySchedule(IOptions<DispatchOptions> options, DatabaseClock time)
{
    private static readonly TimeSpan BehindTheOthers = TimeSpan.FromMinutes(1);

    /// <summary>
    /// When a letter at which the relay failed is taken up again, for no fault of the person; null when the time for retries has run out.
    /// </summary>
    /// <param name="relayRestsUntil">Behind the others it is only if it is not the first that the relay meets again;
    /// null = the relay does not rest.</param>
    public DateTimeOffset? Requeue(DateTimeOffset firstAttempt, DateTimeOffset? relayRestsUntil)
    {
        var wait = options.Value.RetryWaits[0] < BehindTheOthers ? options.Value.RetryWaits[0] : BehindTheOthers;
        var now = time.GetUtcNow();
        var next = (relayRestsUntil > now ? relayRestsUntil.Value : now) + wait;
        return next - firstAttempt > options.Value.GiveUpAfter ? null : next;
    }

    /// <summary>Null when the time for retries has run out.</summary>
    /// <param name="attempts">Attempts made, 1 or more.</param>
    public DateTimeOffset? NextAttempt(int attempts, DateTimeOffset firstAttempt)
    {
        var now = time.GetUtcNow();
        var waits = options.Value.RetryWaits;
        var wait = waits[Math.Min(attempts, waits.Count) - 1];
        var next = now + wait + wait * (options.Value.RetryJitter * Random.Shared.NextDouble());
        return next - firstAttempt > options.Value.GiveUpAfter ? null : next;
    }
}
