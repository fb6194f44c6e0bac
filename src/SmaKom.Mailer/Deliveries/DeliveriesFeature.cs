using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Deliveries;

public static class DeliveriesFeature
{
    public static void AddDeliveries(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        builder.Services.AddSingleton<StalledSlices>();
    }
}
