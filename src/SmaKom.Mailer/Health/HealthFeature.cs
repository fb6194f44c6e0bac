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

    /// <summary>For machines, without a login, so without anything that is worth hiding. Past all that reads cookies: those would ask the database.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("ok")).ShortCircuit();
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken ct) =>
        {
            var state = await readiness.LookAsync(ct);
            return Results.Json(state, statusCode: state.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).ShortCircuit();
    }
}
