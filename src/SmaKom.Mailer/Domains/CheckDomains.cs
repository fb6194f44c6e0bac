using SmaKom.Mailer.Jobs;

namespace SmaKom.Mailer.Domains;

/// <summary>Recurs: asks DNS about the sender's domains, so that no page and no letter waits for it.</summary>
public sealed class CheckDomains(DomainDoctor doctor) : IJob
{
    public Task RunAsync(string? key, CancellationToken ct) => doctor.AskAsync(ct);
}
