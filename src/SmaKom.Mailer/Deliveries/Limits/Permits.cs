using System.Collections.Concurrent;
using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>
/// The right to begin with a letter now. Where no limit can match it costs nothing; where one can, the database gives it, so that all
/// workers share it and a restart forgets nothing. Senders that ask while a question is under way share the next one.
/// </summary>
public sealed partial class Permits(NpgsqlDataSource source, ReceiverBackoff slowDown, DatabaseClock time, ILogger<Permits> logger)
{
    private static readonly TimeSpan ReadAtMostEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromMilliseconds(200);

    // A permit is leased for a minute: twice missed, and it still holds.
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);

    private readonly PermitStore ledger = new(source);
    private readonly ConcurrentDictionary<(short Relay, string Group), PermitBatch> batches = new();
    private volatile LimitRules rules = LimitRules.None;
    private readonly SemaphoreSlim reading = new(1);
    private long? readAt;

    /// <summary>Looks which limits there are; not more often than makes sense.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        IsStale = readAt is { } last && time.GetElapsedTime(last) < ReadAtMostEvery;
        if (IsStale) return;
        readAt = time.GetTimestamp();
        await ReadAsync(ct);
    }

    /// <summary>The last <see cref="RefreshAsync"/> came too soon after the one before: look again in a tenth of a second.</summary>
    public bool IsStale { get; private set; }

    /// <summary>
    /// Looks again if some group is remembered as shut. After slices were claimed: a change of limits makes them due in the same commit,
    /// so what is read after the claim is the change.
    /// </summary>
    public async Task LookAgainAsync(CancellationToken ct)
    {
        if (rules.AnySlow || batches.Values.Any(batch => batch.ShutUntil > time.GetUtcNow())) await ReadAsync(ct);
    }

    /// <summary>True when there is no limit at all and nobody has asked us to slow down: nothing need even be looked up.</summary>
    public bool AllAreFree => rules.AreNone;

    /// <summary>Which limits are known here; see <see cref="PermitWait"/>.</summary>
    public long LimitsVersion => rules.Version;

    public string GroupOf(string domain) => rules.GroupOf(domain);

    /// <summary>True when letters to the group over this relay need no permit.</summary>
    public bool IsFree(short relay, string group) => IsFree(rules, relay, group);

    /// <summary>Until when there surely is no permit; null: ask.</summary>
    public DateTimeOffset? ShutUntil(short relay, string group)
    {
        var known = rules;
        if (IsFree(known, relay, group)) return null;
        var now = time.GetUtcNow();
        if (known.Slow(relay, group) is { } slow && slow.PausedUntil > now) return slow.PausedUntil;

        return batches.TryGetValue((relay, group), out var batch) && batch.ShutUntil > now ? batch.ShutUntil : null;
    }

    /// <summary>Asks for one permit. Dispose it when the letter has been handled.</summary>
    /// <exception cref="NpgsqlException">The database does not answer: nothing may be sent.</exception>
    public async ValueTask<Permit> TakeAsync(short relay, string group)
    {
        var known = rules;
        if (IsFree(known, relay, group)) return Permit.Free;
        if (ShutUntil(relay, group) is { } shut) return Permit.NotBefore(shut);
        long? flight = null;
        if (known.Slow(relay, group) is not null)
        {
            flight = await slowDown.EnterAsync(relay, group);
            if (flight is null) return Permit.NotBefore(time.GetUtcNow() + WaitForConnection);
        }

        try
        {
            var answer = known.Count(relay, group) ? await AskAsync(relay, group) : default;
            if (answer.Until is null) return Depart(new Permit(this, relay, group, answer.At, flight), relay, group);
            if (flight is { } held) await slowDown.LeaveAsync(held);
            return Permit.NotBefore(answer.Until.Value);
        }
        catch when (flight is not null)
        {
            // Its lease gives it back.
            _ = LeaveQuietlyAsync(flight.Value);
            throw;
        }
    }

    /// <summary>The letter has been handled: from now on its permit grows old.</summary>
    internal void End(Permit permit, short relay, string group)
    {
        if (permit.Flight is { } held) _ = LeaveQuietlyAsync(held);
        var batch = BatchOf(relay, group);
        if (batch.QueueEnded(permit)) _ = AnswerAsync(batch, relay, group);
    }

    private Permit Depart(Permit permit, short relay, string group)
    {
        var batch = BatchOf(relay, group);
        if (batch.Depart(permit)) _ = KeepAsync(batch, relay, group);
        return permit;
    }

    /// <summary>A server may take ten minutes for its reply, a lease lasts one: it is lengthened for as long as letters are on their way.</summary>
    private async Task KeepAsync(PermitBatch batch, short relay, string group)
    {
        do
        {
            await Task.Delay(RenewEvery, time);
            if (batch.QueueRenewal()) _ = AnswerAsync(batch, relay, group);
            await StayQuietlyAsync(batch.TurnOld());
        }
        while (!batch.IsLeft());
    }

    private async Task StayQuietlyAsync(long[] flights)
    {
        try
        {
            if (flights.Length > 0) await slowDown.StayAsync(flights);
        }
        catch (Exception e)
        {
            // Whatever it is, permits must go on being renewed. Tried again long before the lease runs out.
            Log.NotRenewed(logger, e);
        }
    }

    private async Task LeaveQuietlyAsync(long flight)
    {
        try
        {
            await slowDown.LeaveAsync(flight);
        }
        catch (Exception e)
        {
            // Nobody awaits this. Its lease gives it back.
            Log.NotGivenBack(logger, e);
        }
    }

    /// <summary>The receiver is not to get letters for a while; returns until when.</summary>
    public async Task<DateTimeOffset> SlowDownAsync(short relay, string group, SmtpReply reply, CancellationToken ct)
    {
        await slowDown.BeginAsync(relay, group, reply, ct);
        await ReadAsync(ct);
        return rules.Slow(relay, group)?.PausedUntil ?? time.GetUtcNow();
    }

    /// <summary>A letter to the group was accepted.</summary>
    public async ValueTask NoteAcceptedAsync(short relay, string group, CancellationToken ct)
    {
        if (rules.Slow(relay, group) is not { } slow || slow.RaiseAt > time.GetUtcNow()) return;
        await slowDown.RelaxAsync(relay, group, ct);
        await ReadAsync(ct);
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        // One after the other: an older answer must not overtake the one that shows what was just written.
        await reading.WaitAsync(ct);
        try
        {
            rules = await LimitRules.ReadAsync(source, time, ct);
        }
        finally
        {
            reading.Release();
        }

        // A limit may have been raised or taken away: what was refused may be asked again, at the price of one question for each group.
        foreach (var batch in batches.Values) batch.ShutUntil = DateTimeOffset.MinValue;
    }

    private static bool IsFree(LimitRules known, short relay, string group) => !known.Count(relay, group) && known.Slow(relay, group) is null;

    private PermitBatch BatchOf(short relay, string group) => batches.GetOrAdd((relay, group), _ => new PermitBatch());

    private async Task<PermitAnswer> AskAsync(short relay, string group)
    {
        var batch = BatchOf(relay, group);
        var mine = new TaskCompletionSource<PermitAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (batch.Queue(mine)) _ = AnswerAsync(batch, relay, group);
        return await mine.Task;
    }

    /// <summary>Asks for all that wait, tells what has ended and renews what is long under way, until there is nothing of it.</summary>
    private async Task AnswerAsync(PermitBatch batch, short relay, string group)
    {
        while (batch.NextRound() is { } round)
        {
            var asking = round.Asking;
            try
            {
                await RenewAsync(round.Old, relay, group);
                if (asking.Count + round.Ended.Length == 0) continue;
                var (granted, wait, at) = await ledger.TakeAsync(relay, group, asking.Count, round.Ended);
                var until = time.GetUtcNow() + wait;
                if (granted < asking.Count) batch.ShutUntil = until;
                for (var i = 0; i < asking.Count; i++) asking[i].SetResult(i < granted ? new(null, at) : new(until, null));
            }
            catch (Exception e)
            {
                // Each sender hears it and gives its letter back; what has ended is counted until its lease runs out.
                asking.ForEach(waiting => waiting.SetException(e));
            }
        }
    }

    private async Task RenewAsync(Permit[] old, short relay, string group)
    {
        if (old.Length == 0) return;
        DateTime[] given = [.. old.Select(permit => permit.At!.Value)];
        // Should the answer be lost: counted once more rather than not at all.
        foreach (var permit in old) permit.At = PermitStore.Uncertain;
        var renewed = await ledger.RenewAsync(relay, group, given);
        foreach (var permit in old) permit.At = renewed;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Letters on their way to a receiver that limits them were not renewed; tried again before their lease runs out")]
        public static partial void NotRenewed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "A letter to a receiver that limits them was not given back; its lease does so")]
        public static partial void NotGivenBack(ILogger logger, Exception exception);
    }
}
