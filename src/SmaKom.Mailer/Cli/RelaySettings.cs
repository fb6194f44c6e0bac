using System.CommandLine;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;

namespace SmaKom.Mailer.Cli;

/// <summary>What was said of a relay; null = not said.</summary>
internal sealed record RelaySettings(
    string? Host, int? Port, TlsMode? Tls, SmtpClientKind? Client, string? Username, string? Password, int? Priority, int? Weight, int? Connections,
    int? Messages, bool? Enabled)
{
    public void ApplyTo(Relay relay, RelayDirectory directory)
    {
        relay.Host = Host ?? relay.Host;
        relay.Port = Port ?? relay.Port;
        relay.Tls = Tls ?? relay.Tls;
        relay.Client = Client ?? relay.Client;
        // An empty name takes the login away.
        if (Username is not null) relay.Username = Username == "" ? null : Username;
        if (Username == "") relay.PasswordProtected = null;
        else if (Password is not null) relay.PasswordProtected = directory.Protect(Password);
        relay.Priority = Priority ?? relay.Priority;
        relay.Weight = Weight ?? relay.Weight;
        relay.MaxConnections = Connections ?? relay.MaxConnections;
        relay.MaxMessagesPerConnection = Messages ?? relay.MaxMessagesPerConnection;
        relay.Enabled = Enabled ?? relay.Enabled;
    }
}

/// <summary>The same options for a new relay and for a change. A password is never an argument: other users of the machine see those.</summary>
internal sealed class RelaySettingsOptions(Terminal terminal)
{
    public const string PasswordVariable = "SMAKOM_RELAY_PASSWORD";

    private readonly Option<string?> host = new("--host") { Description = terminal.Words["Option.Host"] };
    private readonly Option<int?> port = new("--port") { Description = terminal.Words["Option.RelayPort"] };
    private readonly Option<TlsMode?> tls = new("--tls") { Description = terminal.Words["Option.Tls"] };
    private readonly Option<SmtpClientKind?> client = new("--client") { Description = terminal.Words["Option.Client"] };
    private readonly Option<string?> username = new("--username") { Description = terminal.Words["Option.Username"] };
    private readonly Option<bool> passwordStdin = new("--password-stdin") { Description = terminal.Words["Option.PasswordStdin"] };
    private readonly Option<int?> priority = new("--priority") { Description = terminal.Words["Option.Priority"] };
    private readonly Option<int?> weight = new("--weight") { Description = terminal.Words["Option.Weight"] };
    private readonly Option<int?> connections = new("--connections") { Description = terminal.Words["Option.Connections"] };
    private readonly Option<int?> messages = new("--messages") { Description = terminal.Words["Option.Messages"] };
    private readonly Option<bool?> enabled = new("--enabled") { Description = terminal.Words["Option.Enabled"] };

    public IReadOnlyList<Option> All => [host, port, tls, client, username, passwordStdin, priority, weight, connections, messages, enabled];

    /// <exception cref="CommandException">A number is out of its range.</exception>
    public RelaySettings Read(ParseResult parsed) => new(
        parsed.GetValue(host), Within(parsed, port, 1, 65535), parsed.GetValue(tls), parsed.GetValue(client), parsed.GetValue(username),
        Password(parsed),
        Within(parsed, priority, 0, 1000), Within(parsed, weight, 1, 1000), Within(parsed, connections, 1, 500),
        Within(parsed, messages, 1, int.MaxValue), parsed.GetValue(enabled));

    private string? Password(ParseResult parsed)
    {
        var password = parsed.GetValue(passwordStdin) ? Console.In.ReadLine() : Environment.GetEnvironmentVariable(PasswordVariable);
        return string.IsNullOrEmpty(password) ? null : password;
    }

    private int? Within(ParseResult parsed, Option<int?> option, int least, int most) => parsed.GetValue(option) is not { } value ? null
        : value >= least && value <= most ? value
        : throw new CommandException(ExitCode.BadInput, terminal.Words["Relays.OutOfRange", option.Name, value, least, most]);
}
