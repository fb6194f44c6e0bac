namespace SmaKom.Mailer.Deliveries;

/// <summary>The answer to the wish to begin with a letter.</summary>
public sealed class Permit : IDisposable
{
    internal static readonly Permit Free = new(null);
    private readonly Permits? permits;
    private readonly short relay;
    private readonly string group = "";
    private readonly DateTime? at;
    private readonly long? flight;
    private bool staysCounted;

    private Permit(DateTimeOffset? notBefore) => Until = notBefore;

    internal Permit(Permits permits, short relay, string group, DateTime? at, long? flight) =>
        (this.permits, this.relay, this.group, this.at, this.flight) = (permits, relay, group, at, flight);

    /// <summary>Null: begin. Else: not before.</summary>
    public DateTimeOffset? Until { get; }

    internal static Permit NotBefore(DateTimeOffset until) => new(until);

    /// <summary>The reply was lost: the receiver may count the letter yet, for as long as the permit's lease lasts.</summary>
    public void StayCounted() => staysCounted = true;

    public void Dispose() => permits?.End(relay, group, staysCounted ? null : at, flight);
}

/// <param name="Until">Null: granted.</param>
/// <param name="At">When it was granted, by the database's clock; null: no rule counts it.</param>
internal readonly record struct PermitAnswer(DateTimeOffset? Until, DateTime? At);
