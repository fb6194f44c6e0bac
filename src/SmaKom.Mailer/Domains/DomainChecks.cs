using SmaKom.Mailer.Domains.Checks;
using SmaKom.Mailer.Findings;

namespace SmaKom.Mailer.Domains;

/// <summary>What was wrong with the sender's domains when DNS was asked last.</summary>
public sealed class DomainChecks(DomainDoctor doctor, DomainTexts texts) : ICheck
{
    /// <summary>Receivers refuse letters for it today, or bounces are lost; the rest is held against us in time.</summary>
    private static readonly string[] Faults =
    [
        "Spf.NoName", "Spf.Several", "Spf.Lookups", "Spf.Void", "Spf.Syntax", "Spf.IncludeMissing", "Spf.IncludeSeveral", "Spf.MailServers",
        "Dkim.Missing", "Dkim.Several", "Dkim.Syntax", "Dkim.Revoked", "Dkim.Different",
        "Mail.ReturnPath.NoName", "Mail.ReturnPath.TakesNone", "Mail.ReturnPath.Missing", "Mail.ReturnPath.NoAddress",
    ];

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        if (await doctor.KnownAsync(ct) is not { } report) return [];
        // An address without TLS is told of by its setting.
        var problems = report.Verdicts.Where(verdict => verdict is { Result: DomainResult.Problem, Area: not DomainArea.Https }).Select(Of);
        var silent = report.Verdicts.Where(verdict => verdict.Kind == DomainVerdict.Unanswered)
            .SelectMany(verdict => verdict.Facts).Distinct().ToList();
        if (silent.Count == 0) return [.. problems];
        var unanswered = new Finding(FindingKind.DomainUnanswered, Severity.Note, string.Join(", ", silent), report.AskedAt);
        return [.. problems, unanswered with { Where = DomainEndpoints.Page }];
    }

    private Finding Of(DomainVerdict verdict) => new(
        verdict.Area switch
        {
            DomainArea.Spf => FindingKind.DomainSpf,
            DomainArea.Dkim => FindingKind.DomainDkim,
            DomainArea.Dmarc => FindingKind.DomainDmarc,
            DomainArea.Alignment => FindingKind.DomainAlignment,
            _ => FindingKind.DomainMail,
        },
        Faults.Contains(verdict.Kind) ? Severity.Fault : Severity.Warning,
        verdict.Domain, new Named(verdict.Kind, () => texts.Says(verdict)), new Named(verdict.Kind, () => texts.Advises(verdict)))
    {
        Where = DomainEndpoints.Page,
    };
}
