using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary>Lists come in and receipts go out through pipes: a container's files are not the administrator's.</summary>
public sealed class PipesTests
{
    [Test]
    public async Task A_list_is_imported_from_standard_input()
    {
        await using var database = await TestDatabase.CreateAsync();
        var broken = Path.GetTempFileName();

        var answer = await Smakom.PipeAsync(database, "E-post;Namn\nåsa@gransele.example;Åsa\nhej@;D\n", "subscribers", "import", "-", "--broken",
            broken);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Partly), answer.Errors);
        Assert.That(await database.ScalarAsync<string>("SELECT name FROM subscriber"), Is.EqualTo("Åsa"));
        Assert.That(await database.ScalarAsync<string>("SELECT detail ->> 'source' FROM subscriber_event"), Is.EqualTo("stdin"));
        Assert.That(await File.ReadAllLinesAsync(broken), Is.EqualTo(new[] { "E-post;Namn", "hej@;D" }));
        File.Delete(broken);
    }

    [Test]
    public async Task A_receipt_on_standard_output_is_the_file_and_nothing_else()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(2);
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        var issue = await database.IssueAsync("2026-11", queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        var file = Path.GetTempFileName();

        var written = await Smakom.RunAsync(database, "issues", "receipt", "2026-11", "--csv", file);
        var piped = await Smakom.RunAsync(database, "issues", "receipt", "2026-11", "--csv", "-");

        Assert.That((written.ExitCode, piped.ExitCode), Is.EqualTo((ExitCode.Done, ExitCode.Done)), piped.Errors);
        Assert.That(piped.Output, Is.EqualTo(await File.ReadAllTextAsync(file)).And.Not.Empty);
        File.Delete(file);
    }
}
