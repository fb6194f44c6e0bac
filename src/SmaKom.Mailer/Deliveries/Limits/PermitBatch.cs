namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>One relay and group of this process: who asks for a permit, whose letters are on their way, and whose have been handled.</summary>
internal sealed class PermitBatch
{
    private readonly Lock gate = new();
    private readonly HashSet<Permit> underWay = [];
    private List<TaskCompletionSource<PermitAnswer>> waiting = [];
    private List<Permit> ended = [];
    private bool asking;
    private bool renewing;
    private bool kept;
    private DateTimeOffset shutUntil = DateTimeOffset.MinValue;

    public DateTimeOffset ShutUntil
    {
        get { lock (gate) return shutUntil; }
        set { lock (gate) shutUntil = value; }
    }

    /// <summary>True for the one who must answer.</summary>
    public bool Queue(TaskCompletionSource<PermitAnswer> one)
    {
        lock (gate)
        {
            waiting.Add(one);
            return Begin();
        }
    }

    /// <summary>Its letter is on its way. True for the one who must keep the permits of this desk from growing old.</summary>
    public bool Depart(Permit permit)
    {
        lock (gate)
        {
            underWay.Add(permit);
            if (kept) return false;
            return kept = true;
        }
    }

    /// <summary>Its letter has been handled. True for the one who must tell it.</summary>
    public bool QueueEnded(Permit permit)
    {
        lock (gate)
        {
            if (!underWay.Remove(permit)) return false;
            if (permit.At is null || permit.StaysCounted) return false;
            ended.Add(permit);
            return Begin();
        }
    }

    /// <summary>Those that were under way at the last renewal are renewed in the next round. True for the one who must do it.</summary>
    public bool QueueRenewal()
    {
        lock (gate)
        {
            renewing = underWay.Any(permit => permit is { IsOld: true, At: not null });
            return renewing && Begin();
        }
    }

    /// <summary>The flights of letters that are under way for long; all that are under way count as old from now on.</summary>
    public long[] TurnOld()
    {
        lock (gate)
        {
            var flights = underWay.Where(permit => permit.IsOld).Select(permit => permit.Flight).OfType<long>().ToArray();
            foreach (var permit in underWay) permit.IsOld = true;
            return flights;
        }
    }

    /// <summary>True when nothing is under way: then nobody keeps it until the next letter departs.</summary>
    public bool IsLeft()
    {
        lock (gate)
        {
            if (underWay.Count == 0) kept = false;
            return !kept;
        }
    }

    /// <summary>Null when there is nothing to ask or tell.</summary>
    public Round? NextRound()
    {
        lock (gate)
        {
            var old = renewing ? underWay.Where(permit => permit is { IsOld: true, At: not null }).ToArray() : [];
            var round = new Round(waiting, [.. ended.Select(permit => permit.At!.Value)], old);
            asking = waiting.Count + ended.Count + old.Length > 0;
            (waiting, ended, renewing) = ([], [], false);
            return asking ? round : null;
        }
    }

    private bool Begin()
    {
        if (asking) return false;
        return asking = true;
    }

    /// <param name="Ended">When they were given or renewed whose letters have been handled.</param>
    /// <param name="Old">To be renewed. Whichever ends meanwhile is told in the round after, with the moment that this one writes.</param>
    public sealed record Round(List<TaskCompletionSource<PermitAnswer>> Asking, DateTime[] Ended, Permit[] Old);
}
