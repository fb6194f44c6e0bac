using SmaKom.Mailer.Findings;

namespace SmaKom.Mailer.Health;

public static class HealthFeature
{
    public static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Checkup>();
        builder.Services.AddSingleton<ICheck, MachineChecks>();
        builder.Services.AddSingleton<ICheck, SettingChecks>();
        builder.Services.AddSingleton<ICheck, KeyChecks>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<KeyNumbersReader>();
        builder.Services.AddSingleton<KeyNumberLines>();
    }
}
