using System.CommandLine;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Cli;

internal static class ServeCommand
{
    private const int DefaultPort = 5080;

    public static Command Create(Terminal terminal)
    {
        var port = PortOption(terminal);
        var serve = new Command("serve", terminal.Words["Serve"]) { port };
        serve.SetAction((parsed, ct) => RunAsync(parsed.GetValue(port), terminal, ct));
        return serve;
    }

    public static Command CreateMigrate(Terminal terminal)
    {
        var migrate = new Command("migrate", terminal.Words["Migrate"]);
        migrate.SetAction(async (_, ct) =>
        {
            await using var app = CommandHost.Open(terminal);
            await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
            terminal.Say(terminal.Words["Migrate.Done"]);
            terminal.Data(new { migrated = true });
            return ExitCode.Done;
        });
        return migrate;
    }

    public static Option<int?> PortOption(Terminal terminal) => new("--port") { Description = terminal.Words["Option.Port"] };

    public static async Task<int> RunAsync(int? port, Terminal terminal, CancellationToken ct)
    {
        await using var app = MailerHost.Build([], builder =>
        {
            CommandHost.CheckConnection(builder.Configuration.GetConnectionString("Mailer"), terminal);
            ListenOn(builder, port);
        });
        await StartAsync(app, ct);
        await app.WaitForShutdownAsync(ct);
        return ExitCode.Done;
    }

    /// <summary>Settings are looked at before anything is touched, the database included.</summary>
    public static Task StartAsync(WebApplication app, CancellationToken ct)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        return app.StartMailerAsync(ct);
    }

    /// <summary>The port asked for; otherwise what ASP.NET Core's settings say; otherwise <see cref="DefaultPort"/> on this machine.</summary>
    public static void ListenOn(WebApplicationBuilder builder, int? port)
    {
        // A start that fails is told in words; the host would add a stack trace. What is critical it still logs.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        var settings = new[] { WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey, "Kestrel:Endpoints" };
        var configured = settings.Any(key => builder.Configuration.GetSection(key) is { } section && (section.Value is { Length: > 0 } || section.GetChildren().Any()));
        if (port is not null || !configured) builder.WebHost.UseUrls($"http://localhost:{port ?? DefaultPort}");
    }
}
