using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>smakom staff</c>: who may log in.</summary>
public sealed class StaffCommandsTests
{
    [Test]
    public async Task Accounts_are_made_listed_changed_and_removed()
    {
        await using var database = await TestDatabase.CreateAsync();
        Assert.That((await Smakom.RunAsync(database, "staff", "list")).Output, Does.Contain("staff add --role admin"));

        var first = await Smakom.RunAsync(database, "staff", "add", "anna@gransele.example");
        Assert.That(first.Output, Does.Contain("(editor)").And.Contain("smakom staff role anna@gransele.example admin"));
        Assert.That((await Smakom.RunAsync(database, "staff", "role", "anna@gransele.example", "admin")).Output, Does.Contain("är nu admin"));
        var renewed = await Smakom.RunAsync(database, "staff", "password", "ANNA@gransele.example", "--json");
        Assert.That(renewed.Json.GetProperty("password").GetString(), Has.Length.EqualTo(23), renewed.Errors);
        var listed = (await Smakom.RunAsync(database, "staff", "list")).Output.Split('\n')[1].Split('\t');
        Assert.That(listed, Is.EqualTo(new[] { "anna@gransele.example", "admin", "0", "–", "" }));

        var refused = await Smakom.RunAsync(database, "staff", "remove", "anna@gransele.example");
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That(refused.Errors, Does.Contain("enda administratören").And.Contain("inget har ändrats"));
        Assert.That((await Smakom.RunAsync(database, "staff", "remove", "nobody@gransele.example")).ExitCode, Is.EqualTo(ExitCode.Refused));

        await Smakom.RunAsync(database, "staff", "add", "olle@gransele.example", "--role", "admin");
        Assert.That((await Smakom.RunAsync(database, "staff", "remove", "anna@gransele.example")).ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(what, ' ' ORDER BY id) FROM admin_action"),
            Is.EqualTo("staff.add staff.role staff.password staff.add staff.remove"));
    }
}
