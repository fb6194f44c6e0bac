using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Issues.Halts;

public static class HaltsFeature
{
    public static void AddHalts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DatabaseWatch>();
        builder.Services.AddSingleton<HaltList>();
        builder.Services.AddSingleton<HaltCommands>();
        builder.Services.AddSingleton<HaltPhrases>();
        builder.Services.AddSingleton<ICheck, HaltChecks>();
    }

    /// <summary>Before anything can be sent: is this the database that was left, and did a worker live all the while?</summary>
    public static Task PrepareHaltsAsync(this IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<DatabaseWatch>().LookAsync(services.GetRequiredService<RoleOptions>().Worker, ct);
}
