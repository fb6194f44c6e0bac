using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom relays …</c>: the servers that take our mail. Running workers follow a change within a poll.</summary>
internal static class RelayVerbs
{
    public static Command Create(Terminal terminal) => new("relays", terminal.Words["Relays"])
    {
        CreateList(terminal),
        CreateWithSettings("add", "Relays.Add", terminal, AddAsync),
        CreateWithSettings("set", "Relays.Set", terminal, SetAsync),
        CreateForOne("remove", "Relays.Remove", terminal, RemoveAsync),
        CreateForOne("test", "Relays.Test", terminal, TestAsync),
    };

    /// <exception cref="CommandException">No relay has this name.</exception>
    public static async Task<Relay> FindAsync(string name, IServiceProvider services, Terminal terminal, CancellationToken ct)
    {
        var commands = services.GetRequiredService<RelayCommands>();
        if (await commands.FindAsync(name, ct) is { } relay) return relay;
        var known = await commands.ListAsync(ct);
        throw new CommandException(ExitCode.BadInput,
            terminal.Words["Relays.Unknown", name, known.Count == 0 ? "–" : string.Join(", ", known.Select(r => r.Name).Order())]);
    }

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Relays.List"]);
        list.SetAction((_, ct) => ListAsync(terminal, ct));
        return list;
    }

    private static async Task<int> ListAsync(Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var relays = await app.Services.GetRequiredService<RelayCommands>().ListAsync(ct);
        var (words, why) = (terminal.Words, app.Services.GetRequiredService<IStringLocalizer<RelayWords>>());
        if (relays.Count == 0) terminal.Say(words["Relays.None"]);
        else
        {
            terminal.Table(
                [words["Column.Relay"], words["Column.Address"], words["Column.Tls"], words["Column.Client"], words["Column.Priority"],
                    words["Column.Weight"], words["Column.Connections"], words["Column.State"]],
                relays.Select(r => new[]
                {
                    r.Name, $"{r.Host}:{Text(r.Port)}", r.Tls.ToString(), r.Client.ToString(), Text(r.Priority),
                    r.Weight is { } weight ? Text(weight) : "–", Text(r.MaxConnections),
                    !r.Enabled ? words["Relays.Off"] : r.Failures > 0 ? words["Relays.Failing", r.Failures, why.Why(r)] : words["Relays.Well"],
                }));
        }

        terminal.Data(relays.Select(Facts));
        return ExitCode.Done;
    }

    private static Command CreateForOne(string verb, string description, Terminal terminal, Func<string, Terminal, CancellationToken, Task<int>> act)
    {
        var name = new Argument<string>("name") { Description = terminal.Words["Argument.Relay"] };
        var command = new Command(verb, terminal.Words[description]) { name };
        command.SetAction((parsed, ct) => act(parsed.GetRequiredValue(name), terminal, ct));
        return command;
    }

    private static Command CreateWithSettings(string verb, string description, Terminal terminal,
        Func<string, RelaySettings, Terminal, CancellationToken, Task<int>> act)
    {
        var name = new Argument<string>("name") { Description = terminal.Words["Argument.Relay"] };
        var options = new RelaySettingsOptions(terminal);
        var command = new Command(verb, terminal.Words[description]) { name };
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, ct) => act(parsed.GetRequiredValue(name), options.Read(parsed), terminal, ct));
        return command;
    }

    private static async Task<int> AddAsync(string name, RelaySettings settings, Terminal terminal, CancellationToken ct)
    {
        if (settings.Host is not { Length: > 0 } host) return terminal.Fail(ExitCode.BadInput, terminal.Words["Relays.NoHost"]);
        await using var app = CommandHost.Open(terminal);
        var relay = new Relay { Name = name, Host = host, Port = settings.Port ?? 587, Tls = settings.Tls ?? TlsMode.StartTls };
        settings.ApplyTo(relay, app.Services.GetRequiredService<RelayDirectory>());
        if (!await app.Services.GetRequiredService<RelayCommands>().AddAsync(relay, Actor.CommandLine, ct))
            return terminal.Fail(ExitCode.Refused, terminal.Words["Relays.Exists", name]);
        return Tell(relay, "Relays.Added", terminal);
    }

    private static async Task<int> SetAsync(string name, RelaySettings settings, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var directory = app.Services.GetRequiredService<RelayDirectory>();
        var known = await FindAsync(name, app.Services, terminal, ct);
        if (await app.Services.GetRequiredService<RelayCommands>()
            .ChangeAsync(known.Id, relay => settings.ApplyTo(relay, directory), Actor.CommandLine, ct) is not var (changed, dropped))
            return terminal.Fail(ExitCode.Refused, terminal.Words["Relays.Unknown", name, "–"]);
        if (dropped) terminal.Note(terminal.Words["Relays.PasswordDropped", name]);
        if (name == RelayDirectory.Configured) terminal.Note(terminal.Words["Relays.FromSettings", name]);
        return Tell(changed, "Relays.Changed", terminal);
    }

    private static int Tell(Relay relay, string said, Terminal terminal)
    {
        terminal.Say(terminal.Words[said, relay.Name]);
        terminal.Data(Facts(relay));
        return ExitCode.Done;
    }

    private static async Task<int> RemoveAsync(string name, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        await app.Services.GetRequiredService<RelayCommands>()
            .RemoveAsync((await FindAsync(name, app.Services, terminal, ct)).Id, Actor.CommandLine, ct);
        terminal.Say(terminal.Words["Relays.Removed", name]);
        if (name == RelayDirectory.Configured) terminal.Note(terminal.Words["Relays.FromSettings", name]);
        terminal.Data(new { name });
        return ExitCode.Done;
    }

    private static async Task<int> TestAsync(string name, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var relay = await FindAsync(name, app.Services, terminal, ct);
        var trial = await app.Services.GetRequiredService<ConnectionTests>().RunAsync(relay, ct);
        var (works, steps) = (trial.Works, trial.Steps);
        foreach (var step in steps)
            terminal.Say($"{(step.Passed ? "✓" : "✗")} {terminal.Words[$"Relays.Step.{step.Stage}"]} ({step.Took.TotalMilliseconds.ToString("0", CultureInfo.CurrentCulture)} ms): {step.Detail}");
        if (app.Services.GetRequiredService<IStringLocalizer<RelayWords>>().Speed(trial) is { } speed) terminal.Say(speed);
        terminal.Say(terminal.Words[works ? "Relays.Works" : steps.Count > 0 ? "Relays.Fails" : "Relays.NoneFree", name]);
        terminal.Data(new
        {
            name,
            works,
            relay.Client,
            roundTripMs = trial.Speed?.RoundTrip.TotalMilliseconds,
            lettersPerSecondAtMost = PerSecond(trial.Speed),
            steps = steps.Select(s => new { s.Stage, s.Passed, s.Detail, ms = (int)s.Took.TotalMilliseconds })
        });
        return works ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>Null: the test failed, or the way to the relay limits nothing.</summary>
    private static object? PerSecond(ConnectionSpeed? speed) => speed is not { IsLimit: true } ? null
        : Enum.GetValues<SmtpClientKind>().ToDictionary(client => client.ToString(), speed.LettersPerSecond);

    private static object Facts(Relay r) => new
    {
        r.Name,
        r.Host,
        r.Port,
        r.Tls,
        r.Client,
        r.Username,
        hasPassword = r.PasswordProtected is not null,
        r.Priority,
        r.Weight,
        r.MaxConnections,
        r.MaxMessagesPerConnection,
        r.Enabled,
        r.Failures,
        r.AvailableAt,
        r.LastFailure,
        r.LastFailureAt,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
