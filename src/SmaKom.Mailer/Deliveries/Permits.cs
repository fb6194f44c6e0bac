using System.Collections.Concurrent;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Deliveries;

/// <summary>
/// The right to begin with a letter now. Where no limit can match it costs nothing; where one can, the database gives it, so that all
/// workers share it and a restart forgets nothing. Lanes that ask while a question is under way share the next one.
/// </summary>
public sealed class Permits(NpgsqlDataSource source, SlowDown slowDown, TimeProvider time)
{
    private static readonly TimeSpan ReadAtMostEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WaitForConnection = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<(short Relay, string Group), Desk> desks = new();
    private volatile LimitRules rules = LimitRules.None;
    private readonly SemaphoreSlim reading = new(1);
    private long? readAt;

    /// <summary>Looks which limits there are; not more often than makes sense.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        if (readAt is { } last && time.GetElapsedTime(last) < ReadAtMostEvery) return;
        readAt = time.GetTimestamp();
        await ReadAsync(ct);
    }

    /// <summary>
    /// Looks again if some group is remembered as shut. After slices were claimed: a change of limits makes them due in the same commit,
    /// so what is read after the claim is the change.
    /// </summary>
    public async Task LookAgainAsync(CancellationToken ct)
    {
        if (rules.AnySlow || desks.Values.Any(desk => desk.ShutUntil > time.GetUtcNow())) await ReadAsync(ct);
    }

    public string GroupOf(string domain) => rules.GroupOf(domain);

    /// <summary>True when letters to the group over this relay need no permit.</summary>
    public bool IsFree(short relay, string group) => IsFree(rules, relay, group);

    /// <summary>Until when there surely is no permit; null: ask.</summary>
    public DateTimeOffset? ShutUntil(short relay, string group)
    {
        var known = rules;
        if (IsFree(known, relay, group)) return null;
        var now = time.GetUtcNow();
        if (known.Slow(relay, group) is { } slow)
        {
            if (slow.PausedUntil > now) return slow.PausedUntil;
            if (desks.TryGetValue((relay, group), out var busy) && busy.UnderWay >= slow.MaxConnections) return now + WaitForConnection;
        }

        return desks.TryGetValue((relay, group), out var desk) && desk.ShutUntil > now ? desk.ShutUntil : null;
    }

    /// <summary>Asks for one permit. Dispose it when the letter has been seen to.</summary>
    /// <exception cref="NpgsqlException">The database does not answer: nothing may be sent.</exception>
    public async ValueTask<Permit> TakeAsync(short relay, string group)
    {
        var known = rules;
        if (IsFree(known, relay, group)) return Permit.Free;
        if (ShutUntil(relay, group) is { } shut) return Permit.NotBefore(shut);
        var desk = desks.GetOrAdd((relay, group), _ => new Desk());
        if (!desk.TryEnter(known.Slow(relay, group)?.MaxConnections)) return Permit.NotBefore(time.GetUtcNow() + WaitForConnection);
        try
        {
            if (!known.Count(relay, group) || await AskAsync(desk, relay, group) is not { } until) return new Permit(null, desk);
            desk.Leave();
            return Permit.NotBefore(until);
        }
        catch
        {
            desk.Leave();
            throw;
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
        foreach (var desk in desks.Values) desk.ShutUntil = DateTimeOffset.MinValue;
    }

    private static bool IsFree(LimitRules known, short relay, string group) => !known.Count(relay, group) && known.Slow(relay, group) is null;

    /// <summary>Null: granted.</summary>
    private async Task<DateTimeOffset?> AskAsync(Desk desk, short relay, string group)
    {
        var mine = new TaskCompletionSource<DateTimeOffset?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (desk.Queue(mine)) _ = AnswerAsync(desk, relay, group);
        return await mine.Task;
    }

    /// <summary>Asks for all that wait, until nobody does.</summary>
    private async Task AnswerAsync(Desk desk, short relay, string group)
    {
        while (desk.NextRound() is { Count: > 0 } asking)
        {
            try
            {
                var (granted, wait) = await TakeFromDatabaseAsync(relay, group, asking.Count);
                var until = time.GetUtcNow() + wait;
                if (granted < asking.Count) desk.ShutUntil = until;
                for (var i = 0; i < asking.Count; i++) asking[i].SetResult(i < granted ? null : until);
            }
            catch (Exception e)
            {
                // Each lane hears it and gives its letter back.
                asking.ForEach(waiting => waiting.SetException(e));
            }
        }
    }

    private async Task<(int Granted, TimeSpan Wait)> TakeFromDatabaseAsync(short relay, string group, int wanted)
    {
        await using var command = source.CreateCommand("SELECT granted, wait FROM take_permits(@relay, @group, @wanted)");
        command.With(new("relay", relay), new("group", group), new("wanted", wanted));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt32(0), row.GetTimeSpan(1));
    }

    /// <summary>One relay and group: who asks, and how many letters are under way.</summary>
    internal sealed class Desk
    {
        private readonly Lock gate = new();
        private List<TaskCompletionSource<DateTimeOffset?>> waiting = [];
        private bool asking;
        private int underWay;
        private DateTimeOffset shutUntil = DateTimeOffset.MinValue;

        public int UnderWay { get { lock (gate) return underWay; } }

        public DateTimeOffset ShutUntil
        {
            get { lock (gate) return shutUntil; }
            set { lock (gate) shutUntil = value; }
        }

        public bool TryEnter(int? most)
        {
            lock (gate)
            {
                if (underWay >= most) return false;
                underWay++;
                return true;
            }
        }

        public void Leave()
        {
            lock (gate) underWay--;
        }

        /// <summary>True for the one who must answer.</summary>
        public bool Queue(TaskCompletionSource<DateTimeOffset?> one)
        {
            lock (gate)
            {
                waiting.Add(one);
                if (asking) return false;
                return asking = true;
            }
        }

        public List<TaskCompletionSource<DateTimeOffset?>> NextRound()
        {
            lock (gate)
            {
                var round = waiting;
                waiting = [];
                asking = round.Count > 0;
                return round;
            }
        }
    }
}

/// <summary>The answer to the wish to begin with a letter.</summary>
public sealed class Permit : IDisposable
{
    internal static readonly Permit Free = new(null, null);
    private readonly Permits.Desk? desk;

    internal Permit(DateTimeOffset? notBefore, Permits.Desk? desk) => (Until, this.desk) = (notBefore, desk);

    /// <summary>Null: begin. Else: not before.</summary>
    public DateTimeOffset? Until { get; }

    internal static Permit NotBefore(DateTimeOffset until) => new(until, null);

    public void Dispose() => desk?.Leave();
}
