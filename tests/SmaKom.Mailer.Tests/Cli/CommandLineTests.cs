using System.Text;
using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary><c>smakom</c> as a process: what it says, and with which exit code it ends.</summary>
public sealed class CommandLineTests
{
    private TestDatabase database = null!;

    [SetUp]
    public async Task OpenAsync() => database = await TestDatabase.CreateAsync();

    [TearDown]
    public async Task CloseAsync() => await database.DisposeAsync();

    [Test]
    public async Task Issues_are_queued_listed_and_taken_back()
    {
        await database.SubscribersAsync(3);
        await database.RelayAsync();
        var issue = await database.IssueAsync("2026-12");

        var queued = await Smakom.RunAsync(database, "issues", "queue", "2026-12", "--at", "2099-12-01 09:00");
        Assert.That((queued.ExitCode, queued.Output), Is.EqualTo((ExitCode.Done, queued.Output)), queued.Errors);
        Assert.That(queued.Output, Does.StartWith("Skickas tisdag 1 december 2099 kl. 09.00 (svensk tid), om ").And.Contain("till 3 mottagare."));
        var list = await Smakom.RunAsync(database, "issues", "list", "--json");
        Assert.That(list.Json[0].GetProperty("state").GetString(), Is.EqualTo("queued"));
        await Smakom.RunAsync(database, "issues", "take-back", "2026-12");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task A_list_of_subscribers_that_stops_says_so()
    {
        await database.SubscribersAsync(51);

        Assert.That((await Smakom.RunAsync(database, "subscribers", "list")).Output, Does.Contain("De 50 första av 51 visas.").And.Contain("--limit 0"));
        Assert.That((await Smakom.RunAsync(database, "subscribers", "list", "--limit", "0")).Output, Does.Not.Contain("visas"));
    }

    [Test]
    public async Task An_issue_is_checked_and_what_was_found_keeps_it_from_being_queued()
    {
        await database.SubscribersAsync(3);
        await database.RelayAsync();
        await database.IssueAsync("2026-12", tested: false);

        var found = await Smakom.RunAsync(database, "issues", "check", "2026-12");
        Assert.That(found.ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That(found.Output, Does.StartWith("Måste rättas: Inget testbrev har skickats").And.EndWith("Numret 2026-12 kan inte köas än.\n"));
        var refused = await Smakom.RunAsync(database, "issues", "queue", "2026-12", "--now");
        Assert.That((refused.ExitCode, refused.Errors), Is.EqualTo((ExitCode.Refused, refused.Errors)));
        Assert.That(refused.Errors, Does.StartWith("Numret 2026-12 kan inte köas. Inget har ändrats. Inget testbrev har skickats"));

        var queued = await Smakom.RunAsync(database, "issues", "queue", "2026-12", "--at", "2099-12-01 09:00", "--without-test-letter");
        Assert.That(queued.ExitCode, Is.EqualTo(ExitCode.Done), queued.Errors);
        Assert.That(await database.ScalarAsync<string>("SELECT what || ' ' || who FROM admin_action"), Is.EqualTo("issue.queue-untested command_line"));
        var json = (await Smakom.RunAsync(database, "issues", "check", "2026-12", "--json")).Json;
        Assert.That(json.GetProperty("canBeQueued").GetBoolean(), Is.False);
        Assert.That(json.GetProperty("findings")[0].GetProperty("kind").GetString(), Is.EqualTo("NoTestLetter"));
    }

    [Test]
    public async Task What_the_state_does_not_allow_is_refused_and_changes_nothing()
    {
        await database.IssueAsync("2026-12");
        var answer = await Smakom.RunAsync(database, "issues", "pause", "2026-12");
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That(answer.Errors, Does.Contain("numret 2026-12 är ett utkast").And.Contain("Inget har ändrats"));
    }

    [TestCase("2027-03-28 02:30", "finns inte söndag 28 mars 2027")]
    [TestCase("2020-01-01 09:00", "har redan passerat")]
    [TestCase("2026-13-45 09:00", "2026-13-45 finns inte i kalendern")]
    [TestCase("snarast", "går inte att tolka som en tid")]
    public async Task An_impossible_time_is_bad_input(string at, string reason)
    {
        await database.SubscribersAsync(1);
        var issue = await database.IssueAsync("2026-12");
        var answer = await Smakom.RunAsync(database, "issues", "queue", "2026-12", "--at", at);
        Assert.That((answer.ExitCode, answer.Output), Is.EqualTo((ExitCode.BadInput, "")));
        Assert.That(answer.Errors, Does.Contain(reason).And.Contain("Inget har ändrats"));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task A_malformed_address_is_bad_input()
    {
        var answer = await Smakom.RunAsync(database, "subscribers", "add", "inget snabel-a");
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain("Adressen saknar @").And.Contain("Inget har ändrats"));
    }

    [Test]
    public async Task An_import_takes_the_good_rows_and_hands_the_broken_ones_back()
    {
        var folder = Directory.CreateTempSubdirectory("smakom-import-").FullName;
        var (file, broken) = (Path.Combine(folder, "lista.csv"), Path.Combine(folder, "fel.csv"));
        await File.WriteAllTextAsync(file, "E-post;Namn\nåsa@gransele.example;Åsa\ntrasig;\"Bo\ncia@gransele.example;Cia\nhej@;D\n");

        var dry = await Smakom.RunAsync(database, "subscribers", "import", file, "--dry-run");
        Assert.That(dry.Output, Does.Contain("rad 2\tny\tåsa@gransele.example").And.Contain("rad 3\tfelaktig rad").And.Contain("Inget har ändrats"));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscriber"), Is.Zero);

        var answer = await Smakom.RunAsync(database, "subscribers", "import", file, "--broken", broken);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Partly), answer.Errors);
        Assert.That(answer.Output, Does.Contain("rad 5\tfelaktig rad\thej@;D\tDet står inget efter @.").And.Contain("inget har gått förlorat"));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscriber WHERE status = 'active'"), Is.EqualTo(2));
        Assert.That(await File.ReadAllLinesAsync(broken), Is.EqualTo(new[] { "E-post;Namn", "trasig;\"Bo", "hej@;D" }));

        var again = await Smakom.RunAsync(database, "subscribers", "import", file, "--json");
        Assert.That(again.Json.GetProperty("fates").GetProperty("unchanged").GetInt32(), Is.EqualTo(2));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task What_was_broken_comes_back_as_it_was_read_and_one_row_is_one()
    {
        var folder = Directory.CreateTempSubdirectory("smakom-import-").FullName;
        var (file, broken) = (Path.Combine(folder, "excel.csv"), Path.Combine(folder, "fel.csv"));
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes(
            "Medlemmar\r\nFörnamn;Efternamn;E-post;Kommun\r\nÅsa;Öberg;asa@alvhed.example;Älvhed\r\nÖrjan;Ek;ojan-utan-snabel;Älvhed\r\n"));

        var answer = await Smakom.RunAsync(database, "subscribers", "import", file, "--broken", broken);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Partly), answer.Errors);
        Assert.That(answer.Output, Does.Contain("Adresserna läses i kolumnen ”E-post”.").And.Contain("2 rader: 1 ny · 1 felaktig rad.")
            .And.Contain("Den felaktiga raden"));
        Assert.That(await File.ReadAllLinesAsync(broken),
            Is.EqualTo(new[] { "Förnamn;Efternamn;E-post;Kommun", "Örjan;Ek;ojan-utan-snabel;Älvhed" }));

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(broken)).Replace("ojan-utan-snabel", "orjan@alvhed.example"));
        answer = await Smakom.RunAsync(database, "subscribers", "import", file);
        Assert.That((answer.ExitCode, answer.Output), Is.EqualTo((ExitCode.Done, "Adresserna läses i kolumnen ”E-post”.\n1 rad: 1 ny.\n")));
        Assert.That(await database.ScalarAsync<string>("SELECT municipality FROM subscriber WHERE name = 'Örjan Ek'"), Is.EqualTo("Älvhed"));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Beside_a_sample_run_its_settings_are_those_of_the_run()
    {
        var folder = Directory.CreateTempSubdirectory("smakom-data-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "address"), "http://localhost:5099\n");

        foreach (var verb in new[] { "doctor", "status" })
        {
            var answer = await Smakom.RunAsync(database.ConnectionString, [("SMAKOM_SAMPLE", folder)], verb);
            Assert.That((answer.ExitCode, answer.Errors), Is.EqualTo((ExitCode.Refused, "")), "no worker runs here");
            Assert.That(answer.Output, verb == "doctor" ? Does.Contain("[SampleRun]").And.Contain("[NoWorker]") : Does.Contain("Prenumeranter"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [TestCase("/finns/inte.csv", "finns inte")]
    [TestCase("/dev/null", "Filen är tom")]
    public async Task A_file_that_cannot_be_read_is_bad_input(string file, string reason)
    {
        var answer = await Smakom.RunAsync(database, "subscribers", "import", file);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain(reason).And.Contain("Inget har ändrats"));
    }

    [TestCase("sv_SE.UTF-8", "Databasen svarar inte (127.0.0.1:1). Inget har ändrats.")]
    [TestCase("en_GB.UTF-8", "The database does not answer (127.0.0.1:1). Nothing was changed.")]
    public async Task An_unreachable_database_is_said_in_the_readers_language(string language, string reason)
    {
        var answer = await Smakom.RunAsync("Host=127.0.0.1;Port=1;Timeout=3;Username=smakom", [("LC_ALL", language)], "issues", "list");
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.NoDatabase));
        Assert.That(answer.Errors, Does.StartWith(reason).And.Not.Contain("   at "));
    }

    [TestCase("issues", "list", ExpectedResult = ExitCode.BadInput)]
    [TestCase("serve", ExpectedResult = ExitCode.BadInput)]
    [TestCase("demo", "--once", ExpectedResult = ExitCode.BadInput)]
    public async Task<int> Without_a_database_named_nothing_starts(params string[] arguments)
    {
        var answer = await Smakom.RunAsync(null, [], arguments);
        Assert.That(answer.Errors, Does.StartWith("Ingen databas är angiven.").And.Not.Contain("   at "));
        return answer.ExitCode;
    }

    [Test]
    public async Task A_wrong_password_is_told_as_the_database_said_it()
    {
        var answer = await Smakom.RunAsync(database.ConnectionString.Replace("Username=smakom", "Username=nobody"), [], "issues", "list");
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.NoDatabase));
        Assert.That(answer.Errors, Does.Contain("role \"nobody\" does not exist").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_wrong_setting_is_named_before_anything_is_touched()
    {
        var answer = await Smakom.RunAsync(database.ConnectionString,
            [("SMAKOM__Schedule__UndoWindow", "09:00:00"), ("SMAKOM__Sender__PostalAddress", "Gatan 1")], "serve", "--port", "0");
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain("SMAKOM__Schedule__UndoWindow").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_taken_port_is_named_with_its_address()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var answer = await Smakom.RunAsync(database.ConnectionString, [("SMAKOM__Sender__PostalAddress", "Gatan 1")], "serve", "--port", $"{port}");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Match($@"Adressen http://\S+:{port} är upptagen av ett annat program\."));
    }

    [TestCase("sv_SE.UTF-8",
        "En inställning är fel. Inget har startats eller ändrats. Schedule:UndoWindow är 09:00:00. Sätt SMAKOM__Schedule__UndoWindow till")]
    [TestCase("en_GB.UTF-8", "Schedule:UndoWindow is 09:00:00. Set SMAKOM__Schedule__UndoWindow to")]
    public async Task A_wrong_setting_is_told_in_the_readers_language(string language, string reason)
    {
        var answer = await Smakom.RunAsync(database.ConnectionString,
            [("LC_ALL", language), ("SMAKOM__Schedule__UndoWindow", "09:00:00"), ("SMAKOM__Sender__PostalAddress", "Gatan 1")], "serve", "--port",
            "0");
        Assert.That(answer.Errors, Does.Contain(reason));
    }

    [TestCase("issues", "lst")]
    [TestCase("issues", "show")]
    [TestCase("issues", "queue", "2026-12", "--at", "2099-12-01 09:00", "--now")]
    [TestCase("subscribers", "add", "a@example.org", "--consent")]
    public async Task What_is_not_understood_is_bad_input_and_changes_nothing(params string[] arguments)
    {
        var answer = await Smakom.RunAsync(database, arguments);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain("Inget har ändrats"));
    }

    [TestCase("sv_SE.UTF-8", "Ett verb saknas: list, show", "issues")]
    [TestCase("sv_SE.UTF-8", "<nummer> saknas.", "issues", "show")]
    [TestCase("en_GB.UTF-8", "<issue> is missing.", "issues", "show")]
    [TestCase("sv_SE.UTF-8", "Det här måste anges: --count, --per.", "limits", "set")]
    [TestCase("sv_SE.UTF-8", "Det här måste anges: --per. ”tre” går inte för --count, som ska vara ett heltal.", "limits", "set", "--count", "tre")]
    [TestCase("sv_SE.UTF-8", "”vecka” går inte för --per; välj bland day, hour, minute, second.", "limits", "set", "--count", "3", "--per", "vecka")]
    [TestCase("en_GB.UTF-8", "“week” is not valid for --per; choose among day, hour, minute, second.", "limits", "set", "--count", "3", "--per",
        "week")]
    [TestCase("sv_SE.UTF-8", "”i dag” går inte för --doubles-from, som ska vara ett datum, till exempel 2026-12-01.", "limits", "set", "--count", "3", "--per",
        "day", "--doubles-from", "i dag")]
    [TestCase("sv_SE.UTF-8", "”x” går inte för <löpnummer>, som ska vara ett heltal.", "limits", "remove", "x")]
    [TestCase("sv_SE.UTF-8", "--at saknar sitt värde.", "issues", "queue", "2026-12", "--at")]
    [TestCase("sv_SE.UTF-8", "”abc” går inte för --port, som ska vara ett heltal.", "serve", "--port", "abc")]
    [TestCase("sv_SE.UTF-8", "”lst” är inget känt verb eller val.", "issues", "lst")]
    public async Task What_is_wrong_is_said_in_the_readers_language(string language, string reason, params string[] arguments)
    {
        var answer = await Smakom.RunAsync(null, [("LC_ALL", language)], arguments);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(answer.Errors, Does.Contain(reason).And.Not.Match(@"System\.|Required|Cannot parse|Option '"));
    }

    [TestCase("sv_SE.UTF-8", "Skriv så här:\n  smakom issues queue <nummer> [val]", "Val:", "Visa den här hjälpen.", "--at <värde>")]
    [TestCase("en_GB.UTF-8", "Usage:\n  smakom issues queue <issue> [options]", "Options:", "Show this help.", "--at <value>")]
    public async Task Help_is_in_the_readers_language(string language, params string[] parts)
    {
        var answer = await Smakom.RunAsync(null, [("LC_ALL", language)], "issues", "queue", "--help");
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done));
        foreach (var part in parts) Assert.That(answer.Output, Does.Contain(part));
    }

    [Test]
    public async Task Help_names_every_verb_and_choice_and_keeps_within_a_terminals_width()
    {
        var root = await Smakom.RunAsync(null, [], "--help");
        Assert.That(root.Output,
            Does.Contain("smakom [verb] [val]").And.Contain("  issues ").And.Contain("-h, ").And.Not.Contain("Usage").And.Not.Contain("Show "));
        Assert.That(root.Output.Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(110));
        Assert.That((await Smakom.RunAsync(null, [], "limits", "set", "-h")).Output,
            Does.Contain("--per <day|hour|minute|second>").And.Contain("--json"));
    }

    [Test]
    public async Task A_staff_account_gets_a_password_that_is_shown_once()
    {
        var first = await Smakom.RunAsync(database, "staff", "add", "red@gransele.example", "--json");
        Assert.That(first.Json.GetProperty("password").GetString(), Does.Match("^[a-z2-9]{5}(-[a-z2-9]{5}){3}$"), first.Errors);
        Assert.That(first.Json.GetProperty("role").GetString(), Is.EqualTo("editor"));
        var second = await Smakom.RunAsync(database, "staff", "add", "RED@gransele.example");
        Assert.That(second.ExitCode, Is.EqualTo(ExitCode.Refused));
    }

    [TestCase(null, "sv")]
    [TestCase("C.UTF-8", "sv")]
    [TestCase("sv_FI", "sv")]
    [TestCase("en_US.UTF-8", "en")]
    [TestCase("de_DE", "en")]
    public void The_language_follows_the_environment(string? lang, string language) =>
        Assert.That(CliWords.LanguageOf(name => name == "LANG" ? lang : null).Name, Is.EqualTo(language));
}
