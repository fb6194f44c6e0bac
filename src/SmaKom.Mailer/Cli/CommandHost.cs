using Npgsql;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Cli;

/// <summary>The host's parts without the host running: what a command works with, on the database that the service uses.</summary>
internal static class CommandHost
{
    /// <exception cref="CommandException">No database is named, or its name cannot be read.</exception>
    public static WebApplication Open(Terminal terminal)
    {
        var app = MailerHost.Build([], builder =>
        {
            DemoSettings.ApplyBeside(builder);
            builder.Logging.ClearProviders();
            CheckConnection(builder.Configuration.GetConnectionString("Mailer"), terminal);
        });
        return app;
    }

    public static void CheckConnection(string? connection, Terminal terminal)
    {
        if (string.IsNullOrWhiteSpace(connection)) throw new CommandException(ExitCode.BadInput, terminal.Words["Error.NoConnection"]);
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new CommandException(ExitCode.BadInput, terminal.Words["Error.BadConnection", e.Message]);
        }
    }
}
