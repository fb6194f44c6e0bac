using AngleSharp.Dom;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>The numbers of the overview, and that other pages say the same.</summary>
public sealed class KeyNumbersTests : ReaderFixture
{
    [Test]
    public async Task The_oldest_letter_has_waited_since_its_issue_began_also_when_workers_hold_all_of_it()
    {
        await Database.SubscribersAsync(3);
        await Database.RelayAsync();
        await Database.IssueAsync(queued: true);
        await Host.PlanAsync();
        await Database.ExecuteAsync(
            "UPDATE issue SET started_at = now() - interval '40 minutes 10 seconds'; UPDATE slice SET due_at = now() + interval '1 hour'");

        var page = await Reader.GetAsync("/admin");

        Assert.That((Number(page, "waiting"), Number(page, "age")), Is.EqualTo(("3", "40 minuter")));
    }

    [Test]
    public async Task The_overview_and_the_jobs_count_the_same_workers()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at)
            VALUES (gen_random_uuid(), 'lever/1', now(), now() + interval '1 minute'), (gen_random_uuid(), 'tyst/2', now(), now() - interval '5 minutes')
            """);
        var overview = await Reader.GetAsync("/admin");
        var jobs = await Reader.GetAsync("/admin/jobb");

        var named = new[] { overview, jobs }.SelectMany(page => page.QuerySelectorAll(".figures > div"))
            .Where(div => div.QuerySelector("dt")!.TextContent.Trim() == "Arbetare igång").Select(div => div.QuerySelector("dd")!.TextContent);
        Assert.That(named, Is.EqualTo(new[] { "1", "1" }));
        foreach (var page in new[] { overview, jobs })
            Assert.That(page.QuerySelectorAll("[data-kind=WorkerSilent]"), Has.Length.EqualTo(1));
    }

    private static string Number(IParentNode page, string key) => page.QuerySelector($"[data-number={key}]")!.TextContent;
}
