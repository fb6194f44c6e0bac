using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Telemetry;

/// <summary>Where metrics and traces go (section <c>Telemetry</c>). Nothing is measured for nobody.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Address of an OpenTelemetry receiver, as <c>http://collector.example:4318</c>; empty = OTEL_EXPORTER_OTLP_ENDPOINT; neither = off.
    /// </summary>
    public string Endpoint { get; set; } = "";

    /// <summary><c>HttpProtobuf</c> or <c>Grpc</c>.</summary>
    public OtlpExportProtocol Protocol { get; set; } = OtlpExportProtocol.HttpProtobuf;

    /// <summary>Sent with each export, as <c>authorization=Bearer …</c>, more with commas between.</summary>
    public string Headers { get; set; } = "";

    /// <summary>How often metrics are sent. 1 s to 1 h.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    internal sealed class Validation : IValidateOptions<TelemetryOptions>
    {
        public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
        {
            var problems = new List<string>();
            if (options.Endpoint != ""
                && (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
                problems.Add(SettingWords.Say("Telemetry.Endpoint"));
            if (options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromHours(1))
                problems.Add(SettingWords.Say("Telemetry.Interval", options.Interval));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
