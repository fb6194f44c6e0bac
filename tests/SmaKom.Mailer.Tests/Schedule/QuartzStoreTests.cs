using SmaKom.Mailer.Schedule;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Schedule;

/// <summary>What is in Quartz's tables. What every engine must keep is in <see cref="JobEngineTests"/>.</summary>
public sealed class QuartzStoreTests
{
    [Test]
    public async Task A_job_that_left_the_table_leaves_the_store_at_the_next_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (await TestHost.StartAsync(database, builder => builder.Services.AddJob(new("Retired", typeof(Ring), "0 0 3 * * ?")), ("Roles", "worker")))
            Assert.That(await JobsAsync(database), Does.Contain("Retired"));

        await using (await TestHost.StartAsync(database, ("Roles", "worker")))
            Assert.That(await JobsAsync(database), Is.EquivalentTo(JobTable.Jobs.Select(job => job.Name)));
    }

    [Test]
    public async Task The_recurring_triggers_are_those_of_the_table()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await TestHost.StartAsync(database, ("Roles", "worker"));
        var stored = await database.ScalarAsync<string[]>("SELECT array_agg(trigger_name || ' ' || cron_expression || ' ' || time_zone_id) FROM qrtz_cron_triggers");

        Assert.That(stored, Is.EquivalentTo(JobTable.Jobs.Where(job => job.Cron is not null).Select(job => $"{job.Name} {job.Cron} Europe/Stockholm")));
    }

    [Test]
    public async Task The_page_of_jobs_leads_to_no_pages_of_another_engine()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await TestHost.StartAsync(database, StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        using var admin = new PageReader(host.Url);
        await admin.LogInAsync();
        var page = await admin.GetAsync("/admin/jobb");

        Assert.That(page.QuerySelectorAll("main .head a").Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { "/admin/jobb/korningar" }));
        await admin.GetAsync("/hangfire");
        Assert.That((int)admin.Answer.StatusCode, Is.EqualTo(404));
    }

    private static Task<string[]> JobsAsync(TestDatabase database) => database.ScalarAsync<string[]>("SELECT array_agg(job_name::text) FROM qrtz_job_details");
}
