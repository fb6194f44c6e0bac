using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays;

/// <summary>How the relays have behaved. The server's own words stay out: they can name a recipient.</summary>
public sealed class RelayChecks(RelayDirectory relays) : ICheck
{
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var enabled = await relays.EnabledAsync(ct);
        if (enabled.Count == 0) return [new(FindingKind.NoRelay, Severity.Fault)];
        // With another one that works, letters go out all the same.
        var severity = enabled.All(relay => relay.Failures > 0) ? Severity.Fault : Severity.Warning;
        return
        [
            .. enabled.Where(relay => relay.Failures > 0).Select(relay => new Finding(KindOf(relay), severity,
                relay.Name, $"{relay.Host}:{relay.Port}", relay.Failures, (object?)relay.AvailableAt ?? "–")),
            .. enabled.Where(relay => relay.WorkingConnections is not null)
                .Select(relay => new Finding(FindingKind.RelayConnections, Severity.Warning,
                relay.Name, $"{relay.Host}:{relay.Port}", relay.WorkingConnections!, relay.MaxConnections, (object?)relay.MoreConnectionsAt ?? "–")
            { Where = $"/admin/installningar/e-postserver/{relay.Id}" }),
        ];
    }

    private static FindingKind KindOf(Relay relay) => Enum.TryParse<RelayFailure>(relay.LastFailureKind, out var failure) ? failure switch
    {
        RelayFailure.Authentication => FindingKind.RelayPassword,
        RelayFailure.Unreachable or RelayFailure.Timeout => FindingKind.RelayUnreachable,
        RelayFailure.Tls => FindingKind.RelayCertificate,
        RelayFailure.TlsRequired => FindingKind.RelayWantsTls,
        RelayFailure.TlsNotOffered => FindingKind.RelayOffersNoTls,
        RelayFailure.TlsFromStart => FindingKind.RelayTlsFromStart,
        RelayFailure.TlsAfterGreeting => FindingKind.RelayTlsAfterGreeting,
        RelayFailure.TlsTooOld => FindingKind.RelayTlsOld,
        RelayFailure.SenderRefused => FindingKind.RelaySender,
        RelayFailure.Unwelcome => FindingKind.RelayUnwelcome,
        _ => FindingKind.RelayFailing,
    } : FindingKind.RelayFailing;
}
