using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays;

/// <summary>
/// This process's connection slots. Only the relays of the best priority that is available give slots: the others stand by.
/// </summary>
public sealed class RelayPool(RelayDirectory directory, IMailTransport transport, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<short, int> used = [];
    private IReadOnlyList<Relay> relays = [];
    private volatile View? view;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Looks at the relays in the database again.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var read = await directory.EnabledAsync(ct);
        lock (gate) (relays, view) = (read, null);
        Signal();
    }

    /// <summary>When the first relay that is backing off may be tried; null if one is available or there is none.</summary>
    public DateTimeOffset? NextAvailableAt()
    {
        lock (gate) return Preferred().Any() || relays.Count == 0 ? null : relays.Min(r => r.AvailableAt);
    }

    /// <summary>Connections that this process may have at once, over all relays.</summary>
    public int Slots
    {
        get { lock (gate) return relays.Sum(r => r.MaxConnections); }
    }

    /// <summary>Connections that this process has now.</summary>
    public int InUse
    {
        get { lock (gate) return used.Values.Sum(); }
    }

    /// <summary>True when some relay is available.</summary>
    public bool HasRelay
    {
        get { lock (gate) return Preferred().Any(); }
    }

    /// <summary>Waits for a free slot.</summary>
    public async ValueTask<RelaySlot> AcquireAsync(CancellationToken ct)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (TryTake() is { } slot) return slot;
                wait = changed.Task;
            }

            await wait.WaitAsync(ct);
        }
    }

    /// <summary>
    /// One connection beside the slots, for single mails that must not wait behind an issue; null when no relay is available.
    /// A relay thus sees one connection more than its limit says.
    /// </summary>
    public RelaySlot? TakeBeside()
    {
        lock (gate)
        {
            if (Preferred().FirstOrDefault() is not { } relay) return null;
            used[relay.Id] = used.GetValueOrDefault(relay.Id) + 1;
            return new RelaySlot(this, relay);
        }
    }

    /// <summary>False when a better relay is available, the relay was switched off, or it is backing off.</summary>
    internal bool IsPreferred(Relay relay)
    {
        // Asked for each letter by each lane: seldom is there something new to look for.
        var now = time.GetUtcNow();
        if (view is { } known && now < known.Until) return known.Preferred.Contains(relay.Id);
        lock (gate)
        {
            var next = relays.Where(r => r.AvailableAt > now).Min(r => r.AvailableAt) ?? DateTimeOffset.MaxValue;
            var looked = view = new([.. Preferred().Select(r => r.Id)], next);
            return looked.Preferred.Contains(relay.Id);
        }
    }

    internal void Release(Relay relay)
    {
        lock (gate) used[relay.Id]--;
        Signal();
    }

    internal Task<IMailConnection> ConnectAsync(Relay relay, CancellationToken ct) => transport.ConnectAsync(directory.Endpoint(relay), ct);

    internal async Task MarkFailedAsync(Relay relay, RelayException failure, CancellationToken ct)
    {
        var until = await directory.MarkFailedAsync(relay.Id, failure, ct);
        lock (gate)
        {
            if (relays.FirstOrDefault(r => r.Id == relay.Id) is { } known) known.AvailableAt = until;
            view = null;
        }

        Signal();
    }

    internal async Task MarkWorkingAsync(Relay relay, CancellationToken ct)
    {
        if (relay.Failures == 0) return;
        await directory.MarkWorkingAsync(relay.Id, ct);
        lock (gate)
        {
            relay.Failures = 0;
            relay.AvailableAt = null;
            view = null;
        }
    }

    private RelaySlot? TryTake()
    {
        var preferred = Preferred().ToList();
        foreach (var relay in preferred)
        {
            var count = used.GetValueOrDefault(relay.Id);
            if (count >= Share(relay, preferred)) continue;
            used[relay.Id] = count + 1;
            return new RelaySlot(this, relay);
        }

        return null;
    }

    /// <summary>Connections in proportion to the weights, as many as the limit of the scarcest relay allows; one at least.</summary>
    private static int Share(Relay relay, IReadOnlyList<Relay> together)
    {
        if (together.Any(r => r.Weight is null)) return relay.MaxConnections;
        var scarcest = together.Min(r => (double)r.MaxConnections / r.Weight!.Value);
        return Math.Max(1, (int)Math.Round(scarcest * relay.Weight!.Value));
    }

    private IEnumerable<Relay> Preferred()
    {
        var now = time.GetUtcNow();
        var available = relays.Where(r => r.AvailableAt is null || r.AvailableAt <= now).ToList();
        return available.Count == 0 ? [] : available.Where(r => r.Priority == available.Min(a => a.Priority));
    }

    private void Signal()
    {
        TaskCompletionSource waiting;
        lock (gate) (waiting, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        waiting.SetResult();
    }

    /// <summary>Which relays are to be used, until the next one comes back from its rest.</summary>
    private sealed record View(short[] Preferred, DateTimeOffset Until);
}

/// <summary>The right to one connection to one relay.</summary>
public sealed class RelaySlot(RelayPool pool, Relay relay) : IDisposable
{
    public Relay Relay => relay;

    /// <summary>True for as long as this relay is the one to use.</summary>
    public bool IsPreferred => pool.IsPreferred(relay);

    /// <exception cref="RelayException">The relay cannot be used; tell <see cref="MarkFailedAsync"/>.</exception>
    public Task<IMailConnection> ConnectAsync(CancellationToken ct) => pool.ConnectAsync(relay, ct);

    public Task MarkFailedAsync(RelayException failure, CancellationToken ct) => pool.MarkFailedAsync(relay, failure, ct);
    public Task MarkWorkingAsync(CancellationToken ct) => pool.MarkWorkingAsync(relay, ct);
    public void Dispose() => pool.Release(relay);
}
