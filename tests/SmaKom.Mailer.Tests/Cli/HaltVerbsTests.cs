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
        Assert.That(list.Output, Does.StartWith("Numret 2026-11\n  Databasen är en annan").And.Contain("40 brev, och 60 väntade"));
        Assert.That(list.Output, Does.Contain("högst 60 brev").And.Contain("--go-on").And.Contain("--unknown").And.Contain("--stop"));
        var facts = (await Smakom.RunAsync(database, "halts", "list", "--json")).Json[0];
        Assert.That((facts.GetProperty("issue").GetString(), facts.GetProperty("cause").GetString()), Is.EqualTo(("2026-11", "restored")));
        Assert.That(facts.GetProperty("waiting").GetInt32(), Is.EqualTo(60));

        await RefusedAsync(ExitCode.Refused, "Det går inte: numret 2026-11 väntar på ett beslut (smakom halts list). Inget har ändrats.", "issues",
            "resume", "2026-11");
        await RefusedAsync(ExitCode.BadInput, "Välj ett av --go-on, --unknown och --stop. Inget har ändrats.", "halts", "decide", "2026-11",
            "--go-on", "--stop");
        await RefusedAsync(ExitCode.Refused, "2026-12 väntar inte på något beslut. Det gör: 2026-11. Inget har ändrats.", "halts", "decide",
            "2026-12", "--stop");

        var decided = await Smakom.RunAsync(database, "halts", "decide", "2026-11", "--unknown", "--json");
        Assert.That((decided.ExitCode, decided.Errors), Is.EqualTo((ExitCode.Done, "")));
        Assert.That((decided.Json.GetProperty("letters").GetInt32(), decided.Json.GetProperty("decision").GetString()), Is.EqualTo((60, "unknown")));
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
        var before = await DoctorAsync();
        Assert.That(before.Output, Does.Contain("[DatabaseNotMet]").And.Contain("smakom halts list"));
        await Smakom.RunAsync(database, "halts", "list");
        var after = await DoctorAsync();

        Assert.That(after.Output, Does.Contain("[IssueHalted]").And.Contain("smakom halts decide 2026-11").And.Not.Contain("[IssuePaused]"));
        Assert.That((before.ExitCode, after.ExitCode), Is.EqualTo((ExitCode.Refused, ExitCode.Refused)));
    }

    private async Task RefusedAsync(int code, string words, params string[] arguments)
    {
        var answer = await Smakom.RunAsync(database, arguments);
        Assert.That((answer.ExitCode, answer.Errors.Trim()), Is.EqualTo((code, words)));
    }

    private Task<Smakom> DoctorAsync() => Smakom.RunAsync(
        database.ConnectionString,
        [("SMAKOM__Sender__Organisation", "SmåKom"), ("SMAKOM__Sender__PostalAddress", "Gatan 1"),
            ("SMAKOM__Sender__Address", "nyhetsbrev@smakom.example")],
        "doctor");
}
