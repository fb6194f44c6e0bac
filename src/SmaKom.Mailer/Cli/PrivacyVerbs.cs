using System.CommandLine;
using System.Text.Json;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Privacy.MyData;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom subscribers data</c> and <c>erase</c>: requests of people about their data that reach the office.</summary>
internal static class PrivacyVerbs
{
    public static Command CreateData(Terminal terminal)
    {
        var email = new Argument<string>("email") { Description = terminal.Words["Argument.Email"] };
        var data = new Command("data", terminal.Words["Subscribers.Data"]) { email };
        data.SetAction((parsed, ct) => DataAsync(parsed.GetRequiredValue(email), terminal, ct));
        return data;
    }

    public static Command CreateErase(Terminal terminal)
    {
        var email = new Argument<string>("email") { Description = terminal.Words["Argument.Email"] };
        var yes = new Option<bool>("--yes", "-y") { Description = terminal.Words["Option.Yes"] };
        var erase = new Command("erase", terminal.Words["Subscribers.Erase"]) { email, yes };
        erase.SetAction((parsed, ct) => EraseAsync(parsed.GetRequiredValue(email), parsed.GetValue(yes), terminal, ct));
        return erase;
    }

    /// <summary>The file itself on standard output, with --json on one line.</summary>
    private static async Task<int> DataAsync(string input, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var address = SubscriberVerbs.ParseAddress(input, app.Services, terminal);
        if (await app.Services.GetRequiredService<MyDataReader>().FindAsync(address, ct) is not { } file)
            return terminal.Fail(ExitCode.Refused, terminal.Words["Subscribers.NotHeld"]);
        await app.Services.GetRequiredService<AuditLog>().NoteAsync(Actor.CommandLine, "subscribers.export", null, ct);
        terminal.Say(JsonSerializer.Serialize(file, MyDataSchema.Options));
        terminal.Data(file);
        return ExitCode.Done;
    }

    private static async Task<int> EraseAsync(string input, bool yes, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var address = SubscriberVerbs.ParseAddress(input, app.Services, terminal);
        await app.Services.PrepareLinkKeysAsync(ct);
        if (!yes && !Confirmed(input, terminal)) return terminal.Fail(ExitCode.Refused, terminal.Words["Subscribers.EraseKept"]);
        if (!await app.Services.GetRequiredService<Erasures>().EraseAsync(address, Actor.CommandLine, ct))
            return terminal.Fail(ExitCode.Refused, terminal.Words["Subscribers.NotHeld"]);
        terminal.Say(terminal.Words["Subscribers.Erased"]);
        terminal.Data(new { erased = true });
        return ExitCode.Done;
    }

    private static bool Confirmed(string input, Terminal terminal)
    {
        if (!terminal.Asks) return false;
        Console.Write($"{terminal.Words["Subscribers.EraseAsk"].Value} ");
        return Console.ReadLine()?.Trim() == input;
    }
}
