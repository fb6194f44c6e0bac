namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>The answer to the wish to begin with a letter.</summary>
public sealed class Permit : IDisposable
{
    internal static readonly Permit Free = new(null);
    private readonly Permits? permits;
    private readonly short relay;
    private readonly string group = "";

    private Permit(DateTimeOffset? notBefore) => Until = notBefore;

    internal Permit(Permits permits, short relay, string group, DateTime? at, long? flight) =>
        (this.permits, this.relay, this.group, At, Flight) = (permits, relay, group, at, flight);

    /// <summary>Null: begin. Else: not before.</summary>
    public DateTimeOffset? Until { get; }

    /// <summary>When it was given or renewed, by the database's clock; null: no rule counts it. Belongs to its <see cref="PermitBatch"/>.</summary>
    internal DateTime? At { get; set; }

    /// <summary>The right to one of the connections of a group that recovers.</summary>
    internal long? Flight { get; }

    /// <summary>Was there already when permits were renewed last.</summary>
    internal bool IsOld { get; set; }

    internal bool StaysCounted { get; private set; }

    internal static Permit NotBefore(DateTimeOffset until) => new(until);

    /// <summary>The reply was lost: the receiver may count the letter yet, for as long as the permit's lease lasts.</summary>
    public void StayCounted() => StaysCounted = true;

    public void Dispose() => permits?.End(this, relay, group);
}

/// <summary>Letters of a slice that were left because no permit was available.</summary>
/// <param name="Until">Not before, if the limits stay as they are.</param>
/// <param name="Limits">The limits that were asked. Once others hold, nothing rests for these.</param>
public sealed record PermitWait(DateTimeOffset Until, long Limits);

/// <param name="Until">Null: granted.</param>
/// <param name="At">When it was granted, by the database's clock; null: no rule counts it.</param>
internal readonly record struct PermitAnswer(DateTimeOffset? Until, DateTime? At);
