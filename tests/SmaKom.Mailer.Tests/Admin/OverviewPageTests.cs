using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Admin;

/// <summary>What an administrator sees at <c>/admin</c>, in a real Chromium.</summary>
public sealed class OverviewPageTests : BrowserFixture
{
    [OneTimeSetUp]
    public async Task BeginAsync()
    {
        await Database.SentIssueAsync();
        await Database.ExecuteAsync(
            "UPDATE relay SET failures = 4, last_failure_kind = 'Authentication', last_failure = '535 kim@gransele.example', available_at = now() + interval '2 minutes'");
    }

    protected override Task<TestHost> StartHostAsync() => StartWebAsync(("Smtp:Host", "mail.smakom.test"), ("Smtp:Port", "587"));

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task Numbers_come_first_then_what_is_wrong_with_what_to_do(int width, ColorScheme scheme)
    {
        var page = await OpenAsync("/admin", width: width, scheme: scheme);

        await Assertions.Expect(page.Locator("[data-number=unknown]")).ToHaveTextAsync("2");
        await Assertions.Expect(page.Locator("[data-kind=RelayPassword]")).ToContainTextAsync("Inget brev har gått förlorat");
        await Assertions.Expect(page.Locator("[data-kind=RelayPassword] .do")).ToContainTextAsync("SMAKOM__Smtp__Password");
        await Assertions.Expect(page.Locator("[data-kind=UnknownWaiting] a"))
            .ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("/ovissa$"));
        Assert.That(await page.ContentAsync(), Does.Not.Contain("kim@gransele.example"), "the server's words");
        Assert.That(await page.Locator("main > :is(dl, .health, ul)")
            .EvaluateAllAsync<string[]>("parts => parts.map(part => part.className.split(' ')[0])"),
            Is.EqualTo(new[] { "figures", "status", "findings" }));
        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(await page.OverflowsAsync(), Is.False);
        Assert.That(Chromium.Complaints, Is.Empty);
        await page.PictureAsync("overview");
    }

    [Test]
    public async Task In_English_for_whoever_asks_and_without_script()
    {
        var page = await OpenAsync("/admin?lang=en", script: false);

        await Assertions.Expect(page.Locator("[data-kind=RelayPassword]")).ToContainTextAsync("No letter is lost");
    }
}
