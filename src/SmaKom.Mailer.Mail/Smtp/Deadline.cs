namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// One timer for the life of a connection, armed anew at every wait: a token source for each command would cost more
/// than the command.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Action onPassed;
    private readonly ITimer timer;
    private bool armed;
    private long since;
    private TimeSpan span;

    public Deadline(TimeProvider time, Action onPassed)
    {
        this.time = time;
        this.onPassed = onPassed;
        timer = time.CreateTimer(static self => ((Deadline)self!).Strike(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True once a wait has taken too long; the connection is gone then.</summary>
    public bool HasPassed { get; private set; }

    /// <summary>The span that was armed last.</summary>
    public TimeSpan Span => span;

    public void Arm(TimeSpan after)
    {
        lock (gate)
        {
            armed = true;
            span = after;
            since = time.GetTimestamp();
            timer.Change(after, Timeout.InfiniteTimeSpan);
        }
    }

    public void Disarm()
    {
        lock (gate)
        {
            armed = false;
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Strike()
    {
        lock (gate)
        {
            // A callback that was already queued when the wait ended must not cut the next wait short.
            if (!armed || time.GetElapsedTime(since) < span - TimeSpan.FromMilliseconds(20))
                return;
            armed = false;
            HasPassed = true;
        }
        onPassed();
    }
}
