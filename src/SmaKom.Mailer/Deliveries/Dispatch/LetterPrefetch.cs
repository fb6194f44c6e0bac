using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>
/// A sender's letters: the one that is being sent, and the next one, written while the database and the relay are waited for. With one
/// connection that wait is most of the time.
/// </summary>
public sealed class LetterPrefetch(LetterWriter writer, DatabaseClock time)
{
    // The sender may have to rest before the next letter, which is then dated anew.
    private static readonly TimeSpan StaysFresh = TimeSpan.FromSeconds(10);

    private LetterBuffer current = new();
    private LetterBuffer spare = new();
    private (ClaimedDelivery Delivery, DateTimeOffset First, ReadOnlyMemory<byte> Bytes)? written;

    /// <summary>When the delivery is first tried: its letter is dated and signed so. Now, but for one that was tried or written before.</summary>
    public DateTimeOffset FirstAttemptOf(ClaimedDelivery delivery)
    {
        if (delivery.FirstAttemptAt is { } tried) return tried;
        var now = time.GetUtcNow();
        return written is { } ready && ReferenceEquals(ready.Delivery, delivery) && now - ready.First < StaysFresh ? ready.First : now;
    }

    /// <summary>The delivery's letter; valid until the next call.</summary>
    /// <exception cref="MimeException">The frozen address or name cannot stand in a letter.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> WriteAsync(ClaimedDelivery delivery, DateTimeOffset first, CancellationToken ct)
    {
        var ready = written;
        written = null;
        if (ready is not { } known || !ReferenceEquals(known.Delivery, delivery) || known.First != first)
            return await writer.WriteAsync(delivery, first, current, ct);
        (current, spare) = (spare, current);
        return known.Bytes;
    }

    /// <summary>Writes the letter that probably comes next. Never fails: its own turn will.</summary>
    public async ValueTask WriteAheadAsync(ClaimedDelivery delivery, CancellationToken ct)
    {
        written = null;
        var first = FirstAttemptOf(delivery);
        try
        {
            written = (delivery, first, await writer.WriteAsync(delivery, first, spare, ct));
        }
        catch (Exception)
        {
            // Whatever it is: a letter is under way, and what becomes of it must be heard first.
        }
    }
}
