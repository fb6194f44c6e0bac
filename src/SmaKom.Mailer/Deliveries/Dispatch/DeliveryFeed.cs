using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>
/// Claims slices ahead of the senders and hands out their deliveries; gives each slice back when all of it has been handled.
/// </summary>
public sealed partial class DeliveryFeed(
    Slices slices, Recorder recorder, RelayPool relays, Permits permits, WorkSignal signal, WorkerIdentity worker, NpgsqlDataSource source, IOptions<DispatchOptions> options, DatabaseClock time, ILogger<DeliveryFeed> logger)
{
    // Enough to keep senders busy while the next slice is read, little enough to give back at once.
    private const int Ahead = 256;
    private static readonly TimeSpan WhileLanesHaveEnough = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly Channel<ClaimedDelivery> deliveries = Channel.CreateUnbounded<ClaimedDelivery>();
    private readonly ConcurrentDictionary<long, Held> held = new();
    private WaitingForPermit? parked;

    // When all slices are given back at once, each would want a connection of its own: more than there are, on a busy machine.
    private readonly SemaphoreSlim givingBack = new(2);

    /// <summary>What senders take from.</summary>
    public ChannelReader<ClaimedDelivery> Deliveries => deliveries.Reader;

    /// <summary>Claims until <paramref name="ct"/>; then no more deliveries are handed out.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var wake = signal.Next;
            try
            {
                await permits.RefreshAsync(ct);
                if (!relays.HasRelay) LeaveTheRest();
                else if (deliveries.Reader.Count < Ahead && await HasConnectionAsync(ct) && await ClaimAsync(ct)) continue;
                if (held.IsEmpty) relays.DropReserve();
                await RestAsync(wake, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            // Entity Framework, which reads the relays, wraps what may pass in an InvalidOperationException. Were that to rise,
            // this worker would live on and never claim again.
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or InvalidOperationException { InnerException: NpgsqlException })
            {
                Log.NoDatabase(logger, e);
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        deliveries.Writer.Complete();
    }

    /// <summary>Lengthens leases until <paramref name="ct"/>; a slice whose lease was lost is not worked on any more.</summary>
    public async Task KeepLeasesAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 4);
        while (await timer.WaitForNextTickAsync(ct).AsTask().ContinueWith(t => t.IsCompletedSuccessfully && t.Result, TaskScheduler.Default))
        {
            try
            {
                var claims = held.Keys.ToArray();
                if (claims.Length == 0) continue;
                var alive = await slices.RenewAsync(claims, ct);
                foreach (var claim in claims.Where(claim => !alive.Contains(claim)))
                    if (held.TryGetValue(claim, out var lost)) lost.Stop();
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
            {
                if (!ct.IsCancellationRequested) Log.NoDatabase(logger, e);
            }
        }
    }

    /// <summary>False for a delivery whose slice has been stopped: do not begin with it, just <see cref="DoneWith"/>.</summary>
    public bool MaySend(ClaimedDelivery delivery) => held.TryGetValue(delivery.Slice.ClaimId, out var slice) && !slice.Stopped;

    /// <summary>The rest of the slice is not sent now: its issue is paused, or the relay has failed.</summary>
    public void StopSlice(ClaimedDelivery delivery)
    {
        if (held.TryGetValue(delivery.Slice.ClaimId, out var slice)) slice.Stop();
    }

    /// <summary>The rest of the issue's slices is not sent now: it is paused.</summary>
    public void StopIssue(int issue)
    {
        foreach (var slice in held.Values.Where(slice => slice.Slice.IssueId == issue)) slice.Stop();
    }

    /// <summary>The rest of all slices is not sent now.</summary>
    public void StopAll()
    {
        foreach (var slice in held.Values) slice.Stop();
    }

    /// <summary>Call once for each delivery taken, after its outcome was recorded or when it was left alone.</summary>
    public void DoneWith(ClaimedDelivery delivery)
    {
        if (held.TryGetValue(delivery.Slice.ClaimId, out var slice) && slice.Finish()) _ = GiveBackAsync(slice);
    }

    /// <summary>Completes when every slice has been given back. Senders must have ended.</summary>
    public async Task GiveBackAllAsync()
    {
        LeaveTheRest();
        foreach (var slice in held.Values.ToArray()) await slice.GivenBack;
    }

    /// <summary>Takes back a delivery that a sender took ahead and did not begin with.</summary>
    public void PutBack(ClaimedDelivery delivery)
    {
        if (!deliveries.Writer.TryWrite(delivery)) DoneWith(delivery);
    }

    /// <summary>
    /// Takes over a delivery that must wait for a permit: handed out again when the wait is short, left to its slice when it is long.
    /// The sender says no <see cref="DoneWith"/> for it.
    /// </summary>
    public void Wait(ClaimedDelivery delivery, string group, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        if (until - now < ShortWait && Parked.TryAdd(delivery, group, until)) return;
        // A limit may be changed, so nothing rests for long; and what found no room behind a thousand others does not come back at once.
        var rest = until - now < ShortWait ? ShortWait : until - now > LongestRest ? LongestRest : until - now;
        if (held.TryGetValue(delivery.Slice.ClaimId, out var slice)) slice.RestFor(new(now + rest, permits.LimitsVersion));
        DoneWith(delivery);
    }

    private WaitingForPermit Parked => LazyInitializer.EnsureInitialized(ref parked, () => new WaitingForPermit(time, PutBack));

    private void LeaveTheRest()
    {
        StopAll();
        foreach (var waiting in Parked.TakeAll()) DoneWith(waiting);
        while (deliveries.Reader.TryRead(out var left)) DoneWith(left);
    }

    // What is claimed without a connection to send it over, another worker could have sent. Asks for none where nothing is due.
    private async ValueTask<bool> HasConnectionAsync(CancellationToken ct) =>
        !held.IsEmpty || relays.HasOne || await slices.NextDueAsync(ct) <= TimeSpan.Zero && await relays.ReserveAsync(WaitForConnection, ct);

    private async Task<bool> ClaimAsync(CancellationToken ct)
    {
        var claimed = await slices.ClaimAsync(worker.Id, 1, ct);
        if (claimed.Count > 0) await permits.LookAgainAsync(ct);
        foreach (var slice in claimed)
        {
            var keep = held[slice.ClaimId] = new Held(slice);
            var letters = await ReadAsync(keep, ct);
            keep.Begin(letters.Count);
            DeliveryMetrics.SliceClaimed(letters.Count);
            if (letters.Count == 0) _ = GiveBackAsync(keep);
            foreach (var letter in letters) deliveries.Writer.TryWrite(letter);
        }

        return claimed.Count > 0;
    }

    private async Task<IReadOnlyList<ClaimedDelivery>> ReadAsync(Held slice, CancellationToken ct)
    {
        try
        {
            return await slices.ReadAsync(slice.Slice, ct);
        }
        catch
        {
            // Claimed and not read: kept, its lease would be lengthened for as long as this process lives, and nobody would send it.
            slice.Stop();
            _ = GiveBackAsync(slice);
            throw;
        }
    }

    private async Task GiveBackAsync(Held slice)
    {
        try
        {
            await recorder.FlushAsync();
            await ReturnAsync(slice);
        }
        catch (Exception e)
        {
            // Nobody awaits this, so whatever it is ends here. The lease runs out and the slice is rescued: nothing of it is between intent
            // and outcome, or nobody records what is.
            Log.NotGivenBack(logger, slice.Slice.Id, e);
        }
        finally
        {
            held.TryRemove(slice.Slice.ClaimId, out _);
            slice.HasBeenGivenBack();
            signal.Set();
        }
    }

    private async Task ReturnAsync(Held slice)
    {
        await givingBack.WaitAsync(CancellationToken.None);
        try
        {
            // What was stopped for its relay's sake is due: nobody claims it without a relay, and it goes with the first that works.
            await slices.GiveBackAsync(slice.Slice, slice.Permits, default);
        }
        finally
        {
            givingBack.Release();
        }
    }

    private async Task RestAsync(Task wake, CancellationToken ct)
    {
        if (deliveries.Reader.Count >= Ahead)
        {
            await Task.Delay(WhileLanesHaveEnough, ct);
            // Not at every turn: there are two hundred in a second.
            if (!permits.IsStale) await relays.RefreshAsync(ct);
            return;
        }

        var wait = options.Value.PollInterval;
        if (relays.NextAvailableAt() is { } available) wait = Shorter(wait, available - time.GetUtcNow());
        else if (held.IsEmpty)
        {
            await using (var connection = await source.OpenConnectionAsync(ct)) await slices.CloseFinishedAsync(connection, ct);
            wait = Shorter(wait, await slices.NextDueAsync(ct));
        }

        if (permits.IsStale) wait = Shorter(wait, TimeSpan.FromMilliseconds(100));
        await Task.WhenAny(wake, Task.Delay(wait, ct));
        ct.ThrowIfCancellationRequested();
        await relays.RefreshAsync(ct);
    }

    private static TimeSpan Shorter(TimeSpan wait, TimeSpan other) => other < TimeSpan.FromMilliseconds(20) ? TimeSpan.FromMilliseconds(20) : other < wait ? other : wait;

    /// <summary>A claimed slice and how many of its deliveries are still to be handled.</summary>
    private sealed class Held(ClaimedSlice slice)
    {
        private readonly TaskCompletionSource givenBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int open;
        private volatile bool stopped;

        public ClaimedSlice Slice => slice;
        public bool Stopped => stopped;
        public Task GivenBack => givenBack.Task;

        public void Begin(int count) => open = count;

        /// <summary>The earliest wins: then some of the slice can go on.</summary>
        public void RestFor(PermitWait wait)
        {
            lock (givenBack)
                if (Permits is null || wait.Limits < Permits.Limits || wait.Limits == Permits.Limits && wait.Until < Permits.Until) Permits = wait;
        }

        public PermitWait? Permits { get; private set; }
        public void Stop() => stopped = true;
        public bool Finish() => Interlocked.Decrement(ref open) == 0;
        public void HasBeenGivenBack() => givenBack.TrySetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database does not answer; claiming goes on when it does")]
        public static partial void NoDatabase(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Slice {Slice} could not be given back; it is free when its lease runs out")]
        public static partial void NotGivenBack(ILogger logger, long slice, Exception exception);
    }
}
