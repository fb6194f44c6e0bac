using SmaKom.Mailer.Schedule;

namespace SmaKom.Mailer.Deliveries;

/// <summary>Gives back what a dead worker held.</summary>
public sealed class RescueStalled(StalledSlices stalled) : IJob
{
    public Task RunAsync(string? key, CancellationToken ct) => stalled.RescueAsync(ct);
}
