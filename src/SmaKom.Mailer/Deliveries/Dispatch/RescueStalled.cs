using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Jobs;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>Gives back what a dead worker held, and decides about what is unknown where nobody is to be asked.</summary>
public sealed class RescueStalled(ExpiredLeases stalled, UnknownPolicy policy) : IJob
{
    public async Task RunAsync(string? key, CancellationToken ct)
    {
        await stalled.RescueAsync(ct);
        await policy.ApplyAsync(ct);
    }
}
