using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Privacy.Retention;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Privacy;

/// <summary>What is over its time goes by itself, what is younger stays, and every number adds up all the while.</summary>
public sealed class RetentionTests : ReaderFixture
{
    private int old;

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.AutumnAsync();
        // September's issue ended fourteen months ago.
        old = await Database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-09'");
        await Database.ExecuteAsync(
            $"""
            UPDATE issue SET started_at = now() - interval '426 days', finished_at = now() - interval '425 days' WHERE id = {old};
            UPDATE subscriber SET created_at = now() - interval '500 days';
            UPDATE delivery SET state = 'refused', reply_code = 550 WHERE issue_id = {old} AND subscriber_id IN (SELECT id FROM subscriber ORDER BY id LIMIT 3);
            INSERT INTO delivery_attempt (delivery_id, at, outcome) SELECT id, now() - interval '425 days', 'refused' FROM delivery WHERE issue_id = {old} LIMIT 5;
            INSERT INTO delivery_decision (issue_id, at, kind, made_by, letters) VALUES ({old}, now() - interval '425 days', 'retry', 'karin', 1);
            INSERT INTO delivery_decision_letter (decision_id, delivery_id, state_before)
            SELECT currval('delivery_decision_id_seq'), id, 'refused' FROM delivery WHERE issue_id = {old} LIMIT 1
            """);
        return await StartWebAsync();
    }

    [Test]
    public async Task An_old_issues_letters_become_numbers_and_its_receipt_stays_whole_at_every_moment()
    {
        var receipts = Host.Get<Receipts>();
        var before = (await receipts.ReadAsync(old, default))!;
        var others = await Database.ScalarAsync<long>($"SELECT count(*) FROM delivery WHERE issue_id <> {old}");
        var anna = await Database.AnnaAsync();
        Assert.That((before.AddsUp, before.Refused), Is.EqualTo((true, 3)));

        // Batch by batch, as the job does.
        Assert.That(await Database.ScalarAsync<long>("SELECT forget_letters(now() - interval '396 days', 10)"), Is.EqualTo(10));
        Assert.That(await receipts.ReadAsync(old, default), Is.EqualTo(before), "half of it gone");
        await RunAsync<ForgetLetters>();

        Assert.That(await receipts.ReadAsync(old, default), Is.EqualTo(before));
        Assert.That((await Host.Get<LiveNumbers>().ReadAsync(old))!.Receipt, Is.EqualTo(before));
        Assert.That(await Database.ScalarAsync<long>($"SELECT count(*) FROM delivery WHERE issue_id = {old}"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery"), Is.EqualTo(others), "no other issue's");
        Assert.That(await Database.ScalarAsync<long>("SELECT forget_letters(now() + interval '1 year', 10)"), Is.Zero, "never anything recent");

        var page = await Reader.GetAsync($"/admin/utskick/{old}");
        Assert.That(page.Body!.TextContent, Does.Contain("Uppgifterna om enskilda brev är gallrade"));
        page = await Reader.GetAsync($"/admin/mottagare/{anna}");
        Assert.That(page.Body!.TextContent, Does.Contain("vilka nummer personen fick går inte längre att se"));
        page = await Reader.GetAsync(Host.UnsubscribePath(anna, old));
        await Reader.SubmitAsync(page, "main form", ("knapp", "avsluta"));
        Assert.That(await Database.StatusAsync(anna), Is.EqualTo("unsubscribed"), "an old letter's link still works");
    }

    [Test]
    public async Task Actions_mails_and_traces_go_when_they_are_over_their_time_and_the_page_says_so()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO admin_action (at, who, what) SELECT now() - days * interval '1 day', 'karin', 'old' FROM unnest(ARRAY[1, 729, 733, 734]) AS days;
            INSERT INTO notice (kind, email, language, state, created_at, next_attempt_at)
            SELECT kind, 'x@gransele.example', 'sv', state, now() - days * interval '1 day', now()
            FROM (VALUES ('unsubscribe_receipt', 'accepted', 395), ('unsubscribe_receipt', 'accepted', 397), ('links', 'waiting', 397),
                ('confirmation', 'accepted', 397)) AS n (kind, state, days);
            INSERT INTO form_post (form, network, at) VALUES ('links', 'x', now() - interval '25 hours'), ('links', 'x', now() - interval '23 hours');
            INSERT INTO link_request (requested_at) VALUES (now() - interval '31 days'), (now() - interval '29 days')
            """);
        var due = await TextAsync();
        await RunAsync<ForgetActions>();
        await RunAsync<ForgetMails>();
        await RunAsync<ForgetTraces>();

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM admin_action WHERE what = 'old'"), Is.EqualTo(2));
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(kind, ' ' ORDER BY id) FROM notice WHERE email LIKE 'x@%'"),
            Is.EqualTo("unsubscribe_receipt links confirmation"));
        Assert.That(await Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM form_post) * 10 + (SELECT count(*) FROM link_request)"), Is.EqualTo(11));
        Assert.That(due, Does.Contain("2 är över tiden och tas bort inom en timme"));
        Assert.That(await TextAsync(), Does.Contain("Sammanlagt 2.").And.Not.Contain("2 är över tiden"));

        async Task<string> TextAsync() =>
            System.Text.RegularExpressions.Regex.Replace((await Reader.GetAsync("/admin/gallring")).QuerySelector("main")!.TextContent, @"\s+", " ");
    }

    [TestCase("DELETE FROM delivery_attempt")]
    [TestCase("DELETE FROM delivery_decision_letter")]
    [TestCase("DELETE FROM admin_action")]
    public async Task Proof_of_late_is_not_deleted_by_anybody(string delete)
    {
        await Database.ExecuteAsync("INSERT INTO admin_action (at, who, what) VALUES (now(), 'karin', 'new')");

        Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync(delete));
    }

    private async Task RunAsync<TJob>() where TJob : IJob
    {
        await using var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateAsyncScope(Host.Services);
        await Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<TJob>(scope.ServiceProvider).RunAsync(null, default);
    }
}
