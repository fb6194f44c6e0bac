using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues;

/// <summary>An issue is queued as a browser without script does it: for when, what is looked at before, and who may.</summary>
public sealed class QueuePageTests : ReaderFixture
{
    private int issue;

    private string Address => $"/redaktion/nummer/{issue}";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, rate_limit");
        await Database.SubscribersAsync(412);
        await Database.RelayAsync();
        issue = await Database.IssueAsync();
    }

    [Test]
    public async Task Queueing_for_a_time_is_said_in_words_before_it_is_done()
    {
        var year = DateTime.Parse(await Database.ScalarAsync<string>("SELECT (now() + interval '1 year')::date::text")).Year;
        var review = await Reader.GetAsync($"{Address}/koa?nar=tid&tid=1%20dec%20{year}%20kl%209");

        Assert.That(review.QuerySelector("#mening")!.TextContent,
            Does.Match($@"^Skickas \w+ 1 december {year} kl\. 09\.00 \(svensk tid\), om .* dagar, till 412 mottagare\.$"));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft), "looking changes nothing");

        await Reader.SubmitAsync(review, "form:not(.who)");
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Queued));
        Assert.That(await Database.ScalarAsync<string>(
            "SELECT to_char(scheduled_at AT TIME ZONE 'Europe/Stockholm', 'YYYY-MM-DD HH24:MI') FROM issue"), Is.EqualTo($"{year}-12-01 09:00"));
        Assert.That(Reader.Path, Is.EqualTo(Address));
    }

    [Test]
    public async Task Queueing_now_leaves_five_minutes_to_take_it_back()
    {
        var page = await QueueNowAsync();
        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT scheduled_at BETWEEN now() + interval '4 minutes' AND now() + interval '5 minutes' FROM issue"), Is.True);

        await Reader.SubmitAsync(page, "form[action$=ta-tillbaka]");
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [TestCase("2027-03-28 02:30", "Klockan 02.30 finns inte söndag 28 mars 2027: då ställs klockan fram till 03.00.")]
    [TestCase("2020-01-01 09:00", "Onsdag 1 januari 2020 kl. 09.00 har redan passerat.")]
    [TestCase("30 februari", "30 februari finns inte i kalendern.")]
    [TestCase("1 maj 2028 kl 25", "Klockan 25 finns inte.")]
    [TestCase("tisdag 1 maj 2028", "1 maj 2028 är en måndag, inte en tisdag.")]
    [TestCase("snarast", "”snarast” går inte att tolka som en tid. Skriv till exempel ”på tisdag kl 9”")]
    [TestCase("1 maj 1026", "Året måste ligga mellan 2000 och 2100.")]
    [TestCase("", "Skriv när numret ska skickas")]
    public async Task An_impossible_time_is_refused_with_its_reason(string written, string reason)
    {
        var page = await Reader.GetAsync($"{Address}/koa?nar=tid&tid={Uri.EscapeDataString(written)}");

        Assert.That(page.QuerySelector("#problem")!.TextContent, Does.Contain(reason).And.Contain("Inget har ändrats."));
        Assert.That(page.QuerySelector("#tid")!.GetAttribute("aria-describedby"), Does.StartWith("problem"));
        Assert.That(page.QuerySelector("#tid")!.GetAttribute("value") ?? "", Is.EqualTo(written));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task A_time_that_happens_twice_is_the_first_and_says_so()
    {
        var page = await Reader.GetAsync($"{Address}/koa?nar=tid&tid=2027-10-31%2002:30");
        Assert.That(page.QuerySelector(".card")!.TextContent, Does.Contain("inträffar två gånger"));
    }

    [Test]
    public async Task The_next_monthly_slot_is_the_default_and_what_was_reviewed_is_what_is_queued()
    {
        var page = await Reader.GetAsync($"{Address}/koa");
        var slot = Host.Get<SmaKom.Mailer.Calendar.MonthlySlot>().Next(TimeProvider.System.GetUtcNow());
        Assert.That(page.QuerySelector("input[checked]")!.GetAttribute("value"), Is.EqualTo("ordinarie"));

        var review = await Reader.GetAsync($"{Address}/koa?nar=ordinarie&tid=");
        Assert.That(review.QuerySelector("#mening")!.TextContent, Does.Contain($"{slot.Day} {CultureInfo.GetCultureInfo("sv-SE").DateTimeFormat.GetMonthName(slot.Month)} {slot.Year} kl. 09.00"));
        await Reader.SubmitAsync(review, "form:not(.who)");
        Assert.That(await Database.ScalarAsync<DateTime>("SELECT scheduled_at FROM issue"), Is.EqualTo(slot.UtcDateTime));
    }

    [Test]
    public async Task A_written_time_counts_also_where_nobody_has_chosen_it()
    {
        var review = await Reader.GetAsync($"{Address}/koa?nar=ordinarie&tid=i%20%C3%B6vermorgon");
        Assert.That(review.QuerySelector("#mening")!.TextContent, Does.Contain("kl. 09.00").And.Contain("om 2 dagar"));
    }

    [TestCase(60, "1 minute", "Med de gränser som gäller nu tar det minst 6 minuter.")]
    [TestCase(50, "1 hour", "Med de gränser som gäller nu tar det minst 8 timmar.")]
    [TestCase(500, "1 minute", null)]
    public async Task The_review_shows_the_line_of_an_inbox_and_how_long_limits_make_it_take(int count, string per, string? takes)
    {
        await Database.ExecuteAsync($"INSERT INTO rate_limit (count, per) VALUES ({count}, '{per}')");
        var review = await Reader.GetAsync($"{Address}/koa?nar=nu");

        Assert.That(Regex.Replace(review.QuerySelector(".inbox-line")!.TextContent, @"\s+", " ").Trim(), Is.EqualTo(
            "Så syns det i en inkorg SmåKom Nyheter från småkommunerna – å, ä och ö Höstmötet, bredbandet och en ny ordförande."));
        Assert.That(review.QuerySelectorAll(".card > p").Select(p => p.TextContent).Where(text => text.Contains("gränser", StringComparison.Ordinal)),
            takes is null ? Is.Empty : Is.EqualTo(new[] { takes }));
    }

    [Test]
    public async Task Without_an_audience_nothing_can_be_queued()
    {
        await Database.ExecuteAsync("UPDATE subscriber SET status = 'unsubscribed'");
        var page = await Reader.GetAsync($"{Address}/koa?nar=nu");
        Assert.That(page.QuerySelector(".status.error")!.TextContent, Does.Contain("ingen att skicka till"));
        Assert.That(page.QuerySelector("form:not(.who)"), Is.Null);
    }

    [Test]
    public async Task What_is_found_between_review_and_confirmation_keeps_the_issue_from_being_queued()
    {
        var review = await Reader.GetAsync($"{Address}/koa?nar=nu");
        await Database.ExecuteAsync("""UPDATE issue SET content = '{"kind": 7}'""");
        var page = await Reader.SubmitAsync(review, "form:not(.who)");

        Assert.That(page.QuerySelector(".status.error")!.TextContent, Does.Contain("Innehållet går inte att läsa."));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task An_audience_that_shrank_is_a_question_and_not_a_refusal()
    {
        await Database.ExecuteAsync("""
            INSERT INTO issue (slug, year, month, subject, content, created_at, updated_at, state, started_at, audience)
            SELECT '2026-10', year, 10, subject, content, now(), now(), 'sent', now() - interval '1 month', 600 FROM issue
            """);
        var review = await Reader.GetAsync($"{Address}/koa?nar=nu");
        Assert.That(review.QuerySelector(".findings")!.TextContent,
            Does.Contain("Förra numret gick till 600 mottagare, det här går till 412. Stämmer det?"));

        await Reader.SubmitAsync(review, "form:not(.who)");
        Assert.That(await Database.ScalarAsync<bool>($"SELECT state = 'queued' FROM issue WHERE id = {issue}"), Is.True);
    }

    [Test]
    public async Task An_administrator_ticks_a_box_to_queue_without_a_test_letter()
    {
        await Database.ExecuteAsync("DELETE FROM notice");
        var review = await Reader.GetAsync($"{Address}/koa?nar=nu");
        Assert.That(review.QuerySelector($".findings a[href='{Address}/skriv#prov']"), Is.Not.Null, "it leads to the test letter");

        await Reader.SubmitAsync(review, "form:not(.who)");
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft), "not ticked");
        await Reader.SubmitAsync(review, "form:not(.who)", ("utan-testbrev", "true"));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Queued));
    }

    [Test]
    public async Task An_editor_has_no_such_box_and_a_forged_one_is_refused()
    {
        using var editor = await EditorAsync();
        var review = await editor.GetAsync($"{Address}/koa?nar=nu");
        await Database.ExecuteAsync("DELETE FROM notice");
        await editor.SubmitAsync(review, "form:not(.who)", ("utan-testbrev", "true"));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));

        var page = await editor.GetAsync($"{Address}/koa?nar=nu");
        Assert.That(page.QuerySelector("form:not(.who)"), Is.Null);
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent, Does.Contain("Inget testbrev har skickats"));
    }

    [Test]
    public async Task Many_warnings_are_folded_and_what_blocks_comes_first()
    {
        var links = Enumerable.Range(1, 6).Select(i => new { name = "Läs mer", url = $"https://x.example.org/{i}" });
        var changed = JsonSerializer.Serialize(new { subject = "", contact = new { name = "Elin", socialLinks = links } });
        await Database.ScalarAsync<int>("UPDATE issue SET content = content || $1::jsonb RETURNING id", new NpgsqlParameter { Value = changed });
        var found = (await Reader.GetAsync($"{Address}/koa")).QuerySelector(".findings")!;

        Assert.That(found.QuerySelectorAll("li").First().ClassList, Has.Member("blocks"));
        Assert.That(found.QuerySelectorAll("details li").Length, Is.EqualTo(3));
        Assert.That(found.QuerySelector("summary")!.TextContent, Is.EqualTo("Visa 3 till"));
    }

    private async Task<IHtmlDocument> QueueNowAsync() =>
        await Reader.SubmitAsync(await Reader.GetAsync($"{Address}/koa?nar=nu"), "form:not(.who)");

    private async Task<PageReader> EditorAsync()
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var register = scope.ServiceProvider.GetRequiredService<StaffRegister>();
        var email = $"karin{Guid.NewGuid():N}@gransele.example";
        var password = await register.AddAsync(EmailAddress.Parse(email), StaffRole.Editor, Given.Editor, default);
        var editor = new PageReader(Host.Url);
        await editor.LogInAsync(email, password!);
        return editor;
    }
}
