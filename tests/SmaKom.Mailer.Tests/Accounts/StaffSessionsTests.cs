using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Accounts;

/// <summary>A cookie is worth what its session's row says: whoever kept a copy of it has nothing when the session has ended.</summary>
public sealed class StaffSessionsTests : SiteFixture
{
    private const string Stream = "/admin/jobb/lage";

    private static readonly EmailAddress Karin = EmailAddress.Parse("karin@gransele.example");

    private PageReader reader = null!;
    private RawCookie cookie = null!;

    [SetUp]
    public async Task LogInAsync()
    {
        await Database.ExecuteAsync("DELETE FROM staff_member WHERE NOT sample; DELETE FROM login_attempt");
        var password = "";
        await WithStaffAsync(async staff =>
        {
            password = (await staff.AddAsync(Karin, StaffRole.Admin, Actor.CommandLine, default))!;
            await staff.AddAsync(EmailAddress.Parse("olle@gransele.example"), StaffRole.Admin, Actor.CommandLine, default);
        });
        reader = new PageReader(Host.Url, followRedirects: false);
        await reader.LogInAsync(Karin.Text, password);
        cookie = RawCookie.Of(reader);
        Assert.That(await cookie.OpensAsync(Host), "logged in");
    }

    [TearDown]
    public void Close()
    {
        cookie.Dispose();
        reader.Dispose();
    }

    public static IEnumerable<TestCaseData> Ends()
    {
        yield return Case("logout", t => t.LogOutAsync());
        yield return Case("another password", t => t.WithStaffAsync(staff => staff.RenewPasswordAsync(Karin, Actor.CommandLine, default)));
        yield return Case("another role", t => t.WithStaffAsync(staff => staff.GiveRoleAsync(Karin, StaffRole.Editor, Actor.CommandLine, default)));
        yield return Case("removed", t => t.WithStaffAsync(staff => staff.RemoveAsync(Karin, Actor.CommandLine, default)));
        yield return Case("removed by hand", t => t.Database.ExecuteAsync("DELETE FROM staff_member WHERE email = 'karin@gransele.example'"));
        yield return Case("a role less by hand", t => t.Database.ExecuteAsync(
            "DELETE FROM staff_member_role WHERE user_id = (SELECT id FROM staff_member WHERE email = 'karin@gransele.example')"));
        yield return Case("not used for longer than allowed", t => t.Database.ExecuteAsync(
            "UPDATE staff_session SET seen_at = now() - interval '12 hours 1 minute'"));
        yield return Case("used for longer than allowed", t => t.Database.ExecuteAsync(
            "UPDATE staff_session SET created_at = now() - interval '24 hours 1 minute'"));
    }

    [TestCaseSource(nameof(Ends))]
    public async Task A_copy_of_the_cookie_is_worth_nothing_after(Func<StaffSessionsTests, Task> end)
    {
        await end(this);
        Assert.That(await cookie.OpensAsync(Host), Is.False);
    }

    [Test]
    public async Task A_page_that_asks_by_itself_keeps_no_session_in_use()
    {
        var issue = await Database.IssueAsync("2026-12");
        var page = await reader.GetAsync($"/redaktion/nummer/{issue}/skriv");
        await Database.ExecuteAsync("UPDATE staff_session SET seen_at = now() - interval '1 hour'");
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        await reader.SendAsync(new(HttpMethod.Post, $"/redaktion/nummer/{issue}/skriv/narvaro")
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("vy", "a1")]),
        });

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.NoContent));
        Assert.That(await Database.ScalarAsync<bool>("SELECT max(seen_at) < now() - interval '59 minutes' FROM staff_session"));
        Assert.That(await Database.ScalarAsync<string>($"SELECT view FROM issue_presence WHERE issue_id = {issue}"), Is.EqualTo("a1"),
            "the page's script speaks for the page that was loaded");
    }

    [TestCaseSource(nameof(Ends))]
    public async Task An_open_stream_ends_after(Func<StaffSessionsTests, Task> end)
    {
        await using var stream = await cookie.StreamAsync(Host, Stream);
        using var lines = new StreamReader(stream);
        Assert.That(await lines.ReadLineAsync(), Is.Not.Null, "it has begun");
        await end(this);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await lines.ReadLineAsync(patience.Token) is not null)
        {
        }
    }

    [Test]
    public async Task Other_sessions_go_on_when_one_logs_out()
    {
        using var other = new PageReader(Host.Url, followRedirects: false);
        await other.LogInAsync();
        using var stays = RawCookie.Of(other);
        await LogOutAsync();

        Assert.That(await stays.OpensAsync(Host));
    }

    [Test]
    public async Task Use_lengthens_a_session_and_an_open_stream_does_not()
    {
        await Database.ExecuteAsync("UPDATE staff_session SET seen_at = now() - interval '11 hours'");
        await cookie.OpensAsync(Host);
        Assert.That(await Database.ScalarAsync<bool>("SELECT bool_or(seen_at > now() - interval '1 minute') FROM staff_session"));

        await using var stream = await cookie.StreamAsync(Host, Stream);
        await Database.ExecuteAsync("UPDATE staff_session SET seen_at = now() - interval '11 hours'");
        using var lines = new StreamReader(stream);
        await lines.ReadLineAsync();
        await Database.ExecuteAsync("INSERT INTO admin_action (at, who, what) VALUES (now(), 'x', 'job.pause')");
        while (await lines.ReadLineAsync() is { } line && !line.StartsWith("data:", StringComparison.Ordinal))
        {
        }

        Assert.That(await Database.ScalarAsync<bool>("SELECT bool_and(seen_at < now() - interval '10 hours') FROM staff_session"));
    }

    [Test]
    public async Task A_sample_runs_cookie_opens_nothing_in_earnest_on_the_same_database()
    {
        using var sample = new PageReader(Host.Url, followRedirects: false);
        await sample.LogInAsync();
        using var samples = RawCookie.Of(sample);
        await using var real = await StartWebAsync((StaffSite.SampleLoginAllowed.Item1, "false"));

        Assert.That(await samples.OpensAsync(Host), "in the sample run");
        Assert.That(await samples.OpensAsync(real), Is.False);
        Assert.That(await cookie.OpensAsync(real), "an account of earnest");
    }

    protected override Task<TestHost> StartHostAsync() => StartWebAsync(("Accounts:AttemptsPerNetworkAddress", "1000"));

    private async Task LogOutAsync() => await reader.SubmitAsync(await reader.GetAsync("/redaktion"), "form.who");

    private async Task WithStaffAsync(Func<StaffRegister, Task> action)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        await action(scope.ServiceProvider.GetRequiredService<StaffRegister>());
    }

    private static TestCaseData Case(string name, Func<StaffSessionsTests, Task> end) => new TestCaseData(end).SetArgDisplayNames(name);
}
