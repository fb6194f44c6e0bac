using System.CommandLine;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Halts;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom halts …</c>: what goes out only when somebody has decided, after a restore or a long sleep. Works before the start.</summary>
internal static class HaltVerbs
{
    /// <summary>In place of an issue's short name.</summary>
    private const string Notices = "notices";

    public static Command Create(Terminal terminal) => new("halts", terminal.Words["Halts"])
    {
        CreateList(terminal),
        CreateDecide(terminal),
    };

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Halts.List"]);
        list.SetAction((_, ct) => ListAsync(terminal, ct));
        return list;
    }

    private static Command CreateDecide(Terminal terminal)
    {
        var what = new Argument<string>("issue") { Description = terminal.Words["Argument.Halted"] };
        var goOn = new Option<bool>("--go-on") { Description = terminal.Words["Option.GoOn"] };
        var unknown = new Option<bool>("--unknown") { Description = terminal.Words["Option.TreatAsUnknown"] };
        var stop = new Option<bool>("--stop") { Description = terminal.Words["Option.Stop"] };
        var decide = new Command("decide", terminal.Words["Halts.Decide"]) { what, goOn, unknown, stop };
        decide.SetAction((parsed, ct) =>
        {
            string[] chosen = [.. new[] { goOn, unknown, stop }.Where(option => parsed.GetValue(option)).Select(option => option.Name)];
            if (chosen.Length != 1) throw new CommandException(ExitCode.BadInput, terminal.Words["Halts.OneChoice"]);
            return DecideAsync(parsed.GetRequiredValue(what), chosen[0], terminal, ct);
        });
        return decide;
    }

    private static async Task<int> ListAsync(Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var (halts, say) = (await LookAsync(app.Services, ct), app.Services.GetRequiredService<HaltPhrases>());
        if (halts.Count == 0) terminal.Say(terminal.Words["Halts.None"]);
        foreach (var halt in halts)
        {
            terminal.Say($"{say.Name(halt)}\n  {say.Cause(halt)}\n  {say.Certain(halt)}\n  {say.Since(halt)}");
            terminal.Say($"    --go-on    {say.What(halt, "GoOn")}\n    --unknown  {say.What(halt, "Unknown")}");
            if (halt.IssueId is not null) terminal.Say($"    --stop     {say.What(halt, "Stop")}");
        }

        terminal.Data(halts.Select(halt => new
        {
            issue = halt.Slug ?? Notices,
            halt.Cause,
            halt.Before,
            halt.At,
            halt.LastActiveAt,
            halt.Accepted,
            halt.Waiting,
            halt.PerMinute,
            halt.Likely,
        }));
        return halts.Count == 0 ? ExitCode.Done : ExitCode.Partly;
    }

    private static async Task<int> DecideAsync(string what, string choice, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var halts = await LookAsync(app.Services, ct);
        if (halts.SingleOrDefault(halt => (halt.Slug ?? Notices) == what) is not { } halt)
        {
            var known = string.Join(", ", halts.Select(other => other.Slug ?? Notices));
            return terminal.Fail(ExitCode.Refused, terminal.Words["Halts.NotHalted", what, known == "" ? "–" : known]);
        }

        if (halt.IssueId is null && choice == "--stop") return terminal.Fail(ExitCode.BadInput, terminal.Words["Halts.NoStop"]);
        if (await DecideAsync(halt, choice, app.Services, ct) is not { } letters)
            return terminal.Fail(ExitCode.Refused, terminal.Words["Halts.Decided", what]);
        var say = app.Services.GetRequiredService<HaltPhrases>();
        terminal.Say(choice switch
        {
            "--stop" => terminal.Words["Halts.Stopped", what],
            "--go-on" => say.Done("GoOn", letters),
            _ => say.Done("Unknown", letters)
        });
        terminal.Data(new { done = true, issue = what, decision = choice.TrimStart('-'), letters });
        return ExitCode.Done;
    }

    /// <summary>How many letters it was about; null: somebody else has decided meanwhile.</summary>
    private static async Task<int?> DecideAsync(Halt halt, string choice, IServiceProvider services, CancellationToken ct)
    {
        var (commands, issues, actor) =
            (services.GetRequiredService<HaltCommands>(), services.GetRequiredService<IssueCommands>(), Actor.CommandLine);
        return (halt.IssueId, choice) switch
        {
            (null, "--go-on") => await commands.SendNoticesAsync(actor, ct),
            (null, _) => await commands.DropNoticesAsync(actor, ct),
            ({ } issue, "--unknown") => await commands.TreatAsUnknownAsync(issue, actor, ct),
            ({ } issue, "--go-on") => await commands.GoOnAsync(issue, actor, ct) == CommandAnswer.Done ? halt.Waiting : null,
            ({ } issue, _) => await issues.CancelAsync(issue, actor, ct) == CommandAnswer.Done ? halt.Waiting : null,
        };
    }

    /// <summary>In a database that nobody has met since it was restored, that is done now.</summary>
    private static async Task<IReadOnlyList<Halt>> LookAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<DatabaseWatch>().LookAsync(worker: false, ct);
        return await services.GetRequiredService<HaltList>().ListAsync(ct);
    }
}
