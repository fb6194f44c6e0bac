using System.CommandLine;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Settings;

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
        await StartAsync(app, terminal, ct);
        return await WaitAsync(app, ct);
    }

    /// <summary>Until it is told to stop, or one of its loops has ended: what restarts services must know that this was no stop.</summary>
    public static async Task<int> WaitAsync(WebApplication app, CancellationToken ct)
    {
        await app.WaitForShutdownAsync(ct);
        return app.Services.GetRequiredService<BackgroundLoops>().Ended.Count > 0 ? ExitCode.Unexpected : ExitCode.Done;
    }

    /// <summary>Settings are looked at before anything is touched, the database included.</summary>
    /// <exception cref="CommandException">One of its loops has ended before the start was over.</exception>
    public static async Task StartAsync(WebApplication app, Terminal terminal, CancellationToken ct)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        try
        {
            await app.StartMailerAsync(ct);
        }
        catch (OperationCanceledException) when (app.Services.GetRequiredService<BackgroundLoops>().Ended is [var loop, ..])
        {
            throw new CommandException(ExitCode.Unexpected, terminal.Words["Error.LoopEnded", loop]);
        }
    }

    /// <summary>The port asked for; otherwise what ASP.NET Core's settings say; otherwise <see cref="DefaultPort"/> on this machine.</summary>
    public static void ListenOn(WebApplicationBuilder builder, int? port)
    {
        // A start that fails is told in words; the host would add a stack trace. What is critical it still logs.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        var settings = new[] { WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey, "Kestrel:Endpoints" };
        var configured = settings.Any(key => builder.Configuration.GetSection(key) is { } section
            && (section.Value is { Length: > 0 } || section.GetChildren().Any()));
        if (port is not null || !configured) builder.WebHost.UseUrls($"http://localhost:{port ?? DefaultPort}");
    }
}
