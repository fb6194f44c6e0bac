using System.CommandLine;
using System.Globalization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Limits;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom limits …</c>: how many letters in which time, over which relay, to whom.</summary>
internal static class LimitVerbs
{
    private static readonly Dictionary<string, TimeSpan> Spans = new()
    {
        ["second"] = TimeSpan.FromSeconds(1),
        ["minute"] = TimeSpan.FromMinutes(1),
        ["hour"] = TimeSpan.FromHours(1),
        ["day"] = TimeSpan.FromDays(1),
    };

    public static Command Create(Terminal terminal) =>
        new("limits", terminal.Words["Limits"]) { CreateList(terminal), CreateSet(terminal), CreateRemove(terminal) };

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Limits.List"]);
        list.SetAction((_, ct) => ListAsync(terminal, ct));
        return list;
    }

    private static async Task<int> ListAsync(Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var limits = await app.Services.GetRequiredService<RateLimits>().ListAsync(ct);
        var words = terminal.Words;
        if (limits.Count == 0) terminal.Say(words["Limits.None"]);
        else
        {
            terminal.Table(
                [words["Column.Number"], words["Column.Relay"], words["Column.Destination"], words["Column.AtMost"], words["Column.Per"],
                    words["Column.DoublesFrom"], words["Column.Used"]],
                limits.Select(l => new[]
                {
                    Text(l.Id), l.Relay ?? words["Limits.AllRelays"], l.Group ?? words["Limits.AllDestinations"], Text(l.Count),
                    words[$"Limits.Per.{Name(l.Per)}"],
                    l.DoublesFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "–", Text(l.Used),
                }));
        }

        terminal.Data(limits.Select(l => new { l.Id, l.Relay, l.Group, l.Count, per = Name(l.Per), l.DoublesFrom, l.Used }));
        return ExitCode.Done;
    }

    private static Command CreateSet(Terminal terminal)
    {
        var count = new Option<int>("--count") { Description = terminal.Words["Option.Count"], Required = true };
        var per = new Option<string>("--per") { Description = terminal.Words["Option.Per"], Required = true };
        per.AcceptOnlyFromAmong([.. Spans.Keys]);
        var relay = new Option<string?>("--relay") { Description = terminal.Words["Option.Relay"] };
        var group = new Option<string?>("--to") { Description = terminal.Words["Option.To"] };
        var doublesFrom = new Option<DateOnly?>("--doubles-from") { Description = terminal.Words["Option.DoublesFrom"] };
        var set = new Command("set", terminal.Words["Limits.Set"]) { count, per, relay, group, doublesFrom };
        set.SetAction((parsed, ct) => SetAsync(
            parsed.GetRequiredValue(count), parsed.GetRequiredValue(per), parsed.GetValue(relay), parsed.GetValue(group),
            parsed.GetValue(doublesFrom), terminal, ct));
        return set;
    }

    private static async Task<int> SetAsync(int count, string per, string? relay, string? group, DateOnly? doublesFrom, Terminal terminal,
        CancellationToken ct)
    {
        if (count < 1) return terminal.Fail(ExitCode.BadInput, terminal.Words["Limits.BadCount", count]);
        if (doublesFrom is not null && per != "day") return terminal.Fail(ExitCode.BadInput, terminal.Words["Limits.DoublesPerDay"]);
        if (doublesFrom is { } day && !RateLimits.IsDayOfWarmUp(day))
            return terminal.Fail(ExitCode.BadInput, terminal.Words["Limits.DoublesFromDay", RateLimits.FirstYear, RateLimits.LastYear]);
        await using var app = CommandHost.Open(terminal);
        var relayId = relay is null ? (short?)null : (await RelayVerbs.FindAsync(relay, app.Services, terminal, ct)).Id;
        var id = await app.Services.GetRequiredService<RateLimits>().SetAsync(relayId, group, count, Spans[per], doublesFrom, Actor.CommandLine, ct);
        terminal.Say(terminal.Words["Limits.IsSet", id, count, terminal.Words[$"Limits.Per.{per}"]]);
        terminal.Data(new { id });
        return ExitCode.Done;
    }

    private static Command CreateRemove(Terminal terminal)
    {
        var id = new Argument<short>("number") { Description = terminal.Words["Argument.Limit"] };
        var remove = new Command("remove", terminal.Words["Limits.Remove"]) { id };
        remove.SetAction((parsed, ct) => RemoveAsync(parsed.GetRequiredValue(id), terminal, ct));
        return remove;
    }

    private static async Task<int> RemoveAsync(short id, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        if (!await app.Services.GetRequiredService<RateLimits>().RemoveAsync(id, Actor.CommandLine, ct))
            return terminal.Fail(ExitCode.BadInput, terminal.Words["Limits.Unknown", id]);
        terminal.Say(terminal.Words["Limits.Removed", id]);
        terminal.Data(new { id });
        return ExitCode.Done;
    }

    private static string Name(TimeSpan per) => Spans.First(span => span.Value == per).Key;

    private static string Text(long number) => number.ToString(CultureInfo.CurrentCulture);
}
