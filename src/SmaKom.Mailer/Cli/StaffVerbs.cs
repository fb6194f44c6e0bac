using System.CommandLine;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

internal static class StaffVerbs
{
    public static Command Create(Terminal terminal) => new("staff", terminal.Words["Staff"])
    {
        CreateAdd(terminal),
        CreateList(terminal),
        CreatePassword(terminal),
        CreateRole(terminal),
        CreateRemove(terminal),
    };

    private static Command CreateAdd(Terminal terminal)
    {
        var email = EmailArgument(terminal);
        var role = new Option<string>("--role") { Description = terminal.Words["Option.Role"], DefaultValueFactory = _ => StaffRole.Editor };
        role.AcceptOnlyFromAmong(StaffRole.Editor, StaffRole.Admin);
        var add = new Command("add", terminal.Words["Staff.Add"]) { email, role };
        add.SetAction((parsed, ct) => WithAsync(parsed.GetRequiredValue(email), terminal, (staff, address) =>
            AddAsync(staff, address, parsed.GetRequiredValue(role), terminal, ct)));
        return add;
    }

    private static async Task<int> AddAsync(StaffRegister staff, EmailAddress email, string role, Terminal terminal, CancellationToken ct)
    {
        if (await staff.AddAsync(email, role, Actor.CommandLine, ct) is not { } password)
            return terminal.Fail(ExitCode.Refused, terminal.Words["Staff.Exists", email.Text]);
        terminal.Say(terminal.Words["Staff.Added", email.Text, role]);
        terminal.Say(terminal.Words["Staff.Password", password]);
        if (!await staff.HasAdministratorAsync()) terminal.Say(terminal.Words["Staff.NoAdministrator", email.Text]);
        terminal.Data(new { email = email.Text, role, password });
        return ExitCode.Done;
    }

    private static Command CreateList(Terminal terminal)
    {
        var list = new Command("list", terminal.Words["Staff.List"]);
        list.SetAction(async (_, ct) =>
        {
            await using var app = CommandHost.Open(terminal);
            await using var scope = app.Services.CreateAsyncScope();
            var staff = await scope.ServiceProvider.GetRequiredService<StaffRegister>().ListAsync(ct);
            if (staff.Count == 0) terminal.Say(terminal.Words["Staff.None"]);
            else
            {
                var text = app.Services.GetRequiredService<LocalText>();
                var words = terminal.Words;
                terminal.Table(
                    [words["Column.Email"], words["Column.Role"], words["Column.Sessions"], words["Column.Seen"], ""],
                    staff.Select(member => new string[]
                    {
                        member.Email,
                        string.Join(", ", member.Roles),
                        text.Number(member.Sessions),
                        member.SeenAt is { } seen ? text.Short(seen) : "–",
                        member.Sample ? words["Staff.Sample"] : member.Waits ? words["Staff.Waits"] : "",
                    }));
            }

            terminal.Data(staff);
            return ExitCode.Done;
        });
        return list;
    }

    private static Command CreatePassword(Terminal terminal)
    {
        var email = EmailArgument(terminal);
        var password = new Command("password", terminal.Words["Staff.NewPassword"]) { email };
        password.SetAction((parsed, ct) => WithAsync(parsed.GetRequiredValue(email), terminal, async (staff, address) =>
        {
            if (await staff.RenewPasswordAsync(address, Actor.CommandLine, ct) is not { } renewed) return NoSuchMember(address, terminal);
            terminal.Say(terminal.Words["Staff.PasswordRenewed", address.Text]);
            terminal.Say(terminal.Words["Staff.Password", renewed]);
            terminal.Data(new { email = address.Text, password = renewed });
            return ExitCode.Done;
        }));
        return password;
    }

    private static Command CreateRole(Terminal terminal)
    {
        var email = EmailArgument(terminal);
        var role = new Argument<string>("role") { Description = terminal.Words["Option.Role"] };
        role.AcceptOnlyFromAmong(StaffRole.Editor, StaffRole.Admin);
        var give = new Command("role", terminal.Words["Staff.Role"]) { email, role };
        give.SetAction((parsed, ct) => WithAsync(parsed.GetRequiredValue(email), terminal, async (staff, address) =>
        {
            var given = parsed.GetRequiredValue(role);
            var change = await staff.GiveRoleAsync(address, given, Actor.CommandLine, ct);
            return Tell(change, address, terminal.Words["Staff.RoleGiven", address.Text, given], terminal);
        }));
        return give;
    }

    private static Command CreateRemove(Terminal terminal)
    {
        var email = EmailArgument(terminal);
        var remove = new Command("remove", terminal.Words["Staff.Remove"]) { email };
        remove.SetAction((parsed, ct) => WithAsync(parsed.GetRequiredValue(email), terminal, async (staff, address) =>
            Tell(await staff.RemoveAsync(address, Actor.CommandLine, ct), address, terminal.Words["Staff.Removed", address.Text], terminal)));
        return remove;
    }

    private static Argument<string> EmailArgument(Terminal terminal) => new("email") { Description = terminal.Words["Argument.Email"] };

    private static async Task<int> WithAsync(string input, Terminal terminal, Func<StaffRegister, EmailAddress, Task<int>> action)
    {
        await using var app = CommandHost.Open(terminal);
        var email = SubscriberVerbs.ParseAddress(input, app.Services, terminal);
        await using var scope = app.Services.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<StaffRegister>(), email);
    }

    private static int Tell(StaffChange change, EmailAddress email, string done, Terminal terminal)
    {
        switch (change)
        {
            case StaffChange.NoSuchMember: return NoSuchMember(email, terminal);
            case StaffChange.LastAdministrator: return terminal.Fail(ExitCode.Refused, terminal.Words["Staff.LastAdministrator", email.Text]);
            default:
                terminal.Say(done);
                terminal.Data(new { email = email.Text });
                return ExitCode.Done;
        }
    }

    private static int NoSuchMember(EmailAddress email, Terminal terminal) =>
        terminal.Fail(ExitCode.Refused, terminal.Words["Staff.NoSuchMember", email.Text]);
}
