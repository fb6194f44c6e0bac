using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Cli;

/// <summary>The sample run, into a relay of the test's own.</summary>
public sealed class DemoTests
{
    [Test]
    public async Task The_sample_issue_goes_out_once_and_the_receipt_adds_up()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        (string, string)[] settings =
            [("SMAKOM__Smtp__Host", relay.Host), ("SMAKOM__Smtp__Port", $"{relay.Port}"), ("SMAKOM__Smtp__Tls", $"{TlsMode.None}")];
        var port = $"{TestPostgres.FreePort()}";

        var first = await Smakom.RunAsync(database.ConnectionString, settings, "demo", "--once", "--json", "--port", port);
        Assert.That(first.ExitCode, Is.EqualTo(ExitCode.Done), first.Errors);
        Assert.That(first.Json.GetProperty("audience").GetInt32(), Is.EqualTo(200));
        Assert.That(new[] { "accepted", "refused", "excluded", "unknown", "waiting" }.Sum(name => first.Json.GetProperty(name).GetInt32()),
            Is.EqualTo(200));
        var taken = relay.Messages.Count;

        var second = await Smakom.RunAsync(database.ConnectionString, settings, "demo", "--once", "--port", port);
        Assert.That(second.ExitCode, Is.EqualTo(ExitCode.Done), second.Errors);
        Assert.That(second.Output, Does.Contain("Inget skickas en gång till"));
        Assert.That(relay.Messages, Has.Count.EqualTo(taken));
    }
}
