using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>smakom issues unknown</c> and <c>issues receipt --csv</c>.</summary>
public sealed class UnknownCommandTests
{
    [Test]
    public async Task Unknown_letters_are_listed_sent_again_and_left()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SentIssueAsync();

        var both = await Smakom.RunAsync(database, "issues", "unknown", "2026-11", "--send-again", "--leave");
        Assert.That((both.ExitCode, both.Errors.Trim()),
            Is.EqualTo((ExitCode.BadInput, "Välj antingen --send-again eller --leave. Inget har ändrats.")));
        var list = (await Smakom.RunAsync(database, "issues", "unknown", "2026-11", "--json")).Json.GetProperty("unknown").EnumerateArray().ToList();
        Assert.That(list.Select(letter => letter.GetProperty("reason").GetString()), Is.EqualTo(new[] { "reply_lost", "worker_lost" }));

        var one = await Smakom.RunAsync(database, "issues", "unknown", "2026-11", "--send-again", "--id", list[0].GetProperty("id").GetRawText(),
            "--json");
        Assert.That(one.Json.GetProperty("done").GetInt32(), Is.EqualTo(1), one.Errors);
        var rest = await Smakom.RunAsync(database, "issues", "unknown", "2026-11", "--leave");
        Assert.That((rest.ExitCode, rest.Output.Trim()), Is.EqualTo((ExitCode.Done, "1 brev får vara. Det står kvar som ovisst i kvittot.")));
        var none = await Smakom.RunAsync(database, "issues", "unknown", "2026-11", "--send-again");
        Assert.That((none.ExitCode, none.Errors), Is.EqualTo((ExitCode.Refused, none.Errors)));
        Assert.That(none.Errors, Does.StartWith("Inget har ändrats"));
    }

    [Test]
    public async Task The_receipt_is_written_with_a_line_for_each_person()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SentIssueAsync();
        var file = Path.GetTempFileName();

        var answer = await Smakom.RunAsync(database, "issues", "receipt", "2026-11", "--csv", file, "--json");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Errors);
        Assert.That(answer.Json.GetProperty("audience").GetInt32(), Is.EqualTo(14));
        Assert.That((await File.ReadAllTextAsync(file)).Split("\r\n").Count(line => line.Contains("@gransele.example;", StringComparison.Ordinal)),
            Is.EqualTo(14));
        File.Delete(file);
        var nowhere = await Smakom.RunAsync(database, "issues", "receipt", "2026-11", "--csv", "/finns/inte/kvitto.csv");
        Assert.That((nowhere.ExitCode, nowhere.Errors), Is.EqualTo((ExitCode.BadInput, nowhere.Errors)));
        Assert.That(nowhere.Errors, Does.StartWith("Kvittot kunde inte skrivas till /finns/inte/kvitto.csv"));
    }
}
