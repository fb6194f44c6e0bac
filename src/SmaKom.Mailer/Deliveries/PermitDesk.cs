namespace SmaKom.Mailer.Deliveries;

/// <summary>One relay and group of this process: who asks for a permit, and whose letters have been seen to.</summary>
internal sealed class PermitDesk
{
    private readonly Lock gate = new();
    private List<TaskCompletionSource<PermitAnswer>> waiting = [];
    private List<DateTime> ended = [];
    private bool asking;
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

    /// <summary>True for the one who must tell it.</summary>
    public bool QueueEnded(DateTime given)
    {
        lock (gate)
        {
            ended.Add(given);
            return Begin();
        }
    }

    /// <summary>Null when there is nothing to ask or tell.</summary>
    public (List<TaskCompletionSource<PermitAnswer>> Asking, DateTime[] Ended)? NextRound()
    {
        lock (gate)
        {
            var round = (waiting, ended.ToArray());
            asking = waiting.Count + ended.Count > 0;
            (waiting, ended) = ([], []);
            return asking ? round : null;
        }
    }

    private bool Begin()
    {
        if (asking) return false;
        return asking = true;
    }
}
