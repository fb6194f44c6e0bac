using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>smakom halts</c>, on a restored database that no process has met yet.</summary>
public sealed class HaltVerbsTests
{
    private TestDatabase database = null!;
    private int issue;

    [SetUp]
    public async Task BeginAsync()
    {
        database = await TestDatabase.CreateAsync();
        issue = await database.HalfSentAsync(ago: "9 hours");
        await database.RestoredAsync("9 hours");
    }

    [TearDown]
    public async Task EndAsync() => await database.DisposeAsync();

    [Test]
    public async Task What_waits_is_listed_before_the_service_is_started_and_decided_about()
    {
        var list = await Smakom.RunAsync(database, "halts", "list");
        Assert.That((list.ExitCode, list.Errors), Is.EqualTo((ExitCode.Partly, "")));
        Assert.That(list.Output, Does.StartWith("Nummer 2026-11\n  Databasen är en annan").And.Contain("40 brev, och 60 väntade").And.Contain("högst 60 brev").And.Contain("--go-on").And.Contain("--stop"));
        var facts = (await Smakom.RunAsync(database, "halts", "list", "--json")).Json[0];
        Assert.That((facts.GetProperty("issue").GetString(), facts.GetProperty("cause").GetString(), facts.GetProperty("waiting").GetInt32()), Is.EqualTo(("2026-11", "restored", 60)));

        var resume = await Smakom.RunAsync(database, "issues", "resume", "2026-11");
        Assert.That((resume.ExitCode, resume.Errors.Trim()), Is.EqualTo((ExitCode.Refused, "Det går inte: numret 2026-11 väntar på ett beslut (smakom halts list). Inget har ändrats.")));
        var both = await Smakom.RunAsync(database, "halts", "decide", "2026-11", "--go-on", "--stop");
        Assert.That((both.ExitCode, both.Errors.Trim()), Is.EqualTo((ExitCode.BadInput, "Välj ett av --go-on, --unknown och --stop. Inget har ändrats.")));
        var other = await Smakom.RunAsync(database, "halts", "decide", "2026-12", "--stop");
        Assert.That((other.ExitCode, other.Errors.Trim()), Is.EqualTo((ExitCode.Refused, "2026-12 väntar inte på något beslut. Det gör: 2026-11. Inget har ändrats.")));

        var decided = await Smakom.RunAsync(database, "halts", "decide", "2026-11", "--unknown", "--json");
        Assert.That((decided.ExitCode, decided.Json.GetProperty("letters").GetInt32(), decided.Json.GetProperty("decision").GetString()), Is.EqualTo((ExitCode.Done, 60, "unknown")), decided.Errors);
        Assert.That((await database.ReceiptAsync(issue)).Unknown, Is.EqualTo(60));
        var none = await Smakom.RunAsync(database, "halts", "list");
        Assert.That((none.ExitCode, none.Output.Trim()), Is.EqualTo((ExitCode.Done, "Inget väntar på beslut.")));
    }

    [TestCase("--go-on", IssueState.Sending, "Bestämt: det går vidare. Brev som väntade: 60.")]
    [TestCase("--stop", IssueState.Cancelled, "Bestämt: numret 2026-11 är avbrutet.")]
    public async Task The_other_choices(string choice, IssueState state, string said)
    {
        var decided = await Smakom.RunAsync(database, "halts", "decide", "2026-11", choice);

        Assert.That((decided.ExitCode, decided.Output.Trim()), Is.EqualTo((ExitCode.Done, said)), decided.Errors);
        Assert.That(await database.StateAsync(issue), Is.EqualTo(state));
    }

    [Test]
    public async Task The_doctor_says_so_before_the_service_is_started_and_after()
    {
        var before = await Smakom.RunAsync(database, "doctor");
        Assert.That(before.Output, Does.Contain("[DatabaseNotMet]").And.Contain("smakom halts list"));
        await Smakom.RunAsync(database, "halts", "list");
        var after = await Smakom.RunAsync(database, "doctor");

        Assert.That(after.Output, Does.Contain("[IssueHalted]").And.Contain("smakom halts decide 2026-11").And.Not.Contain("[IssuePaused]"));
        Assert.That((before.ExitCode, after.ExitCode), Is.EqualTo((ExitCode.Refused, ExitCode.Refused)));
    }
}
