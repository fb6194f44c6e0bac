using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;

namespace SmaKom.Mailer.Health;

/// <summary>How the relays have behaved. The server's own words stay out: they can name a recipient.</summary>
public sealed class RelayChecks(RelayDirectory relays) : ICheck
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var enabled = await relays.EnabledAsync(ct);
        if (enabled.Count == 0) return [new(FindingKind.NoRelay, Severity.Fault)];
        // With another one that works, letters go out all the same.
        var severity = enabled.All(relay => relay.Failures > 0) ? Severity.Fault : Severity.Warning;
        return [.. enabled.Where(relay => relay.Failures > 0).Select(relay => new Finding(KindOf(relay), severity,
            relay.Name, $"{relay.Host}:{relay.Port}", relay.Failures, (object?)relay.AvailableAt ?? "–"))];
    }

    private static FindingKind KindOf(Relay relay) => Enum.TryParse<RelayFailure>(relay.LastFailureKind, out var failure) ? failure switch
    {
        RelayFailure.Authentication => FindingKind.RelayPassword,
        RelayFailure.Unreachable or RelayFailure.Timeout => FindingKind.RelayUnreachable,
        RelayFailure.Tls => FindingKind.RelayCertificate,
        _ => FindingKind.RelayFailing,
    } : FindingKind.RelayFailing;
}
