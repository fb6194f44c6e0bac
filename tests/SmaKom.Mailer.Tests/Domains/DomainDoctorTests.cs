using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmaKom.Mailer.Domains;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Domains;

/// <summary>What the job found of the sender's domain, and where it is told: pages, findings and the review of an issue.</summary>
public sealed class DomainDoctorTests : BrowserFixture
{
    private readonly NameServer server = new();

    protected override Task<TestHost> StartHostAsync()
    {
        // Two SPF records, no DMARC; the mail server is there.
        server.With("post.internal TXT v=spf1 mx -all", "post.internal TXT v=spf1 a:web.internal ~all", "post.internal MX 10 mx.post.internal",
            "mx.post.internal A 203.0.113.7", "_dmarc.internal FAILS");
        return StartWebAsync(("Sender:Address", "nyhetsbrev@post.internal"), ("Domains:NameServers", $"{server.Address}"),
            ("Site:PublicUrl", "https://nyhetsbrev.post.internal"));
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [SetUp]
    public Task BeginAsync() => Database.ExecuteAsync("DELETE FROM domain_report");

    [Test]
    public async Task Nobody_is_asked_by_whoever_looks()
    {
        var before = server.Asked.Count;
        var page = await OpenAsync("/admin/doman");
        await page.GotoAsync("/admin");

        Assert.That(await FoundAsync(), Is.Empty);
        Assert.That(server.Asked, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task What_was_found_is_told_with_its_weight()
    {
        await Host.Get<DomainDoctor>().AskAsync(default);

        Assert.That(await FoundAsync(), Is.EqualTo(new[]
        {
            (FindingKind.DomainSpf, Severity.Fault, "/admin/doman"), (FindingKind.DomainUnanswered, Severity.Note, "/admin/doman"),
        }));
        await Database.ExecuteAsync("UPDATE domain_report SET asked_at = now() - interval '25 hours'");
        Assert.That(await FoundAsync(), Is.Empty, "of yesterday");
    }

    [Test]
    public async Task What_is_new_enough_is_not_asked_again()
    {
        var before = server.Asked.Count;
        await Host.Get<DomainDoctor>().FreshAsync(default);
        var asked = server.Asked.Count;
        await Host.Get<DomainDoctor>().FreshAsync(default);
        Assert.That(server.Asked, Has.Count.EqualTo(asked));

        await Database.ExecuteAsync("UPDATE domain_report SET asked_at = now() - interval '20 minutes'");
        await Host.Get<DomainDoctor>().FreshAsync(default);
        Assert.That(server.Asked, Has.Count.EqualTo(asked + asked - before));
        await Database.ExecuteAsync("UPDATE domain_report SET setup = '\\x00'");
        Assert.That(await Host.Get<DomainDoctor>().KnownAsync(default), Is.Null, "under other settings");
    }

    [TestCase("nyhetsbrev@smakom.example", "true")]
    [TestCase("nyhetsbrev@example.org", "true")]
    [TestCase("nyhetsbrev@smakom.test", "true")]
    [TestCase("nyhetsbrev@post.internal", "false")]
    public async Task A_domain_that_is_nobodys_is_not_asked_about(string sender, string ask)
    {
        await using var host = await TestHost.StartAsync(Database, ("Roles", "web"), ("Sender:Address", sender), ("Domains:Ask", ask),
            ("Domains:NameServers", $"{server.Address}"));
        var before = server.Asked.Count;

        Assert.That(await host.Get<DomainDoctor>().AskAsync(default), Is.Null);
        Assert.That(server.Asked, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task The_review_of_an_issue_warns_of_a_problem_and_says_nothing_of_what_is_not_known()
    {
        var issue = await Database.IssueAsync("2027-01");
        await Database.RelayAsync();
        await Database.SubscribersAsync(1);
        try
        {
            await Database.ExecuteAsync("INSERT INTO domain_report (asked_at, setup, problems, verdicts) VALUES (now(), '\\x00', 1, '[]')");
            Assert.That(await WarningsAsync(issue), Has.Member("DomainProblem"));
            await Database.ExecuteAsync("UPDATE domain_report SET problems = 0");
            Assert.That(await WarningsAsync(issue), Has.No.Member("DomainProblem"));
        }
        finally
        {
            await Database.EmptyAsync("issue, relay, subscriber");
        }
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task The_page_shows_what_is_wrong_and_the_record_to_copy(int width, ColorScheme scheme)
    {
        var page = await OpenAsync("/admin/doman", width: width, scheme: scheme);
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("DNS är inte frågat än");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fråga DNS" }).ClickAsync();

        await Assertions.Expect(page.Locator(".status.warn")).ToContainTextAsync("1 sak behöver rättas");
        await Assertions.Expect(page.Locator("[data-kind='Spf.Several'] textarea")).ToHaveValueAsync("v=spf1 mx a:web.internal ~all");
        await Assertions.Expect(page.Locator("[data-kind='Spf.Several'] button")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-kind=Unanswered] .state")).ToHaveTextAsync("Vet inte");
        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(await page.OverflowsAsync(), Is.False);
        Assert.That(Chromium.Complaints, Is.Empty);
        await page.PictureAsync("domain");
    }

    /// <summary>Of every kind of verdict that the checks can give, in both languages.</summary>
    [Test]
    public void Every_verdict_has_its_words_and_each_problem_says_what_to_do()
    {
        var words = new System.Resources.ResourceManager("SmaKom.Mailer.Domains.DomainWords", typeof(DomainWords).Assembly);
        var code = string.Concat(Directory.EnumerateFiles(
            Path.Combine(Templates.Repository.Root, "src", "SmaKom.Mailer", "Domains", "Checks"), "*.cs").Select(File.ReadAllText));
        var kinds = Regex.Matches(code, "\"((?:Spf|Dkim|Dmarc|Alignment|Https)\\.[A-Za-z.]+)\"").Select(match => match.Groups[1].Value)
            .Concat(from whose in new[] { "Mail.From", "Mail.ReturnPath" }
                    from said in new[] { "Ok", "NoName", "TakesNone", "Missing", "NoAddress" }
                    select $"{whose}.{said}").Distinct().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(kinds, Has.Count.GreaterThan(40));
            foreach (var language in new[] { "sv", "en" })
                foreach (var kind in kinds)
                {
                    var culture = System.Globalization.CultureInfo.GetCultureInfo(language);
                    Assert.That(words.GetString(kind, culture), Is.Not.Null.And.Not.Empty, $"{kind} {language}");
                    if (!kind.EndsWith("Ok", StringComparison.Ordinal) && kind is not "Spf.Covers")
                        Assert.That(words.GetString($"{kind}.Do", culture), Is.Not.Null.And.Not.Empty, $"{kind}.Do {language}");
                }
        });
    }

    private async Task<IEnumerable<(FindingKind, Severity, string?)>> FoundAsync() => (await Host.Get<Checkup>().LookAsync(default))
        .Where(finding => $"{finding.Kind}".StartsWith("Domain", StringComparison.Ordinal)).Select(finding => (finding.Kind, finding.Severity, finding.Where));

    private async Task<IEnumerable<string>> WarningsAsync(int issue) =>
        (await Host.Get<IssueChecks>().FindAsync(issue, null, null, default)).Where(finding => !finding.Blocks).Select(finding => finding.Kind);
}
