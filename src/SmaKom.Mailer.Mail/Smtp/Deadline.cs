namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// One timer for the life of a connection: a token source for each command would cost more than the command. Arming moves
/// the deadline, not the timer: one that rings too early looks at the deadline and is set again.
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
    private TimeSpan? ringsIn;
    private long setAt;

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
            if (ringsIn is not { } rings || time.GetElapsedTime(setAt, since) + after < rings) Set(after);
        }
    }

    public void Disarm()
    {
        lock (gate) armed = false;
    }

    public void Dispose() => timer.Dispose();

    private void Strike()
    {
        lock (gate)
        {
            ringsIn = null;
            if (!armed)
                return;
            var left = span - time.GetElapsedTime(since);
            if (left > TimeSpan.FromMilliseconds(20))
            {
                Set(left);
                return;
            }
            armed = false;
            HasPassed = true;
        }
        onPassed();
    }

    private void Set(TimeSpan after)
    {
        ringsIn = after;
        setAt = time.GetTimestamp();
        timer.Change(after, Timeout.InfiniteTimeSpan);
    }
}
