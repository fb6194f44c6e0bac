using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Subscribers.Pages;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

internal static class SubscriberVerbs
{
    public static Command Create(Terminal terminal) =>
        new("subscribers", terminal.Words["Subscribers"])
        {
            CreateAdd(terminal), CreateList(terminal), ImportCommand.Create(terminal), ExportCommand.Create(terminal), MendVerb.Create(terminal),
            PrivacyVerbs.CreateData(terminal), PrivacyVerbs.CreateErase(terminal),
        };

    /// <exception cref="CommandException">Not an address.</exception>
    public static EmailAddress ParseAddress(string input, IServiceProvider services, Terminal terminal) =>
        EmailAddress.TryParse(input, out var address, out var problem)
            ? address
            : throw new CommandException(ExitCode.BadInput,
                terminal.Words["Address.Bad", input, services.GetRequiredService<IStringLocalizer<ImportWords>>().Problem(problem)]);

    private static Command CreateAdd(Terminal terminal)
    {
        var email = new Argument<string>("email") { Description = terminal.Words["Argument.Email"] };
        var name = new Option<string?>("--name") { Description = terminal.Words["Option.Name"] };
        var municipality = new Option<string?>("--municipality") { Description = terminal.Words["Option.Municipality"] };
        var basis = new BasisOptions(terminal);
        var add = new Command("add", terminal.Words["Subscribers.Add"])
        {
            email, name, municipality, basis.Member, basis.Consent, basis.Source, basis.Lists,
        };
        add.SetAction((parsed, ct) => AddAsync(
            parsed.GetRequiredValue(email), parsed.GetValue(name), parsed.GetValue(municipality),
            basis.Read(parsed, "smakom subscribers add") with { EventKind = SubscriberEventKind.AddedByStaff }, terminal, ct));
        return add;
    }

    private static async Task<int> AddAsync(string input, string? name, string? municipality, ImportOrder order, Terminal terminal,
        CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var email = ParseAddress(input, app.Services, terminal);
        await app.Services.PrepareLinkKeysAsync(ct);
        var place = Municipalities.NameOf(UnicodeText.OptionalLine(municipality));
        var fate = await app.Services.GetRequiredService<SubscriberImport>()
            .AddAsync(new ImportRow(1, email, UnicodeText.OptionalLine(name), place, null, null, ""), order, ct);
        var said = app.Services.GetRequiredService<IStringLocalizer<SubscriberPageWords>>()[$"Add.{fate}", email.Text];
        if (fate is ImportOutcome.Left or ImportOutcome.Suppressed) return terminal.Fail(ExitCode.Refused, said);
        terminal.Say(said);
        terminal.Data(new { email = email.Text, fate });
        return ExitCode.Done;
    }

    private static Command CreateList(Terminal terminal)
    {
        var search = new Option<string?>("--search") { Description = terminal.Words["Option.Search"] };
        var on = new Option<string?>("--list") { Description = terminal.Words["Option.OnList"] };
        var limit = new Option<int>("--limit") { Description = terminal.Words["Option.Limit"], DefaultValueFactory = _ => 50 };
        var list = new Command("list", terminal.Words["Subscribers.List"]) { search, on, limit };
        list.SetAction((parsed, ct) => ListAsync(parsed.GetValue(search), parsed.GetValue(on), parsed.GetValue(limit), terminal, ct));
        return list;
    }

    private static async Task<int> ListAsync(string? search, string? on, int limit, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<MailerDb>();
        var list = on is null ? null : await ListVerbs.FindAsync(on, app.Services, terminal, ct);
        var found = db.Subscribers.AsNoTracking().Matching(search).OnList(db, list?.Id).OrderBy(s => s.EmailKey).AsQueryable();
        var people = await (limit > 0 ? found.Take(limit) : found).ToListAsync(ct);
        var words = app.Services.GetRequiredService<IStringLocalizer<SubscriberPageWords>>();
        if (people.Count == 0) terminal.Say(terminal.Words["Subscribers.None"]);
        else
        {
            terminal.Table(
                [terminal.Words["Column.Email"], terminal.Words["Column.Name"], terminal.Words["Column.Municipality"],
                    terminal.Words["Column.State"], terminal.Words["Column.Basis"]],
                people.Select(s => new string[] { s.Email, s.Name ?? "", s.Municipality ?? "", words[$"Status.{s.Status}"],
                    words[$"Basis.{s.LegalBasis}"] }));
            if (people.Count == limit && await found.CountAsync(ct) is var all && all > limit)
                terminal.Say(terminal.Words["Subscribers.More", people.Count, all]);
        }

        terminal.Data(people.Select(s =>
            new { s.Id, s.Email, s.Name, s.Municipality, s.Language, s.Format, s.Status, s.LegalBasis, s.CreatedAt, s.LeftAt }));
        return ExitCode.Done;
    }
}

/// <summary>Why we may write to people, and how we know: the same options for one person and for a list.</summary>
internal sealed class BasisOptions(Terminal terminal)
{
    public Option<bool> Member { get; } = new("--member") { Description = terminal.Words["Option.Member"] };
    public Option<bool> Consent { get; } = new("--consent") { Description = terminal.Words["Option.Consent"] };
    public Option<string?> Source { get; } = new("--source") { Description = terminal.Words["Option.Source"] };

    public Option<string[]> Lists { get; } = new("--list") { Description = terminal.Words["Option.List"], AllowMultipleArgumentsPerToken = true };

    /// <exception cref="CommandException">Both, or consent without its proof.</exception>
    public ImportOrder Read(ParseResult parsed, string defaultSource) =>
        ReadBasis(parsed, defaultSource) with { Lists = parsed.GetValue(Lists) is { Length: > 0 } lists ? lists : null };

    private ImportOrder ReadBasis(ParseResult parsed, string defaultSource)
    {
        var source = parsed.GetValue(Source);
        if (!parsed.GetValue(Consent)) return new(LegalBasis.Member, string.IsNullOrWhiteSpace(source) ? defaultSource : source, Actor.CommandLine);
        if (parsed.GetValue(Member)) throw new CommandException(ExitCode.BadInput, terminal.Words["MemberOrConsent"]);
        if (string.IsNullOrWhiteSpace(source)) throw new CommandException(ExitCode.BadInput, terminal.Words["ConsentSource"]);
        return new(LegalBasis.Consent, source, Actor.CommandLine);
    }
}
