namespace SmaKom.Mailer.Reports;

public static class StatsFeature
{
    public static void AddStats(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Receipts>();
    }
}
