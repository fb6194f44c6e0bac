using Microsoft.Extensions.Options;
using SmaKom.Mailer.Domains.Checks;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Domains;

/// <summary>Asks what DNS holds of the sender's domains, and keeps the answer. Sending never asks it.</summary>
public sealed class DomainDoctor(SetupReader setups, DomainReports reports, IOptions<DomainOptions> options, DatabaseClock time)
{
    /// <summary>All questions together: somebody may be waiting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>An answer of a moment ago is the answer of now.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>Asks now. Null: there is nothing to ask, because it is switched off or the domain is nobody's.</summary>
    public async Task<DomainReport?> AskAsync(CancellationToken ct)
    {
        var setup = await setups.ReadAsync(ct);
        if (!MayAsk(setup))
        {
            await reports.ForgetAsync(ct);
            return null;
        }

        var verdicts = await DomainExamination.RunAsync(setup, options.Value.Servers, Limit, TimeProvider.System, ct);
        await reports.WriteAsync(setup, verdicts, ct);
        return new(time.GetUtcNow(), verdicts);
    }

    /// <summary>What is known; asks when that is older than some minutes.</summary>
    public async Task<DomainReport?> FreshAsync(CancellationToken ct) =>
        await KnownAsync(ct) is { } known && time.GetUtcNow() - known.AskedAt < Fresh ? known : await AskAsync(ct);

    /// <summary>What was found last; asks nobody but the database.</summary>
    public async Task<DomainReport?> KnownAsync(CancellationToken ct) => await reports.ReadAsync(await setups.ReadAsync(ct), ct);

    public async Task<bool> MayAskAsync(CancellationToken ct) => MayAsk(await setups.ReadAsync(ct));

    private bool MayAsk(SendingSetup setup) => options.Value.Ask && !ReservedDomain.IsOutsideDns(setup.From);
}
