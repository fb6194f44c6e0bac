using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Accounts;

public sealed class LoginTests : SiteFixture
{
    private PageReader reader = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.ExecuteAsync("UPDATE staff_member SET access_failed_count = 0, lockout_end = NULL; DELETE FROM login_attempt");
        reader = new PageReader(Host.Url);
    }

    [TearDown]
    public void End() => reader.Dispose();

    [TestCase("/redaktion")]
    [TestCase("/redaktion/prenumeranter")]
    [TestCase("/redaktion/nummer/1")]
    [TestCase("/redaktion/nummer/1/koa")]
    [TestCase("/redaktion/nummer/1/avbryt")]
    [TestCase("/redaktion/nummer/1/forhandsvisning")]
    [TestCase("/redaktion/nummer/1/lage")]
    public async Task Whoever_is_not_logged_in_is_asked_to(string path)
    {
        await reader.GetAsync(path);
        Assert.That(reader.Path, Is.EqualTo($"/logga-in?till={Uri.EscapeDataString(path)}"));
    }

    [Test]
    public async Task After_logging_in_one_is_where_one_wanted_to_go()
    {
        await reader.LogInAsync(path: "/logga-in?till=/redaktion/prenumeranter");
        Assert.That(reader.Path, Is.EqualTo("/redaktion/prenumeranter"));
    }

    [TestCase("https://evil.example/")]
    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("javascript:alert(1)")]
    public async Task Logging_in_never_leads_to_another_site(string target)
    {
        await reader.LogInAsync(path: $"/logga-in?till={Uri.EscapeDataString(target)}");
        Assert.That(reader.Path, Is.EqualTo("/redaktion"));
    }

    [Test]
    public async Task An_unknown_address_and_a_wrong_password_get_the_same_answer()
    {
        var wrong = await reader.LogInAsync(password: "inte rätt lösenord");
        var unknown = await reader.LogInAsync(email: "ingen@example.org");
        string Problem(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("#login-problem")!.TextContent.Trim();
        Assert.That(Problem(unknown), Is.EqualTo(Problem(wrong)));
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task After_five_failures_the_account_waits_and_says_nothing_else()
    {
        var failed = "";
        for (var i = 0; i < 5; i++) failed = (await reader.LogInAsync(password: $"fel lösenord {i}")).QuerySelector("#login-problem")!.TextContent;
        var page = await reader.LogInAsync();
        Assert.That(page.QuerySelector("#login-problem")!.TextContent, Is.EqualTo(failed));
    }

    [Test]
    public async Task One_network_address_that_tries_many_accounts_is_stopped()
    {
        await using var strict = await StartWebAsync(("Accounts:AttemptsPerNetworkAddress", "3"));
        using var guesser = new PageReader(strict.Url);
        for (var i = 0; i < 3; i++) await guesser.LogInAsync(email: $"gissning{i}@example.org");

        await guesser.LogInAsync();

        Assert.That(guesser.Answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        await guesser.GetAsync("/redaktion");
        Assert.That(guesser.Path, Does.StartWith("/logga-in"));
    }

    [Test]
    public async Task The_cookie_is_out_of_reach_for_scripts_and_other_sites()
    {
        using var careful = new PageReader(Host.Url, followRedirects: false);
        await careful.LogInAsync();
        var cookie = careful.Answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("smakom=", StringComparison.Ordinal));
        Assert.That(cookie, Does.Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/"));
    }

    [Test]
    public async Task On_https_the_cookie_is_bound_to_the_host()
    {
        await using var https = await StartWebAsync(("Site:PublicUrl", "https://nyhetsbrev.example.org"));
        using var browser = new PageReader(https.Url, followRedirects: false);
        // The reader keeps no Secure cookie over http, so the antiforgery cookie is sent by hand.
        var page = await browser.GetAsync("/logga-in");
        var antiforgery = browser.Answer.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        var fields = page.QuerySelectorAll("form.card input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!);
        (fields["Email"], fields["Password"]) = (SampleData.LoginEmail, SampleData.LoginPassword);
        var post = new HttpRequestMessage(HttpMethod.Post, "/logga-in") { Content = new FormUrlEncodedContent(fields) };
        post.Headers.Add("Cookie", antiforgery);
        await browser.SendAsync(post);

        var cookie = browser.Answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("__Host-smakom=", StringComparison.Ordinal));
        Assert.That(cookie, Does.Contain("secure").And.Contain("httponly").And.Contain("path=/").And.Not.Contain("domain="));
        await browser.GetAsync("/?lang=en");
        Assert.That(browser.Answer.Headers.GetValues("Set-Cookie"), Has.Exactly(1).StartsWith("__Host-sprak=").And.Exactly(1).Contains("secure"));
    }

    [Test]
    public async Task A_form_without_its_token_is_refused_and_logs_nobody_in()
    {
        var page = await reader.GetAsync("/logga-in");
        var answer = await reader.SubmitAsync(page, "form.card", ("Email", SampleData.LoginEmail), ("Password", SampleData.LoginPassword),
            ("__RequestVerificationToken", null));
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.QuerySelector("h1")!.TextContent, Is.EqualTo("Formuläret kunde inte tas emot"));
        await reader.GetAsync("/redaktion");
        Assert.That(reader.Path, Does.StartWith("/logga-in"));
    }

    [Test]
    public async Task Logging_out_takes_a_post_with_its_token()
    {
        var page = await reader.LogInAsync();
        await reader.SubmitAsync(page, "form.who", ("__RequestVerificationToken", null));
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        await reader.GetAsync("/redaktion");
        Assert.That(reader.Path, Is.EqualTo("/redaktion"), "still in");

        await reader.SubmitAsync(page, "form.who");
        await reader.GetAsync("/redaktion");
        Assert.That(reader.Path, Does.StartWith("/logga-in"));
    }

    [Test]
    public async Task The_sample_login_lets_nobody_in_outside_a_sample_run()
    {
        await using var real = await StartWebAsync((StaffSite.SampleLoginAllowed.Item1, "false"));
        using var visitor = new PageReader(real.Url);
        var page = await visitor.LogInAsync();
        Assert.That(page.QuerySelector("#login-problem"), Is.Not.Null);
    }

    [Test]
    public async Task A_new_account_logs_in_with_the_password_that_was_shown()
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var password = await scope.ServiceProvider.GetRequiredService<StaffRegister>()
            .AddAsync(EmailAddress.Parse("Åsa@gransele.example"), StaffRole.Editor, Actor.CommandLine, default);
        await reader.LogInAsync(email: "\u200Båsa@gransele.example\u00A0", password: password!);
        Assert.That(reader.Path, Is.EqualTo("/redaktion"));
    }

    [Test]
    public async Task A_password_is_stored_as_a_slow_hash_only()
    {
        var hash = await Database.ScalarAsync<string>("SELECT password_hash FROM staff_member WHERE sample");
        Assert.That(Convert.FromBase64String(hash)[0], Is.EqualTo(1), "Identity's format 3: PBKDF2");
        Assert.That(hash, Does.Not.Contain(SampleData.LoginPassword));
    }

    protected override Task<TestHost> StartHostAsync() => StartWebAsync(("Accounts:AttemptsPerNetworkAddress", "1000"));
}
