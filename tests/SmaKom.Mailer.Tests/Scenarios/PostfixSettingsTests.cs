using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// A real Postfix whose settings are against us: nobody is marked, the words are right, and all get their letter when that is mended.
/// </summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class PostfixSettingsTests(SmtpClientKind client)
{
    private const int People = 40;

    private TestDatabase database = null!;
    private PostfixServer postfix = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            $"""
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            SELECT a, a, 'example.org', 'active', 'member', now()
            FROM (SELECT 'p' || n || '@example.org' AS a FROM generate_series(1, {People}) AS n) AS people;
            {Given.OnNewsletter}
            """);
        using var certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        postfix = new PostfixServer();
        await postfix.StartAsync(certificates);
    }

    [TearDown]
    public async Task EndAsync()
    {
        await postfix.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase("smtpd_client_restrictions = reject", FindingKind.IssueStoppedPolicy, "554 5.7.1 .*Client host rejected: Access denied")]
    [TestCase("message_size_limit = 2000", FindingKind.IssueStoppedSize, "552 5.3.4 ")]
    [TestCase("header_checks", FindingKind.IssueStoppedPolicy, "550 5.7.1 inga nyhetsbrev")]
    public async Task What_it_refuses_for_our_sake_stops_the_issue_in_its_words_and_all_is_sent_when_that_is_mended(string setting, FindingKind kind,
        string words)
    {
        await postfix.RestartAsync(setting == "header_checks" ? postfix.RefusingHeader("^List-Unsubscribe:", "inga nyhetsbrev") : setting);
        var issue = await database.IssueAsync(queued: true);
        await using var host = await StartAsync();

        await host.PlanAsync();
        await database.UntilStateAsync(issue, IssueState.Paused);
        await database.UntilAsync("SELECT NOT EXISTS (SELECT FROM slice WHERE claim_id IS NOT NULL)");
        var paused = await database.ReceiptAsync(issue);
        Assert.That((paused.Waiting, paused.Refused, paused.Unknown), Is.EqualTo((People, 0, 0)), "nobody is marked");
        Assert.That((await host.Get<BrakeNotices>().ReadAsync(issue, default))!.Reply, Does.Match($"^{words}"));
        Assert.That((await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind), Has.Member(kind));

        await postfix.RestartAsync();
        Assert.That(await host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default), Is.EqualTo(CommandAnswer.Done));
        await AllHaveOneAsync(issue);
    }

    private async Task AllHaveOneAsync(int issue)
    {
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, receipt.Refused, receipt.Unknown), Is.EqualTo((People, 0, 0)));
        var letters = await postfix.LettersAsync("List-Unsubscribe:", People);
        Assert.That(letters, Has.Count.EqualTo(People));
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(database,
        ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{postfix.Port}"), ("Smtp:Tls", "None"), ("Smtp:Client", $"{client}"),
        ("Smtp:MaxConnections", "4"),
        ("Dispatch:PollInterval", "00:00:00.2"), ("Dispatch:RetryAfter:0", "00:10:00"));
}
