using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Demo;

/// <summary>A sample run has a known password, takes the relay's place and sends by itself: it keeps out of a database that somebody uses.</summary>
public sealed class SampleDatabaseTests
{
    private const string Account =
        """
        INSERT INTO staff_member (user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number_confirmed,
            two_factor_enabled, lockout_enabled, access_failed_count, security_stamp)
        VALUES ('karin@gransele.example', 'KARIN@GRANSELE.EXAMPLE', 'karin@gransele.example', 'KARIN@GRANSELE.EXAMPLE', true, false,
            false, true, 0, 'x')
        """;

    private const string Person =
        """
        INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
        VALUES ('bo@gransele.example', 'bo@gransele.example', 'gransele.example', 'active', 'member', now());
        """;

    private const string SamplesEvent =
        """
        INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
        SELECT id, now(), 'imported', '{"source": "exempeldata"}' FROM subscriber
        """;

    [TestCase("SELECT 1", false)]
    [TestCase(Account, true)]
    [TestCase(Person, true)]
    [TestCase(Person + SamplesEvent, false)]
    [TestCase(Person + SamplesEvent + ";" + Account, true)]
    public async Task A_database_is_in_earnest_use_when_it_has_staff_or_data_of_its_own(string content, bool inUse)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(content);

        Assert.That(await SampleData.IsInEarnestUseAsync(database.Source, default), Is.EqualTo(inUse));
    }

    [Test]
    public async Task Without_tables_it_is_not()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();

        Assert.That(await SampleData.IsInEarnestUseAsync(database.Source, default), Is.False);
    }

    [Test]
    public async Task There_a_sample_run_says_so_and_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await database.SubscriberAsync("bo@gransele.example");
        await database.IssueAsync("2026-11");
        (string, string)[] settings = [("SMAKOM__Smtp__Host", relay.Host), ("SMAKOM__Smtp__Port", $"{relay.Port}"),
            ("SMAKOM__Smtp__Tls", $"{TlsMode.None}")];

        var run = await Smakom.RunAsync(database.ConnectionString, settings, "demo", "--once", "--port", $"{TestPostgres.FreePort()}");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Refused), run.Errors);
        Assert.That(run.Errors, Does.Contain("hör inte till en exempelkörning"));
        var state = await database.ScalarAsync<string>(
            "SELECT concat((SELECT count(*) FROM staff_member), (SELECT count(*) FROM relay), (SELECT state FROM issue))");
        Assert.That(state, Is.EqualTo("00draft"));
        Assert.That(relay.Messages, Is.Empty);
    }
}
