using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A relay that hangs or says 421 at any command of the dialogue: the letters wait, and go out when it works again.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class RelayFaultsAtCommandsTests(SmtpClientKind client)
{
    private const int People = 16;
    private FakeRelayCertificates certificates = null!;
    private string rootsFile = null!;

    [OneTimeSetUp]
    public void Issue()
    {
        certificates = new(TimeProvider.System.GetUtcNow());
        rootsFile = Path.GetTempFileName();
        File.WriteAllText(rootsFile, certificates.Authority.ExportCertificatePem());
    }

    [OneTimeTearDown]
    public void Forget()
    {
        File.Delete(rootsFile);
        certificates.Dispose();
    }

    [TestCase("connect")]
    [TestCase("EHLO")]
    [TestCase("STARTTLS")]
    [TestCase("AUTH")]
    [TestCase("MAIL")]
    [TestCase("RCPT")]
    [TestCase("DATA")]
    [TestCase("QUIT")]
    public async Task Hung_before_the_end_of_data_nothing_is_unknown(string command)
    {
        var (receipt, _) = await SendThroughAsync(new(command, FakeRelayAct.Hang, Skip: 1, Times: 2), chunking: false);
        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((People, 0)));
    }

    // BDAT is part of the end of data: its LAST leaves with the answer to the chunk before it still under way.
    [TestCase(".", true)]
    [TestCase(".", false)]
    [TestCase("BDAT", true)]
    public async Task Hung_at_the_end_of_data_those_are_unknown_and_no_others(string command, bool chunking)
    {
        var (receipt, _) = await SendThroughAsync(new(command, FakeRelayAct.Hang, Skip: 3, Times: 2), chunking);
        Assert.That((receipt.Accepted, receipt.Unknown), Is.EqualTo((People - 2, 2)));
    }

    [TestCase("connect")]
    [TestCase("EHLO")]
    [TestCase("STARTTLS")]
    [TestCase("AUTH")]
    [TestCase("MAIL")]
    [TestCase("RCPT")]
    [TestCase("DATA")]
    [TestCase("BDAT")]
    [TestCase(".")]
    [TestCase("QUIT")]
    public async Task Closing_with_421_nobody_is_penalised(string command)
    {
        var (receipt, persons) = await SendThroughAsync(new(command, FakeRelayAct.Closing, Skip: 1, Times: 3), chunking: command is "BDAT" or ".");
        Assert.That((receipt.Accepted, receipt.Unknown, receipt.Refused), Is.EqualTo((People, 0, 0)));
        Assert.That(persons, Is.EqualTo((1, 0)), "each person's attempts; a relay's 421 is nobody's attempt");
    }

    // RSET follows a recipient that was refused.
    [TestCase(FakeRelayAct.Hang, true)]
    [TestCase(FakeRelayAct.Hang, false)]
    [TestCase(FakeRelayAct.Closing, true)]
    [TestCase(FakeRelayAct.Closing, false)]
    [TestCase(FakeRelayAct.Drop, true)]
    public async Task Failing_at_RSET_costs_neither_the_refused_nor_the_next_anything(FakeRelayAct act, bool pipelining)
    {
        var (receipt, persons) = await SendThroughAsync(new("RSET", act, Times: 2), chunking: false, pipelining, refused: 6);
        Assert.That((receipt.Accepted, receipt.Refused, receipt.Unknown), Is.EqualTo((People, 6, 0)));
        Assert.That(persons.MostAttempts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_password_that_is_refused_in_the_middle_marks_nobody_and_the_rest_go_out_when_it_works_again()
    {
        var (receipt, persons) =
            await SendThroughAsync(new("AUTH", FakeRelayAct.Answer, Skip: 2, Times: 3, Reply: "535 5.7.8 wrong"), chunking: false);
        Assert.That((receipt.Accepted, receipt.Unknown, receipt.Refused), Is.EqualTo((People, 0, 0)));
        Assert.That(persons, Is.EqualTo((1, 0)));
    }

    private async Task<(Mailer.Reports.Receipt Receipt, (int MostAttempts, int Notes) Persons)> SendThroughAsync(FakeRelayFault fault, bool chunking,
        bool pipelining = true, int refused = 0)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(refused, "permfail");
        await database.SubscribersAsync(People);
        var issue = await database.IssueAsync(queued: true);
        await using var relay = new FakeRelay(new()
        {
            Faults = [fault],
            Chunking = chunking,
            Pipelining = pipelining,
            Certificate = certificates.Good(),
            Username = "smakom",
            Password = "rätt lösenord",
            AuthRequired = true,
        });
        await using var host = await TestHost.StartAsync(database,
        [
            .. Given.Relay(relay, connections: 2, client), ("Smtp:Tls", "StartTls"), ("Smtp:TrustedRootsFile", rootsFile),
            ("Smtp:Username", "smakom"), ("Smtp:Password", "rätt lösenord"),
            ("Smtp:MaxMessagesPerConnection", "4"), ("Smtp:CommandTimeout", "00:00:01.5"), ("Smtp:IdleTimeout", "00:00:00.2"),
        ]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        await Books.AssertBalancedAsync(database, issue, relay);
        return (receipt, (await database.ScalarAsync<short>("SELECT max(attempts) FROM delivery"),
            (int)await database.ScalarAsync<long>("SELECT count(*) FROM delivery_attempt")));
    }
}
