using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SmaKom.Mailer.Telemetry;

/// <summary>Sends metrics and traces by OTLP for as long as the host runs.</summary>
internal sealed class OtlpExport(IOptions<TelemetryOptions> options, QueueGauges queue) : IHostedService, IDisposable
{
    private MeterProvider? metrics;
    private TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Endpoint == "") return Task.CompletedTask;
        queue.Start();
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(DescribeProcess)
            // ASP.NET Core's request durations carry the route, not the address.
            .AddMeter(Instruments.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                SendTo(exporter, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Value.Interval.TotalMilliseconds;
            })
            .Build();
        traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(DescribeProcess)
            .AddSource(Instruments.Name)
            .SetSampler(new AlwaysOnSampler())
            .AddOtlpExporter(exporter => SendTo(exporter, "v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    // What has not been sent yet is sent, for two seconds at most: a receiver that is away must not hold up letters' drain.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        metrics?.Shutdown(2000);
        traces?.Shutdown(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        metrics?.Dispose();
        traces?.Dispose();
    }

    private static void DescribeProcess(ResourceBuilder resource) => resource.Clear()
        .AddService("smakom-mailer", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3),
            serviceInstanceId: $"{Environment.MachineName}/{Environment.ProcessId}");

    private void SendTo(OtlpExporterOptions exporter, string path)
    {
        var root = options.Value.Endpoint.TrimEnd('/');
        exporter.Protocol = options.Value.Protocol;
        exporter.Endpoint = new(exporter.Protocol == OtlpExportProtocol.HttpProtobuf ? $"{root}/{path}" : root);
        if (options.Value.Headers != "") exporter.Headers = options.Value.Headers;
    }
}
