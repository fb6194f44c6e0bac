using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>smakom deliveries list|retry</c>.</summary>
public sealed class DeliveryCommandsTests
{
    [Test]
    public async Task Letters_are_listed_reviewed_and_sent_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.SentIssueAsync();

        var list = (await Smakom.RunAsync(database, "deliveries", "list", "2026-11", "--state", "refused", "--json")).Json.GetProperty("letters")
            .EnumerateArray().ToList();
        Assert.That(list.Select(letter => letter.GetProperty("replyEnhanced").GetString()), Is.EqualTo(new[] { "5.1.1", "4.2.1" }));

        var table = await Smakom.RunAsync(database, "deliveries", "list", "2026-11");
        var causes = table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split('\t')[3])
            .Where(cause => cause != "");
        Assert.That(causes, Is.EqualTo(new[]
        {
            "adressen finns inte", "brevlådan är stängd, nya försök hjälpte inte", "serverns svar kom aldrig", "arbetaren stannade mitt i brevet",
            "ovisst, och fick vara",
            "avslutade prenumerationen", "numret avbröts", "servern ber oss komma tillbaka senare",
        }), table.Output + table.Errors);

        var vague = await Smakom.RunAsync(database, "deliveries", "retry", "2026-11", "--yes");
        Assert.That((vague.ExitCode, vague.Errors.Trim()),
            Is.EqualTo((ExitCode.BadInput,
                "Säg vilka brev: --state, --domain, --reason, --code, --address, --id, eller --all för alla. Inget har ändrats.")));

        var asked = await Smakom.RunAsync(database, "deliveries", "retry", "2026-11", "--all");
        Assert.That((asked.ExitCode, asked.Output.Trim().ReplaceLineEndings(" ")),
            Is.EqualTo((ExitCode.Refused,
                "5 brev skickas igen: 2 avvisade, 2 ovissa, 1 uppskjutet. 9 lämnas som de är. Inget har ändrats. Skicka dem med --yes.")));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery_decision"), Is.Zero);

        var done = await Smakom.RunAsync(database, "deliveries", "retry", "2026-11", "--address", $"r{issue}-4@gransele.example", "--yes", "--json");
        Assert.That(done.Json.GetProperty("done").GetInt32(), Is.EqualTo(1), done.Errors);
        Assert.That(done.Json.GetProperty("receipt").GetProperty("refused").GetInt32(), Is.EqualTo(1));
        Assert.That(await database.ScalarAsync<string>("SELECT kind || ' ' || made_by FROM delivery_decision"), Is.EqualTo("retry command_line"));
        var again = await Smakom.RunAsync(database, "deliveries", "retry", "2026-11", "--address", $"r{issue}-4@gransele.example", "--yes");
        Assert.That(again.ExitCode, Is.EqualTo(ExitCode.Refused));
    }
}
