namespace SmaKom.Mailer.Tests.Support;

/// <summary>The machine's clock, which somebody sets wrong and right again. Timers go on: they count, they do not look at the clock.</summary>
public sealed class JumpingTime : TimeProvider
{
    private long offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref offset));

    /// <summary>From now on the clock is wrong by this much.</summary>
    public void Jump(TimeSpan wrongBy) => Interlocked.Exchange(ref offset, wrongBy.Ticks);
}
