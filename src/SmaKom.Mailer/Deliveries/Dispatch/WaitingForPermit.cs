using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>Letters that wait a few seconds for a permit, so that senders go on with others meanwhile. In the order in which they came.</summary>
internal sealed class WaitingForPermit(DatabaseClock time, Action<TakenDelivery> putBack) : IDisposable
{
    /// <summary>More than this are not kept in memory; their slices rest instead.</summary>
    public const int Most = 1000;

    private const int InOneGo = 128;
    private static readonly TimeSpan BetweenGoes = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Lot> lots = [];
    private int count;

    /// <summary>False when there is no room.</summary>
    public bool TryAdd(TakenDelivery taken, string group, DateTimeOffset until)
    {
        lock (gate)
        {
            if (count >= Most) return false;
            count++;
            if (!lots.TryGetValue(group, out var lot)) lots[group] = lot = new Lot();
            lot.Letters.Enqueue(taken);
            if (lot.Timer is null) Arm(lot, group, until - time.GetUtcNow());
            return true;
        }
    }

    public IReadOnlyList<TakenDelivery> TakeAll()
    {
        lock (gate)
        {
            TakenDelivery[] all = [.. lots.Values.SelectMany(lot => lot.Letters)];
            foreach (var lot in lots.Values)
            {
                // A timer that has already rung must find nothing: each letter leaves once.
                lot.Letters.Clear();
                lot.Timer?.Dispose();
            }

            lots.Clear();
            count = 0;
            return all;
        }
    }

    public void Dispose() => TakeAll();

    private void Arm(Lot lot, string group, TimeSpan wait) =>
        lot.Timer = time.CreateTimer(_ => Release(lot, group), null, wait < BetweenGoes ? BetweenGoes : wait, Timeout.InfiniteTimeSpan);

    private void Release(Lot lot, string group)
    {
        var ready = new List<TakenDelivery>();
        lock (gate)
        {
            while (ready.Count < InOneGo && lot.Letters.TryDequeue(out var letter)) ready.Add(letter);
            count -= ready.Count;
            lot.Timer?.Dispose();
            lot.Timer = null;
            if (lot.Letters.Count > 0) Arm(lot, group, BetweenGoes);
        }

        ready.ForEach(putBack);
    }

    private sealed class Lot
    {
        public Queue<TakenDelivery> Letters { get; } = new();
        public ITimer? Timer { get; set; }
    }
}
