using System.Collections.Concurrent;
using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Relays.Connections;

/// <summary>
/// Which relay is to be used, and this process's connections to it. Only the relays of the best priority that is available give
/// connections: the others stand by. How many there are holds for all workers together.
/// </summary>
public sealed class RelayPool : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly RelayDirectory directory;
    private readonly NpgsqlDataSource source;
    private readonly ConcurrentDictionary<short, int> turnedAway = new();
    private readonly ConcurrentDictionary<short, bool> letIn = new();
    private readonly MailTransports transports;
    private readonly DatabaseClock time;
    private readonly ConnectionBroker broker;
    private IReadOnlyList<Relay> relays = [];
    private volatile View? view;
    private RelaySlot? reserve;

    public RelayPool(RelayDirectory directory, NpgsqlDataSource source, MailTransports transports, DatabaseClock time, ILogger<RelayPool> logger)
    {
        (this.directory, this.source, this.transports, this.time) = (directory, source, transports, time);
        broker = new(this, new(source), time, logger);
    }

    /// <summary>Looks at the relays in the database again.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        var read = await directory.EnabledAsync(ct);
        lock (gate) (relays, view) = (read, null);
        broker.ApplyChanges();
    }

    /// <summary>When the first relay that is backing off may be tried; null if one is available or there is none.</summary>
    public DateTimeOffset? NextAvailableAt()
    {
        lock (gate) return Available().Any() || relays.Count == 0 ? null : relays.Min(r => r.AvailableAt);
    }

    /// <summary>Connections that all workers together may have at once, over all relays.</summary>
    public int Slots
    {
        get { lock (gate) return relays.Sum(r => r.MaxConnections); }
    }

    /// <summary>Connections that this process has now.</summary>
    public int InUse => broker.Count;

    /// <summary>True when some relay is available.</summary>
    public bool HasRelay
    {
        get { lock (gate) return Available().Any(); }
    }

    /// <summary>A connection for the letters of issues; null: none was free for so long.</summary>
    public async ValueTask<RelaySlot?> TakeAsync(TimeSpan patience, CancellationToken ct)
    {
        if (TakeReserve() is not { } ready) return await broker.TakeAsync(null, atOnce: false, patience, ct);
        if (ready.IsPreferred) return ready;
        ready.Dispose();
        return await broker.TakeAsync(null, atOnce: false, patience, ct);
    }

    /// <summary>A connection for a single mail or a person who waits: an issue's letters make way for it. Null: none was free for so long.</summary>
    /// <param name="only">To this relay; null: to one that is to be used now.</param>
    public Task<RelaySlot?> TakeAtOnceAsync(Relay? only, TimeSpan patience, CancellationToken ct) =>
        broker.TakeAsync(only, atOnce: true, patience, ct);

    /// <summary>This process has a connection for the letters of issues.</summary>
    public bool HasOne => broker.CountForIssues > 0;

    /// <summary>
    /// Takes a connection and holds it until a sender asks for one, or <see cref="DropReserve()"/>. False: none was free for so long.
    /// </summary>
    public async Task<bool> ReserveAsync(TimeSpan patience, CancellationToken ct)
    {
        if (await broker.TakeAsync(null, atOnce: false, patience, ct) is not { } slot) return false;
        lock (gate) reserve = slot;
        slot.Wanted.Register(() => DropReserve(slot));
        return true;
    }

    /// <summary>There was nothing to do for the connection that was held.</summary>
    public void DropReserve() => TakeReserve()?.Dispose();

    public ValueTask DisposeAsync() => broker.DisposeAsync();

    /// <summary>False when a better relay is available, the relay was switched off, or it is backing off.</summary>
    internal bool IsPreferred(Relay relay)
    {
        // Asked for each letter by each sender: seldom is there something new to look for.
        var now = time.GetUtcNow();
        if (view is { } known && now < known.Until) return known.Preferred.Contains(relay.Id);
        lock (gate)
        {
            var next = relays.Where(r => r.AvailableAt > now).Min(r => r.AvailableAt) ?? DateTimeOffset.MaxValue;
            var looked = view = new([.. Available().Select(r => r.Id)], next);
            return looked.Preferred.Contains(relay.Id);
        }
    }

    internal void Release(RelaySlot slot) => broker.Release(slot);

    /// <summary>The relays to be used now, and how many connections each may have.</summary>
    internal IReadOnlyList<(Relay Relay, int Most)> Preferred()
    {
        lock (gate)
        {
            var together = Available().ToList();
            return [.. together.Select(relay => (relay, Share(relay, together, time.GetUtcNow())))];
        }
    }

    /// <summary>How many connections this relay may have; one that is not to be used now loses its own anyway.</summary>
    internal int Most(short relay)
    {
        foreach (var (preferred, most) in Preferred())
            if (preferred.Id == relay) return most;
        return int.MaxValue;
    }

    /// <summary>The relay is not as it was when this was read: elsewhere, with another login, or spoken to by another client.</summary>
    internal bool IsOutdated(Relay known)
    {
        Relay? now;
        lock (gate) now = relays.FirstOrDefault(relay => relay.Id == known.Id);
        return now is not null && now != known && !directory.IsReachedAlike(known, now);
    }

    internal async Task<IMailConnection> ConnectAsync(RelaySlot slot, CancellationToken ct)
    {
        var connection = await transports[slot.Relay.Client].ConnectAsync(directory.Endpoint(slot.Relay), ct);
        turnedAway.TryRemove(slot.Relay.Id, out _);
        letIn[slot.Relay.Id] = true;
        if (Known(slot.Relay.Id) is { WorkingConnections: { } few } known && slot.Number == few && time.GetUtcNow() >= known.MoreConnectionsAt)
            await directory.AllowConnectionAsync(slot.Relay.Id, slot.Number, ct);
        return connection;
    }

    internal async Task<bool> IsOneTooManyAsync(RelaySlot slot, RelayException failure, CancellationToken ct)
    {
        if (!TooManyConnections.IsSaidBy(failure)) return false;
        var relay = slot.Relay.Id;
        var mine = broker.OthersOf(slot);
        // The relay counts a connection before we know that it works.
        await Task.WhenAll(mine.Select(other => other.Opening)).WaitAsync(TooManyConnections.Settling, time, ct)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var open = mine.Count(other => other.IsOpen);
        var held = await TooManyConnections.CountHeldAsync(source, relay, ct) - 1;
        var isOften = turnedAway.AddOrUpdate(relay, 1, static (_, times) => times + 1) >= TooManyConnections.Believable;
        if (held <= 0)
        {
            // One that has let us in may still count a connection that we have closed.
            if (isOften || !letIn.ContainsKey(relay)) return false;
            await Task.Delay(TooManyConnections.Forgetting, time, ct);
            slot.Want();
            return true;
        }

        var few = Math.Max(1, open + held - mine.Length);
        // Of other workers' connections nobody here knows whether they work, and some of our own may be about to close: who is turned away
        // again and again believes it.
        if (isOften || open > 0 && few >= (Known(relay)?.WorkingConnections ?? 0)) await LearnAsync(relay, few, ct);
        slot.Want();
        broker.ApplyChanges();
        return true;
    }

    private async Task LearnAsync(short relay, int few, CancellationToken ct)
    {
        var (working, more) = await directory.LearnConnectionsAsync(relay, few, ct);
        lock (gate)
            if (Known(relay) is { } known) (known.WorkingConnections, known.MoreConnectionsAt) = (working, more);
        turnedAway.TryRemove(relay, out _);
    }

    private Relay? Known(short relay)
    {
        lock (gate) return relays.FirstOrDefault(r => r.Id == relay);
    }

    internal async Task<DateTimeOffset?> MarkFailedAsync(Relay relay, RelayException failure, CancellationToken ct)
    {
        var until = await directory.MarkFailedAsync(relay.Id, failure, ct);
        turnedAway.TryRemove(relay.Id, out _);
        letIn.TryRemove(relay.Id, out _);
        lock (gate)
        {
            if (Known(relay.Id) is { } known) known.AvailableAt = until;
            view = null;
        }

        broker.Poke();
        return until;
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

    private void DropReserve(RelaySlot slot)
    {
        lock (gate)
        {
            if (reserve != slot) return;
            reserve = null;
        }

        slot.Dispose();
    }

    private RelaySlot? TakeReserve()
    {
        lock (gate)
        {
            var held = reserve;
            reserve = null;
            return held;
        }
    }

    /// <summary>Connections in proportion to the weights, as many as the limit of the scarcest relay allows; one at least.</summary>
    private static int Share(Relay relay, IReadOnlyList<Relay> together, DateTimeOffset now)
    {
        if (together.Any(r => r.Weight is null)) return relay.ConnectionsAt(now);
        var scarcest = together.Min(r => (double)r.ConnectionsAt(now) / r.Weight!.Value);
        return Math.Max(1, (int)Math.Round(scarcest * relay.Weight!.Value));
    }

    private IEnumerable<Relay> Available()
    {
        var now = time.GetUtcNow();
        var available = relays.Where(r => r.AvailableAt is null || r.AvailableAt <= now).ToList();
        return available.Count == 0 ? [] : available.Where(r => r.Priority == available.Min(a => a.Priority));
    }

    /// <summary>Which relays are to be used, until the next one comes back from its rest.</summary>
    private sealed record View(short[] Preferred, DateTimeOffset Until);
}
