using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Checks;

/// <summary>Asking links, of a web server that misbehaves by path.</summary>
public sealed class LinkFetcherTests
{
    /// <summary>Private to everybody else; what it would say must never be asked for.</summary>
    private const string Inner = "127.0.0.2";

    private readonly List<string> asked = [];
    private WebApplication server = null!;
    private string url = null!;

    // This machine stands for the public internet, but for one of its addresses.
    private static readonly LinkRules Here =
        new(address => IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Parse(Inner)), address => address.Scheme == "http");

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(AnswerAsync);
        await server.StartAsync();
        url = server.Urls.Single();
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await server.DisposeAsync();

    [SetUp]
    public void Begin() => asked.Clear();

    [TestCase("/", LinkOutcome.Answers, 200, "HEAD /")]
    [TestCase("/borta", LinkOutcome.Missing, 404, "HEAD /borta, GET /borta")]
    [TestCase("/utan-head", LinkOutcome.Answers, 200, "HEAD /utan-head, GET /utan-head")]
    [TestCase("/trasig", LinkOutcome.Failing, 500, "HEAD /trasig, GET /trasig")]
    [TestCase("/inloggning", LinkOutcome.Answers, 401, "HEAD /inloggning, GET /inloggning")]
    [TestCase("/flyttad", LinkOutcome.Answers, 200, "HEAD /flyttad, HEAD /")]
    [TestCase("/flyttad-borta", LinkOutcome.Missing, 404, "HEAD /flyttad-borta, HEAD /borta, GET /borta")]
    [TestCase("/runt", LinkOutcome.Failing, null, "HEAD /runt, HEAD /runt, HEAD /runt, HEAD /runt, HEAD /runt, HEAD /runt")]
    [TestCase("/in", LinkOutcome.Private, null, "HEAD /in")]
    [TestCase("/fil", LinkOutcome.Answers, null, "HEAD /fil")]
    [TestCase("/tyst", LinkOutcome.NoAnswer, null, "HEAD /tyst")]
    [TestCase("/stor", LinkOutcome.Answers, 200, "HEAD /stor, GET /stor")]
    public async Task A_server_is_asked_as_little_as_tells(string path, LinkOutcome outcome, int? status, string requests)
    {
        using var fetcher = new LinkFetcher(Here, "SmaKomMailer/1.0 (test)", path == "/tyst" ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(1));

        var answer = await fetcher.AskAsync(new(url + path), default);

        Assert.That((answer.Outcome, answer.Status), Is.EqualTo((outcome, status)));
        Assert.That(string.Join(", ", asked), Is.EqualTo(requests));
    }

    [Test]
    public async Task Who_is_not_there_is_told_from_who_does_not_answer()
    {
        using var fetcher = new LinkFetcher(Here, "SmaKomMailer/1.0 (test)", TimeSpan.FromMinutes(1));
        Assert.That((await fetcher.AskAsync(new("http://finns-inte.invalid/"), default)).Outcome,
            Is.EqualTo(LinkOutcome.NoHost).Or.EqualTo(LinkOutcome.NoAnswer), "a machine without DNS cannot tell");
        Assert.That((await fetcher.AskAsync(new("http://127.0.0.1:1/"), default)).Outcome, Is.EqualTo(LinkOutcome.NoAnswer));
    }

    [Test]
    public async Task With_the_rules_of_the_service_nothing_of_ours_is_asked()
    {
        using var fetcher = new LinkFetcher(LinkRules.Public, "SmaKomMailer/1.0 (test)", TimeSpan.FromMinutes(1));
        // By number, by a name that resolves to it, and as what a clever address hides.
        foreach (var own in new[] { "https://127.0.0.1/", "https://localhost/", "https://2130706433/", "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/" })
            Assert.That((await fetcher.AskAsync(new(own), default)).Outcome, Is.EqualTo(LinkOutcome.Private), own);
        Assert.That((await fetcher.AskAsync(new(url), default)).Status, Is.Null, "not https");
        Assert.That(asked, Is.Empty);
        foreach (var other in new[] { "https://a:b@example.org/", "https://example.org:8443/", "http://example.org/" })
            Assert.That(LinkRules.Public.MayAsk(new(other)), Is.False, other);
    }

    [TestCase("10.1.2.3", false)]
    [TestCase("100.64.0.1", false)]
    [TestCase("172.31.255.255", false)]
    [TestCase("192.168.0.1", false)]
    [TestCase("169.254.169.254", false)]
    [TestCase("0.0.0.0", false)]
    [TestCase("224.0.0.1", false)]
    [TestCase("255.255.255.255", false)]
    [TestCase("::1", false)]
    [TestCase("::", false)]
    [TestCase("fe80::1", false)]
    [TestCase("fd00::1", false)]
    [TestCase("::ffff:10.0.0.1", false)]
    [TestCase("64:ff9b::a00:1", false)]
    [TestCase("2002:a00:1::1", false)]
    [TestCase("2001:db8::1", false)]
    [TestCase("172.32.0.1", true)]
    [TestCase("193.10.10.10", true)]
    [TestCase("::ffff:193.10.10.10", true)]
    [TestCase("2a00:1450:400f::1", true)]
    public void Public_addresses_are_told_from_all_others(string address, bool isPublic) =>
        Assert.That(PublicAddress.Is(IPAddress.Parse(address)), Is.EqualTo(isPublic));

    [Test]
    public async Task The_job_notes_what_it_found_and_asks_again_only_when_that_is_old()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.IssueAsync("2026-12");
        await WriteAsync(database, issue, "https://127.0.0.1/hemlig", "https://127.0.0.1/hemlig", "http://b.invalid/");
        var answers = new LinkAnswers(database.Source);
        var job = Job(database, answers, on: true);

        await Job(database, answers, on: false).RunAsync(null, default);
        Assert.That(await NotedAsync(database), Is.Empty, "switched off");
        await job.RunAsync(null, default);
        Assert.That(await NotedAsync(database), Is.EqualTo("https://127.0.0.1/hemlig private"));

        var first = await database.ScalarAsync<DateTime>("SELECT asked_at FROM link_check");
        await job.RunAsync(null, default);
        Assert.That(await database.ScalarAsync<DateTime>("SELECT asked_at FROM link_check"), Is.EqualTo(first));
        await database.ExecuteAsync("UPDATE link_check SET asked_at = now() - interval '2 hours'");
        await job.RunAsync(null, default);
        Assert.That(await database.ScalarAsync<bool>("SELECT asked_at > now() - interval '1 hour' FROM link_check"));
        await database.ExecuteAsync("UPDATE link_check SET asked_at = now() - interval '31 days'; DELETE FROM notice; UPDATE issue SET state = 'cancelled'");
        await job.RunAsync(null, default);
        Assert.That(await NotedAsync(database), Is.Empty, "forgotten");
    }

    [Test]
    public async Task A_line_of_ours_that_is_down_says_nothing_of_the_links()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.IssueAsync("2026-12");
        var job = Job(database, new LinkAnswers(database.Source), on: true);
        await WriteAsync(database, issue, "https://a.invalid/", "https://b.invalid/", "https://c.invalid/");
        await job.RunAsync(null, default);
        Assert.That(await NotedAsync(database), Is.Empty);

        await WriteAsync(database, issue, "https://a.invalid/", "https://b.invalid/");
        await job.RunAsync(null, default);
        Assert.That(await NotedAsync(database), Does.Match("^https://a.invalid/ no_(host|answer), https://b.invalid/ no_(host|answer)$"));
    }

    private static Task<string> NotedAsync(TestDatabase database) =>
        database.ScalarAsync<string>("SELECT COALESCE(string_agg(concat_ws(' ', url, outcome, status), ', ' ORDER BY url), '') FROM link_check");

    private static CheckLinks Job(TestDatabase database, LinkAnswers answers, bool on) => new(database.Source, answers, LinkRules.Public,
        new DatabaseClock(TimeProvider.System), Options.Create(new ChecksOptions { Links = on }), Options.Create(new SiteOptions()), NullLogger<CheckLinks>.Instance);

    private static Task<int> WriteAsync(TestDatabase database, int issue, params string[] urls) => database.ScalarAsync<int>(
        "UPDATE issue SET content = content || $1::jsonb WHERE id = $2 RETURNING id",
        new() { Value = System.Text.Json.JsonSerializer.Serialize(new { contact = new { name = "Elin", socialLinks = urls.Select(one => new { name = one, url = one }) } }) },
        new() { Value = issue });

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        lock (asked) asked.Add($"{request.Method} {request.Path}");
        Assert.That(request.Headers.UserAgent.ToString(), Is.EqualTo("SmaKomMailer/1.0 (test)"));
        switch (request.Path.Value)
        {
            case "/borta": context.Response.StatusCode = 404; break;
            case "/utan-head" or "/stor" when request.Method == "HEAD": context.Response.StatusCode = 405; break;
            case "/trasig": context.Response.StatusCode = 500; break;
            case "/inloggning": context.Response.StatusCode = 401; break;
            case "/flyttad": context.Response.Redirect("/"); break;
            case "/flyttad-borta": context.Response.Redirect($"{url}/borta"); break;
            case "/runt": context.Response.Redirect("/runt"); break;
            case "/in": context.Response.Redirect($"http://{Inner}/hemlig"); break;
            case "/fil": context.Response.Redirect("file:///etc/passwd"); break;
            case "/tyst": await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); break;
            case "/stor": while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(new byte[65536]); break;
        }
    }
}
