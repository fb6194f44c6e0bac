namespace SmaKom.Mailer.Relays.Connections;

/// <summary>How workers share a relay's connections: none has two more than another that wants some.</summary>
internal static class FairShare
{
    // Where there are fewer connections than workers, they take turns.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    /// <summary>How many connections a worker has more than its share.</summary>
    /// <param name="count">Its connections, at least one.</param>
    /// <param name="longest">How long it has had the oldest of them.</param>
    /// <param name="wanting">The other workers that want some.</param>
    public static int Surplus(int count, TimeSpan longest, OtherWorker[] wanting)
    {
        if (wanting.Length == 0) return 0;
        var fair = (count + wanting.Sum(other => other.Has) + wanting.Length) / (wanting.Length + 1);
        var surplus = Math.Min(count - fair, wanting.Sum(other => other.Wants));
        return surplus <= 0 && longest > Turn && wanting.Any(other => other.Has == 0) ? 1 : surplus;
    }
}
