namespace SmaKom.Mailer.Deliveries;

/// <summary>Slices whose worker has stopped renewing its lease.</summary>
public sealed class StalledSlices
{
    public Task RescueAsync(CancellationToken ct) => Task.CompletedTask;
}
