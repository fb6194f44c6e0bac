namespace SmaKom.Mailer.Health;

public static class HealthFeature
{
    public static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Checkup>();
        builder.Services.AddSingleton<ICheck, HaltChecks>();
        builder.Services.AddSingleton<ICheck, DispatchChecks>();
        builder.Services.AddSingleton<ICheck, RelayChecks>();
        builder.Services.AddSingleton<ICheck, JobChecks>();
        builder.Services.AddSingleton<ICheck, CalendarCheck>();
        builder.Services.AddSingleton<ICheck, MachineChecks>();
        builder.Services.AddSingleton<ICheck, SettingChecks>();
        builder.Services.AddSingleton<ICheck, KeyChecks>();
        builder.Services.AddSingleton<FindingTexts>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<KeyNumbersReader>();
    }
}
