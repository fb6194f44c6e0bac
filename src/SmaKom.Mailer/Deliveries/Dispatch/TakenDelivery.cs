using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>
/// A delivery in the hands of a sender. To dispose of it says that it was handled, or left alone; one that is put back or waits is the feed's again.
/// </summary>
public sealed class TakenDelivery : IDisposable
{
    private readonly DeliveryFeed feed;
    private readonly HeldSlice slice;
    private bool isGone;

    internal TakenDelivery(DeliveryFeed feed, HeldSlice slice, ClaimedDelivery delivery) =>
        (this.feed, this.slice, Delivery) = (feed, slice, delivery);

    public ClaimedDelivery Delivery { get; }

    /// <summary>As it was announced with the letter before it; null: not made yet.</summary>
    public Envelope? Envelope { get; set; }

    /// <summary>False when its slice has been stopped: do not begin with it.</summary>
    public bool MaySend => !slice.IsStopped;

    /// <summary>The rest of its slice is not sent now: its issue is paused, or the database does not answer.</summary>
    public void StopSlice() => slice.Stop();

    /// <summary>Not begun with: another sender may take it.</summary>
    public void PutBack() => feed.PutBack(Leave());

    /// <summary>It needs a permit: handed out again when the wait is short, left to its slice when it is long.</summary>
    public void Wait(string group, DateTimeOffset until) => feed.Wait(Leave(), slice, group, until);

    public void Dispose()
    {
        if (isGone) return;
        isGone = true;
        feed.Finish(slice);
    }

    private TakenDelivery Leave()
    {
        ObjectDisposedException.ThrowIf(isGone, this);
        isGone = true;
        return new(feed, slice, Delivery) { Envelope = Envelope };
    }
}
