using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Relays.Connections;

/// <summary>
/// This process's share of the relays' connections: takes them from the database for whoever waits, gives some up when another worker
/// has too few, and takes them again when the database was away. One task does all of it, and only while there is something to do.
/// </summary>
internal sealed class ConnectionBroker(RelayPool pool, ConnectionLocks locks, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan WhileSomebodyWaits = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    // What was given up for others is not taken back before they have looked.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);

    // After the database was away: who had connections comes first.
    private static readonly TimeSpan Precedence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWithoutDatabase = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly List<RelaySlot> slots = [];
    private readonly List<Asker> waiting = [];
    private readonly List<(short Relay, int Number)> freed = [];
    private readonly Dictionary<short, TimeSpan> courteousUntil = [];
    private TaskCompletionSource poked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task running = Task.CompletedTask;
    private bool isRunning;
    private bool isEnding;
    private bool isShowing;
    private readonly long began = time.GetTimestamp();
    private TimeSpan lookAt;
    private TimeSpan takeFrom;
    private TimeSpan? lostAt;

    public int Count
    {
        get { lock (gate) return slots.Count; }
    }

    /// <summary>Connections for the letters of issues.</summary>
    public int CountForIssues
    {
        get { lock (gate) return slots.Count(slot => !slot.IsAtOnce); }
    }

    /// <summary>This process's other connections to the slot's relay.</summary>
    public RelaySlot[] OthersOf(RelaySlot slot)
    {
        lock (gate) return [.. slots.Where(other => other != slot && other.Relay.Id == slot.Relay.Id)];
    }

    /// <summary>One connection; null: there was none for so long.</summary>
    /// <param name="only">To this relay; null: to one that is to be used now.</param>
    /// <param name="atOnce">Goes before the letters of issues.</param>
    public async Task<RelaySlot?> TakeAsync(Relay? only, bool atOnce, TimeSpan patience, CancellationToken ct)
    {
        var asker = new Asker(only, atOnce, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate) waiting.Add(asker);
        Poke();
        try
        {
            return await asker.Answer.Task.WaitAsync(patience, time, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Answered while it gave up: then it is answered.
            bool isUnanswered;
            lock (gate) isUnanswered = waiting.Remove(asker);
            var late = isUnanswered ? null : await asker.Answer.Task;
            if (e is TimeoutException) return late;
            late?.Dispose();
            throw;
        }
    }

    public void Release(RelaySlot slot)
    {
        lock (gate)
        {
            if (!slots.Remove(slot)) return;
            if (!slot.IsLost) freed.Add((slot.Relay.Id, slot.Number));
            if (slot.Wanted.IsCancellationRequested) courteousUntil[slot.Relay.Id] = Now + Courtesy;
        }

        Poke();
    }

    /// <summary>Something has changed: looks again at once.</summary>
    public void Poke()
    {
        TaskCompletionSource waiter;
        lock (gate)
        {
            (waiter, poked) = (poked, new(TaskCreationOptions.RunContinuationsAsynchronously));
            if (!isRunning && !isEnding && !IsAtRest)
            {
                isRunning = true;
                running = Task.Run(RunAsync);
            }
        }

        waiter.SetResult();
    }

    /// <summary>
    /// A limit may have been lowered, or a relay have moved or changed its client: connections above the limit, and those of the old
    /// kind, end with the letter that is under way.
    /// </summary>
    public void ApplyChanges()
    {
        lock (gate)
            foreach (var slot in slots.Where(slot => !slot.IsAtOnce && (slot.Number >= pool.Most(slot.Relay.Id) || pool.IsOutdated(slot.Relay))))
                slot.Want();
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate) isEnding = true;
        Poke();
        await running;
        await locks.DisposeAsync();
    }

    // Not the time of day, which may be set back.
    private TimeSpan Now => time.GetElapsedTime(began);

    private bool IsAtRest => slots.Count + waiting.Count + freed.Count == 0 && !isShowing;

    private async Task RunAsync()
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                next = poked.Task;
                isRunning = !isEnding && !IsAtRest;
                if (!isRunning) return;
            }

            var pause = await TryRoundAsync();
            await Task.WhenAny(next, Task.Delay(pause, time));
        }
    }

    /// <summary>Returns how long nothing need be looked at.</summary>
    private async Task<TimeSpan> TryRoundAsync()
    {
        try
        {
            if (!locks.IsOpen) await OpenAsync();
            await GiveBackAsync();
            if (Now >= takeFrom) await ServeAsync();
            if (Now >= lookAt || isShowing && !HasWaiting()) await LookAroundAsync();
            return HasWaiting() ? WhileSomebodyWaits : Beat;
        }
        catch (Exception e)
        {
            // Were this task to end of anything, nothing would be sent any more.
            await LoseAsync(e);
            return WhileSomebodyWaits;
        }
    }

    private bool HasWaiting()
    {
        lock (gate) return waiting.Count > 0;
    }

    private async Task OpenAsync()
    {
        await locks.OpenAsync(isAgain: lostAt is not null, CancellationToken.None);
        if (lostAt is null) return;
        List<RelaySlot> mine;
        lock (gate) mine = [.. slots.Where(slot => !slot.IsLost)];
        var gone = (await locks.TakeAgainAsync([.. mine.Select(slot => (slot.Relay.Id, slot.Number))], CancellationToken.None)).ToHashSet();
        foreach (var slot in mine.Where(slot => gone.Contains((slot.Relay.Id, slot.Number))))
        {
            slot.IsLost = true;
            slot.Want();
        }

        (lostAt, takeFrom) = (null, Now + Precedence);
    }

    private async Task LoseAsync(Exception reason)
    {
        await locks.DisposeAsync();
        if (lostAt is null) logger.LogDatabaseFailure("asking which connections to relays are free", reason);
        lostAt ??= Now;
        lock (gate)
        {
            isShowing = false;
            freed.Clear();
            // By now another worker may think that they are free.
            if (Now - lostAt > LongestWithoutDatabase)
                foreach (var slot in slots) slot.Want();
        }
    }

    private async Task GiveBackAsync()
    {
        (short, int)[] numbers;
        lock (gate)
        {
            numbers = [.. freed];
            freed.Clear();
        }

        if (numbers.Length > 0) await locks.GiveBackAsync(numbers, CancellationToken.None);
    }

    private async Task ServeAsync()
    {
        foreach (var offer in Offers())
        {
            int count;
            int[] mine;
            lock (gate)
            {
                count = AskingFor(offer).Count();
                mine = [.. slots.Where(slot => slot.Relay.Id == offer.Relay.Id).Select(slot => slot.Number)];
            }

            if (count == 0) continue;
            var numbers = await locks.TakeAsync(offer.Relay.Id, offer.Most, count, mine, CancellationToken.None);
            lock (gate)
                foreach (var number in numbers) Hand(offer, number);
        }
    }

    private void Hand(Offer offer, int number)
    {
        if (AskingFor(offer).FirstOrDefault() is not { } asker)
        {
            freed.Add((offer.Relay.Id, number));
            return;
        }

        waiting.Remove(asker);
        var slot = new RelaySlot(pool, offer.Relay, number, asker.AtOnce, Now);
        slots.Add(slot);
        asker.Answer.SetResult(slot);
    }

    /// <summary>Relays that somebody waits for, and how many connections each may have.</summary>
    private List<Offer> Offers()
    {
        List<Asker> asking;
        lock (gate) asking = [.. waiting];
        var offers = asking.Exists(asker => asker.Only is null) ? pool.Preferred().Select(one => new Offer(one.Relay, one.Most, null)).ToList() : [];
        return [.. offers, .. asking.Select(asker => asker.Only).OfType<Relay>().DistinctBy(relay => relay.Id)
            .Select(only => new Offer(only, only.ConnectionsAt(time.GetUtcNow()), only.Id))];
    }

    /// <summary>Who may have such a connection now, in the order in which they get one.</summary>
    private IEnumerable<Asker> AskingFor(Offer offer)
    {
        var isCourteous = courteousUntil.TryGetValue(offer.Relay.Id, out var until) && Now < until;
        return waiting.Where(asker => asker.Only?.Id == offer.Only && (asker.AtOnce || !isCourteous)).OrderBy(asker => !asker.AtOnce);
    }

    private async Task LookAroundAsync()
    {
        lookAt = Now + (HasWaiting() ? WhileSomebodyWaits : Beat);
        var offers = Offers();
        ConnectionWish[] wishes;
        lock (gate)
        {
            wishes =
            [
                .. offers.SelectMany(offer => waiting.Where(asker => asker.Only?.Id == offer.Only).GroupBy(asker => asker.AtOnce)
                    .Select(kind => new ConnectionWish(offer.Relay.Id, Math.Min(kind.Count(), offer.Most), kind.Key))),
            ];
            isShowing = wishes.Length > 0;
        }

        var others = await locks.LookAsync(wishes, CancellationToken.None);
        lock (gate)
            foreach (var relay in slots.Select(slot => slot.Relay).DistinctBy(relay => relay.Id).ToList())
                GiveUp(relay, [.. others.Where(other => other.Relay == relay.Id)]);
    }

    private void GiveUp(Relay relay, OtherWorker[] others)
    {
        var mine = slots.Where(slot => slot.Relay.Id == relay.Id && !slot.IsAtOnce).ToList();
        var leaving = mine.Count(slot => slot.Wanted.IsCancellationRequested);
        var staying = mine.Where(slot => !slot.Wanted.IsCancellationRequested).OrderByDescending(slot => slot.Number).ToList();
        var atOnce = others.Sum(other => other.WantsAtOnce)
            + waiting.Count(asker => asker.AtOnce && (asker.Only is null || asker.Only.Id == relay.Id));
        var surplus = mine.Count == 0 ? 0
            : FairShare.Surplus(mine.Count, Now - mine.Min(slot => slot.Since), [.. others.Where(other => other.Wants > 0)]);
        foreach (var slot in staying.Take(Math.Max(atOnce, surplus) - leaving)) slot.Want();
    }
}
