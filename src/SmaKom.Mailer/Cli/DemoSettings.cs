using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration.Memory;
using SmaKom.Mailer.Demo;

namespace SmaKom.Mailer.Cli;

/// <summary>
/// Settings of a sample run. They lie under all others: what the environment says wins, so that the same program reaches a real relay.
/// </summary>
internal static class DemoSettings
{
    public const int DefaultPort = 5080;

    /// <summary>Names the folder of a sample run; set by the script <c>smakom</c>.</summary>
    private const string BesideVariable = "SMAKOM_SAMPLE";

    public static void Apply(WebApplicationBuilder builder, int port, DirectoryInfo? data)
    {
        LayUnder(builder, $"http://localhost:{port}", data);
        // appsettings.json lies above these: the console's level is set here.
        builder.Logging.AddFilter(null, LogLevel.Warning);
        ServeCommand.ListenOn(builder, port);
    }

    /// <summary>For a command that works beside a sample run: what it looks at is that installation.</summary>
    public static void ApplyBeside(WebApplicationBuilder builder)
    {
        if (Environment.GetEnvironmentVariable(BesideVariable) is { Length: > 0 } folder && Path.Combine(folder, "address") is var address
            && File.Exists(address)) LayUnder(builder, File.ReadAllText(address).Trim(), data: null);
    }

    private static void LayUnder(WebApplicationBuilder builder, string publicUrl, DirectoryInfo? data)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Site:PublicUrl"] = publicUrl,
            ["Sender:Organisation"] = "SmåKom",
            ["Sender:Address"] = "nyhetsbrev@smakom.example",
            ["Sender:ContactEmail"] = "kansli@smakom.example",
            ["Sender:PostalAddress"] = "Exempelgatan 1, 123 45 Gransele",
            ["Sender:Phone"] = "010-000 00 00",
            ["Sender:Site"] = "https://smakom.example",
            ["Accounts:AllowSampleLogin"] = "true",
            ["Compose:Sections"] = "Ordföranden har ordet; Sedan sist; På gång; Tips från andra; Kalender",
            // The links of the samples lead to places that were made up.
            ["Checks:Links"] = "false",
            // Those whom the inbox puts off are tried again while one watches.
            ["Dispatch:RetryAfter:0"] = "00:00:02",
            ["Dispatch:RetryJitter"] = "0",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
        };
        if (string.IsNullOrEmpty(builder.Configuration["Smtp:Host"])) AddInbox(settings);
        if (data is not null) AddKey(settings, data);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
    }

    private static void AddInbox(Dictionary<string, string?> settings)
    {
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        settings["Inbox:Enabled"] = "true";
        settings["Inbox:Port"] = port;
        settings["Smtp:Host"] = "127.0.0.1";
        settings["Smtp:Port"] = port;
        settings["Smtp:Tls"] = "None";
    }

    private static void AddKey(Dictionary<string, string?> settings, DirectoryInfo data)
    {
        settings["Dkim:PrivateKeyFile"] = SampleKey.Ensure(data.FullName);
        settings["Dkim:Selector"] = SampleKey.Selector;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
