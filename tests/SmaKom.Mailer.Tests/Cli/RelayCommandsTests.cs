using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

public sealed class RelayCommandsTests
{
    [Test]
    public async Task A_relay_is_added_tested_changed_and_removed_and_its_password_is_shown_nowhere()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay(new() { Username = "smakom", Password = "hemligt ord", AuthRequired = true });
        (string, string)[] secret = [("SMAKOM_RELAY_PASSWORD", "hemligt ord"), ("SMAKOM__Smtp__AllowPlaintextAuth", "true")];

        var added = await RunAsync("relays", "add", "reserv", "--host", relay.Host, "--port", $"{relay.Port}", "--tls", "None", "--username",
            "smakom", "--priority", "20");
        Assert.That((added.ExitCode, added.Output), Is.EqualTo((ExitCode.Done, "E-postservern reserv är tillagd.\n")), added.Errors);
        var again = await RunAsync("relays", "add", "reserv", "--host", "annan.example");
        Assert.That((again.ExitCode, again.Errors),
            Is.EqualTo((ExitCode.Refused, "E-postservern reserv finns redan. Inget har ändrats. Använd ”smakom relays set”.\n")));

        var tested = await RunAsync("relays", "test", "reserv");
        Assert.That(tested.ExitCode, Is.EqualTo(ExitCode.Done), tested.Output);
        Assert.That(tested.Output, Does.Contain("✓ Inloggning").And.EndsWith("E-postservern reserv fungerar. Inget brev skickades.\n"));
        Assert.That(tested.Output,
            Does.Contain("mindre än 1 ms: avståndet begränsar inte. Servern har MailKit nu.").Or.Contain("per anslutning med MailKit"));
        Assert.That(relay.Messages, Is.Empty);

        relay.Options = relay.Options with { Password = "ett annat" };
        var refused = await RunAsync("relays", "test", "reserv", "--json");
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That(refused.Json.GetProperty("steps").EnumerateArray().Last().GetProperty("stage").GetString(), Is.EqualTo("authentication"));

        Assert.That((await RunAsync("relays", "set", "reserv", "--weight", "0")).ExitCode, Is.EqualTo(ExitCode.BadInput));
        await database.ExecuteAsync(
            "UPDATE relay SET failures = 3, available_at = now() + interval '1 hour', last_failure = '535 nej', last_failure_kind = 'Authentication'");
        Assert.That((await RunAsync("relays", "list")).Output, Does.EndWith("\t3 fel i rad: Inloggningen avvisades.\n").And.Not.Contain("535"));
        Assert.That((await RunAsync("relays", "set", "reserv", "--weight", "3", "--enabled", "false", "--client", "Pipelined")).ExitCode,
            Is.EqualTo(ExitCode.Done));
        Assert.That(await database.ScalarAsync<bool>(
            "SELECT failures = 0 AND available_at IS NULL AND last_failure IS NULL AND last_failure_kind IS NULL FROM relay"),
            "new settings get a new chance");
        var list = await RunAsync("relays", "list", "--json");
        Assert.That((list.Json[0].GetProperty("weight").GetInt32(), list.Json[0].GetProperty("enabled").GetBoolean(),
            list.Json[0].GetProperty("hasPassword").GetBoolean()), Is.EqualTo((3, false, true)));
        Assert.That((added.ExitCode, list.Json[0].GetProperty("client").GetString(),
            await database.ScalarAsync<string>("SELECT client::text FROM relay")), Is.EqualTo((ExitCode.Done, "pipelined", "pipelined")));
        Assert.That((await RunAsync("relays", "list")).Output, Does.Contain("\tPipelined\t"));
        Assert.That(await database.ScalarAsync<string>("SELECT password_protected FROM relay"), Does.Not.Contain("hemligt"));
        Assert.That(new[] { added, tested, refused, list }.Select(answer => answer.Output + answer.Errors), Has.None.Contain("hemligt"));

        Assert.That((await RunAsync("relays", "remove", "reserv")).ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That((await RunAsync("relays", "remove", "reserv")).ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(
            await database.ScalarAsync<string>("SELECT string_agg(concat_ws(' ', who, what, target), ', ' ORDER BY id) FROM admin_action"),
            Is.EqualTo("command_line relay.add reserv, command_line relay.change reserv, command_line relay.remove reserv"));

        Task<Smakom> RunAsync(params string[] arguments) => Smakom.RunAsync(database.ConnectionString, secret, arguments);
    }

    [Test]
    public async Task Limits_are_set_listed_and_removed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Smakom.RunAsync(database, "relays", "add", "reserv", "--host", "reserv.example");

        var set = await Smakom.RunAsync(database, "limits", "set", "--count", "100", "--per", "hour", "--to", "Gmail.com", "--relay", "reserv");
        Assert.That((set.ExitCode, set.Output), Is.EqualTo((ExitCode.Done, "Hastighetsgräns 1 gäller: högst 100 brev per timme.\n")), set.Errors);
        await database.ExecuteAsync("SELECT take_permits(relay.id, 'google', 7) FROM relay");
        await Smakom.RunAsync(database, "limits", "set", "--count", "50", "--per", "hour", "--to", "google", "--relay", "reserv");
        var list = await Smakom.RunAsync(database, "limits", "list");
        Assert.That(list.Output.Split('\n')[1], Is.EqualTo("1\treserv\tgoogle\t50\ttimme\t–\t7"), "the same limit, and what was used counts on");

        Assert.That((await Smakom.RunAsync(database, "limits", "set", "--count", "0", "--per", "day")).ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That((await Smakom.RunAsync(database, "limits", "set", "--count", "9", "--per", "hour", "--doubles-from", "2026-12-01")).ExitCode,
            Is.EqualTo(ExitCode.BadInput));
        Assert.That((await Smakom.RunAsync(database, "limits", "remove", "1")).ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That((await Smakom.RunAsync(database, "limits", "remove", "1")).ExitCode, Is.EqualTo(ExitCode.BadInput));
    }
}
