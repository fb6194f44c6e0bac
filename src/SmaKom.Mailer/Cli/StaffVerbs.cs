using System.CommandLine;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;

namespace SmaKom.Mailer.Cli;

internal static class StaffVerbs
{
    public static Command Create(Terminal terminal) => new("staff", terminal.Words["Staff"]) { CreateAdd(terminal) };

    private static Command CreateAdd(Terminal terminal)
    {
        var email = new Argument<string>("email") { Description = terminal.Words["Argument.Email"] };
        var role = new Option<string>("--role") { Description = terminal.Words["Option.Role"], DefaultValueFactory = _ => StaffRole.Admin };
        role.AcceptOnlyFromAmong(StaffRole.Editor, StaffRole.Admin);
        var add = new Command("add", terminal.Words["Staff.Add"]) { email, role };
        add.SetAction((parsed, ct) => AddAsync(parsed.GetRequiredValue(email), parsed.GetRequiredValue(role), terminal, ct));
        return add;
    }

    private static async Task<int> AddAsync(string input, string role, Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var email = SubscriberVerbs.ParseAddress(input, app.Services, terminal);
        await using var scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<StaffRegister>().AddAsync(email, role, Actor.CommandLine, ct) is not { } password)
            return terminal.Fail(ExitCode.Refused, terminal.Words["Staff.Exists", email.Text]);
        terminal.Say(terminal.Words["Staff.Added", email.Text, role]);
        terminal.Say(terminal.Words["Staff.Password", password]);
        terminal.Data(new { email = email.Text, role, password });
        return ExitCode.Done;
    }
}
