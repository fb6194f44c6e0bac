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
    Slices slices, Recorder recorder, RelayPool relays, Permits permits, WorkSignal signal, WorkerIdentity worker, NpgsqlDataSource source,
    IOptions<DispatchOptions> options, DatabaseClock time, ILogger<DeliveryFeed> logger)
{
    // Enough to keep senders busy while the next slice is read, little enough to give back at once.
    private const int Ahead = 256;
    private static readonly TimeSpan WhileSendersHaveEnough = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly Channel<TakenDelivery> deliveries = Channel.CreateUnbounded<TakenDelivery>();
    private readonly ConcurrentDictionary<long, HeldSlice> held = new();
    private WaitingForPermit? parked;

    // When all slices are given back at once, each would want a connection of its own: more than there are, on a busy machine.
    private readonly SemaphoreSlim givingBack = new(2);

    /// <summary>What senders take from.</summary>
    public ChannelReader<TakenDelivery> Deliveries => deliveries.Reader;

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
            catch (Exception e) when (DatabaseFailure.Is(e))
            {
                logger.LogDatabaseFailure("claiming letters", e);
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
            catch (Exception e) when (DatabaseFailure.Is(e) || e is OperationCanceledException)
            {
                if (!ct.IsCancellationRequested) logger.LogDatabaseFailure("lengthening leases", e);
            }
        }
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

    /// <summary>Completes when every slice has been given back. Senders must have ended.</summary>
    public async Task GiveBackAllAsync()
    {
        LeaveTheRest();
        foreach (var slice in held.Values.ToArray()) await slice.GivenBack;
    }

    /// <summary>One of the slice's deliveries was handled, or left alone.</summary>
    internal void Finish(HeldSlice slice)
    {
        if (slice.Finish()) _ = GiveBackAsync(slice);
    }

    internal void PutBack(TakenDelivery taken)
    {
        if (!deliveries.Writer.TryWrite(taken)) taken.Dispose();
    }

    internal void Wait(TakenDelivery taken, HeldSlice slice, string group, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        if (until - now < ShortWait && Parked.TryAdd(taken, group, until)) return;
        // A limit may be changed, so nothing rests for long; and what found no room behind a thousand others does not come back at once.
        var rest = until - now < ShortWait ? ShortWait : until - now > LongestRest ? LongestRest : until - now;
        slice.RestFor(new(now + rest, permits.LimitsVersion));
        taken.Dispose();
    }

    private WaitingForPermit Parked => LazyInitializer.EnsureInitialized(ref parked, () => new WaitingForPermit(time, PutBack));

    private void LeaveTheRest()
    {
        StopAll();
        foreach (var waiting in Parked.TakeAll()) waiting.Dispose();
        while (deliveries.Reader.TryRead(out var left)) left.Dispose();
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
            var keep = held[slice.ClaimId] = new HeldSlice(slice);
            var letters = await ReadAsync(keep, ct);
            keep.Begin(letters.Count);
            DeliveryMetrics.SliceClaimed(letters.Count);
            if (letters.Count == 0) _ = GiveBackAsync(keep);
            foreach (var letter in letters) deliveries.Writer.TryWrite(new(this, keep, letter));
        }

        return claimed.Count > 0;
    }

    private async Task<IReadOnlyList<ClaimedDelivery>> ReadAsync(HeldSlice slice, CancellationToken ct)
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

    private async Task GiveBackAsync(HeldSlice slice)
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

    private async Task ReturnAsync(HeldSlice slice)
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
            await Task.Delay(WhileSendersHaveEnough, ct);
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

    private static TimeSpan Shorter(TimeSpan wait, TimeSpan other) =>
        other < TimeSpan.FromMilliseconds(20) ? TimeSpan.FromMilliseconds(20) : other < wait ? other : wait;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Slice {Slice} could not be given back; it is free when its lease runs out")]
        public static partial void NotGivenBack(ILogger logger, long slice, Exception exception);
    }
}
