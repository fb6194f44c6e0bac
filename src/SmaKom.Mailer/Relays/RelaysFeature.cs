namespace SmaKom.Mailer.Relays;

public static class RelaysFeature
{
    public static void AddRelays(this IHostApplicationBuilder builder)
    {
    }

    public static Task PrepareRelaysAsync(this IServiceProvider services, CancellationToken ct) => Task.CompletedTask;
}
