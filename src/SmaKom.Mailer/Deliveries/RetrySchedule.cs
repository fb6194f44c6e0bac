using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Deliveries;

/// <summary>When a deferred letter is tried again (RFC 5321 §4.5.4.1).</summary>
public sealed class RetrySchedule(IOptions<DispatchOptions> options, TimeProvider time)
{
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
