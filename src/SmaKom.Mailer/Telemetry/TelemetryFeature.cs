using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Telemetry;

public static class TelemetryFeature
{
    /// <summary>Exports metrics and traces when a receiver is named; otherwise nothing of it is started.</summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration("Telemetry").ValidateOnStart()
            .PostConfigure(options => options.Endpoint = options.Endpoint != "" ? options.Endpoint
                : builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "");
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptions.Validation>();
        builder.Services.AddSingleton<QueueGauges>();
        builder.Services.AddHostedService<OtlpExport>();
    }

    /// <summary>After routing: a request is told by its route, since its address may hold a person's token.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.Endpoint != "") app.Use(RequestTrace.AroundAsync);
    }
}
