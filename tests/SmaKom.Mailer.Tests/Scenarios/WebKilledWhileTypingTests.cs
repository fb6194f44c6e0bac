using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The service is killed (SIGKILL) while somebody types, and comes back: the text is there.</summary>
public sealed class WebKilledWhileTypingTests
{
    [Test]
    public async Task No_word_is_lost()
    {
        await using var database = await TestDatabase.CreateAsync();
        var issue = await database.IssueAsync("2026-12");
        await using (var host = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed)) await host.AddSampleLoginAsync();
        var root = $"http://127.0.0.1:{TestPostgres.FreePort()}";
        await using var chromium = await Chromium.StartAsync();
        await using var first = await StartAsync(database, root);
        var page = await chromium.OpenLoggedInAsync(root, $"/redaktion/nummer/{issue}/skriv?del=a1b1");
        var text = page.GetByLabel("Text", new() { Exact = true });

        await text.FillAsync("Före. ");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 60_000 });
        await text.PressSequentiallyAsync("Medan ");
        await first.KillAsync();
        await text.PressSequentiallyAsync("tjänsten var död.");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Ingen kontakt, försöker igen", new() { Timeout = 60_000 });
        await using var second = await StartAsync(database, root);
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 90_000 });

        Assert.That(await database.ScalarAsync<string>("SELECT content #>> '{sections,0,blocks,0,body}' FROM issue"),
            Is.EqualTo(await page.Locator("textarea[name=body]").InputValueAsync()));
        Assert.That(await page.Locator("textarea[name=body]").InputValueAsync(), Does.Contain("Före. ").And.Contain("tjänsten var död."));
    }

    private static async Task<WorkerProcess> StartAsync(TestDatabase database, string root)
    {
        var process = WorkerProcess.Start(database, ("Roles", "web"), ("urls", root), ("Site:PublicUrl", root), StaffSite.SampleLoginAllowed);
        await process.UntilStartedAsync();
        return process;
    }
}
