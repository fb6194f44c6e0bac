using System.Net;
using System.Text;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Reports;

/// <summary>The list of an issue's letters, its filters, its file, and the way to send some again.</summary>
public sealed class LettersPageTests : ReaderFixture
{
    private int issue;

    private string Address => $"/admin/utskick/{issue}";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber");
        issue = await Database.SentIssueAsync();
    }

    [TestCase("", 14)]
    [TestCase("?lage=refused", 2)]
    [TestCase("?lage=waiting", 3)]
    [TestCase("?orsak=gave_up", 1)]
    [TestCase("?kod=5.1.1", 1)]
    [TestCase("?kod=4", 2)]
    [TestCase("?kod=450", 1)]
    [TestCase("?doman=gransele.example&lage=unknown", 3)]
    [TestCase("?doman=moviken.example", 0)]
    [TestCase("?lage=7&kod=%25", 0)]
    public async Task A_filter_stands_in_the_address_and_narrows_the_list(string query, int letters)
    {
        var page = await Reader.GetAsync($"{Address}/brev{query}");
        Assert.That(page.QuerySelectorAll(".letters tbody tr"), Has.Length.EqualTo(letters));
    }

    [Test]
    public async Task An_address_is_searched_for_by_post_and_becomes_a_number()
    {
        var page = await Reader.GetAsync($"{Address}/brev");
        var found = await Reader.SubmitAsync(page, "form[role=search]", ("adress", $"R{issue}-4@Gransele.example"));
        Assert.That(found.QuerySelectorAll(".letters tbody tr"), Has.Length.EqualTo(1));
        Assert.That(Reader.Path, Does.Match($"^{Address}/brev\\?prenumerant=[0-9]+$"));

        var none = await Reader.SubmitAsync(page, "form[role=search]", ("adress", "ingen@gransele.example"));
        Assert.That(none.QuerySelector("[role=status]")!.TextContent, Does.Contain("Ingen med den adressen får det här numret."));
        Assert.That(Reader.Path, Is.EqualTo($"{Address}/brev?sok=ingen"));
    }

    [Test]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repeat()
    {
        await Database.SubscribersAsync(120, "extra");
        await Database.ExecuteAsync(
            $"INSERT INTO delivery (issue_id, subscriber_id, variant, state, email, domain) SELECT {issue}, id, 0, 'accepted', email, domain FROM subscriber WHERE email LIKE 'extra%'");
        var seen = new List<string>();
        for (var path = $"{Address}/brev?lage=accepted"; path is not null;)
        {
            var page = await Reader.GetAsync(path);
            seen.AddRange(page.QuerySelectorAll(".letters tbody th a").Select(a => a.TextContent));
            path = page.QuerySelectorAll(".pages a").FirstOrDefault(a => a.TextContent == "Fler brev")?.GetAttribute("href");
        }

        Assert.That(seen, Has.Count.EqualTo(123));
        Assert.That(seen.Distinct().Count(), Is.EqualTo(123));
    }

    [Test]
    public async Task The_file_has_the_filtered_letters_and_runs_no_formula()
    {
        await Reader.GetAsync($"{Address}/brev.csv?lage=refused");
        var text = Encoding.UTF8.GetString(await Reader.Answer.Content.ReadAsByteArrayAsync());
        Assert.That(Reader.Answer.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("brev-2026-11.csv"));
        Assert.That(text, Does.StartWith("\uFEFFAdress;Namn;Domän;Läge;Orsak;Försök;Kod;Serverns svar;Senast;Nästa försök\r\n"));
        Assert.That(text, Does.Contain(
            $"r{issue}-4@gransele.example;;gransele.example;Avvisat;adressen finns inte;1;550 5.1.1;\"'=HYPERLINK(\"\"http://x.example\"\")\";2026-11-03 09:00:00;\r\n"));
        Assert.That(text.Split($"r{issue}-"), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task All_that_match_are_reviewed_confirmed_and_recorded()
    {
        var review = await Reader.GetAsync($"{Address}/igen?lage=refused&urval=alla");
        Assert.That(review.QuerySelector("main .lead")!.TextContent, Is.EqualTo("2 brev skickas igen."));
        Assert.That(review.Body!.TextContent, Does.Contain("Numret står som skickat."));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'refused'"), Is.EqualTo(2),
            "looking changes nothing");

        var done = await Reader.SubmitAsync(review, "main form", ("urval", "alla"));

        Assert.That(Reader.Path, Is.EqualTo($"{Address}/brev?igen=2"), "POST leads to GET");
        Assert.That(done.QuerySelector("[role=status]")!.TextContent.Trim(), Is.EqualTo("2 brev skickas igen."));
        Assert.That(await Database.ScalarAsync<string>("SELECT kind || ' ' || made_by || ' ' || letters FROM delivery_decision"),
            Is.EqualTo("retry red@example.org 2"));
        Assert.That((await Database.ReceiptAsync(issue)).AddsUp);
        Assert.That((await Reader.GetAsync(Address)).Body!.TextContent, Does.Contain("2 brev skickades igen av red@example.org."));
    }

    [Test]
    public async Task A_button_for_chosen_ones_and_none_chosen_never_means_all()
    {
        var page = await Reader.GetAsync($"{Address}/igen?lage=refused&urval=valda");
        Assert.That(Reader.Path, Is.EqualTo($"{Address}/brev?lage=refused&ingen=true"));
        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain("Du valde inget brev."));

        var review = await Reader.GetAsync($"{Address}/igen?urval=alla");
        await Reader.SubmitAsync(review, "main form", ("urval", "valda"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery_decision"), Is.Zero);
    }

    [Test]
    public async Task Without_its_token_nothing_is_sent_and_strangers_and_editors_see_nothing()
    {
        var review = await Reader.GetAsync($"{Address}/igen?urval=alla");
        await Reader.SubmitAsync(review, "main form", ("urval", "alla"), ("__RequestVerificationToken", null));
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery_decision"), Is.Zero);

        await Database.ExecuteAsync("DELETE FROM staff_member_role WHERE role_id = (SELECT id FROM staff_role WHERE name = 'admin')");
        using var editor = new PageReader(Host.Url, followRedirects: false);
        using var stranger = new PageReader(Host.Url, followRedirects: false);
        await editor.LogInAsync();
        foreach (var path in new[] { "/admin/utskick", Address, $"{Address}/brev", $"{Address}/brev.csv", $"{Address}/igen", $"{Address}/lage",
            "/admin/mottagare", "/admin/mottagare/1" })
        {
            var refused = await editor.GetAsync(path);
            Assert.That(editor.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
            if (path == Address) Assert.That(refused.QuerySelector(".rail a[href='/redaktion']"), Is.Not.Null, "in the frame of their pages");
            await stranger.GetAsync(path);
            Assert.That(stranger.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Found), path);
        }

        await Database.ExecuteAsync(
            "INSERT INTO staff_member_role (user_id, role_id) SELECT m.id, r.id FROM staff_member m, staff_role r WHERE r.name = 'admin'");
    }

    [Test]
    public async Task The_breakdown_adds_up_and_names_each_cause_once()
    {
        await Database.SubscribersAsync(40, "extra");
        await Database.ExecuteAsync(
            $"""
            UPDATE subscriber SET domain = 'd' || id % 20 || '.example' WHERE email LIKE 'extra%';
            INSERT INTO delivery (issue_id, subscriber_id, variant, state, email, domain) SELECT {issue}, id, 0, 'accepted', email, domain FROM subscriber WHERE email LIKE 'extra%';
            UPDATE delivery SET state = 'refused' WHERE id = (SELECT min(id) FROM delivery WHERE domain = 'd9.example')
            """);
        var breakdown = await Host.Get<Breakdowns>().GetAsync(issue, default);

        Assert.That(breakdown.Domains.Sum(d => d.Letters), Is.EqualTo(54));
        Assert.That(breakdown.Domains.All(d => d.Letters == d.Accepted + d.Waiting + d.Deferred + d.Refused + d.Unknown + d.Excluded));
        Assert.That(breakdown.Domains[0], Is.EqualTo(new DomainNumbers("gransele.example", 1, 14, 3, 3, 1, 2, 3, 2)));
        Assert.That((breakdown.Domains[^1].Domain, breakdown.Domains[^1].Domains, breakdown.Domains.Count),
            Is.EqualTo(((string?)null, 9, Breakdowns.Most + 1)));
        Assert.That(breakdown.Domains[1].Domain, Is.EqualTo("d9.example"), "trouble comes before size and name");
        Assert.That(breakdown.Causes.Sum(c => c.Letters), Is.EqualTo(7));
        Assert.That(breakdown.Causes.Count(c => c.State == DeliveryState.Unknown), Is.EqualTo(3),
            "a lost reply, a lost worker, and one that was left");
    }

    [Test]
    public async Task All_who_look_share_one_query()
    {
        var reads = 0;
        var gate = new TaskCompletionSource();
        var shared = new SharedQuery<int, int>(async _ => { Interlocked.Increment(ref reads); await gate.Task; return reads; },
            TimeSpan.FromMinutes(1), TimeProvider.System);
        var all = Enumerable.Range(0, 50).Select(_ => shared.GetAsync(7, default)).ToList();
        gate.SetResult();
        await Task.WhenAll(all);
        await shared.GetAsync(7, default);
        Assert.That(reads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_query_that_failed_is_asked_again()
    {
        var reads = 0;
        var shared = new SharedQuery<int, int>(_ => ++reads == 1 ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(reads),
            TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.ThrowsAsync<TimeoutException>(() => shared.GetAsync(7, default));
        Assert.That(await shared.GetAsync(7, default), Is.EqualTo(2));
    }
}
