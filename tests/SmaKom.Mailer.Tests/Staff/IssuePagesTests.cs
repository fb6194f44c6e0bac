using System.Net;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Staff;

/// <summary>The staff's pages as a browser without script sees them: every form changes something, and only what it says.</summary>
public sealed class IssuePagesTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private PageReader reader = null!;
    private int issue;

    private string Address => $"/redaktion/nummer/{issue}";

    [SetUp]
    public async Task BeginAsync()
    {
        await database.ExecuteAsync("TRUNCATE issue, subscriber CASCADE");
        await database.SubscribersAsync(412);
        issue = await database.IssueAsync();
    }

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        reader = new PageReader(host.Url);
        await reader.LogInAsync();
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        reader.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Queueing_for_a_time_is_said_in_words_before_it_is_done()
    {
        var year = DateTime.Parse(await database.ScalarAsync<string>("SELECT (now() + interval '1 year')::date::text")).Year;
        var review = await reader.GetAsync($"{Address}/koa?nar=tid&datum={year}-12-01&tid=09:00");

        Assert.That(review.QuerySelector("#mening")!.TextContent, Does.Match($@"^Skickas \w+ 1 december {year} kl\. 09\.00 \(svensk tid\), om .* dagar, till 412 mottagare\.$"));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft), "looking changes nothing");

        await reader.SubmitAsync(review, "form:not(.who)");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Queued));
        Assert.That(await database.ScalarAsync<string>("SELECT to_char(scheduled_at AT TIME ZONE 'Europe/Stockholm', 'YYYY-MM-DD HH24:MI') FROM issue"), Is.EqualTo($"{year}-12-01 09:00"));
        Assert.That(reader.Path, Is.EqualTo(Address));
    }

    [Test]
    public async Task Queueing_now_leaves_five_minutes_to_take_it_back()
    {
        var page = await QueueNowAsync();
        Assert.That(await database.ScalarAsync<bool>("SELECT scheduled_at BETWEEN now() + interval '4 minutes' AND now() + interval '5 minutes' FROM issue"), Is.True);

        await reader.SubmitAsync(page, "form:has(button.primary)");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [TestCase("2027-03-28", "02:30", "Klockan 02.30 finns inte söndag 28 mars 2027: då ställs klockan fram till 03.00.")]
    [TestCase("2020-01-01", "09:00", "Onsdag 1 januari 2020 kl. 09.00 har redan passerat.")]
    [TestCase("2027-02-30", "09:00", "är inget datum och klockslag")]
    [TestCase("", "09:00", "Välj ett datum och ett klockslag.")]
    public async Task An_impossible_time_is_refused_with_its_reason(string date, string time, string reason)
    {
        var page = await reader.GetAsync($"{Address}/koa?nar=tid&datum={date}&tid={time}");

        Assert.That(page.QuerySelector("#problem")!.TextContent, Does.Contain(reason).And.Contain("Inget har ändrats."));
        Assert.That(page.QuerySelector("#datum")!.GetAttribute("aria-describedby"), Is.EqualTo("problem"));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task A_time_that_happens_twice_is_the_first_and_says_so()
    {
        var page = await reader.GetAsync($"{Address}/koa?nar=tid&datum=2027-10-31&tid=02:30");
        Assert.That(page.QuerySelector(".card")!.TextContent, Does.Contain("inträffar två gånger"));
    }

    [Test]
    public async Task The_suggested_time_is_the_next_monthly_slot()
    {
        var page = await reader.GetAsync($"{Address}/koa");
        var slot = host.Get<SmaKom.Mailer.Schedule.MonthlySlot>().Next(TimeProvider.System.GetUtcNow());
        Assert.That(page.QuerySelector("#datum")!.GetAttribute("value"), Is.EqualTo(slot.ToString("yyyy-MM-dd")));
        Assert.That(page.QuerySelector("#tid")!.GetAttribute("value"), Is.EqualTo("09:00"));
    }

    [Test]
    public async Task Without_an_audience_nothing_can_be_queued()
    {
        await database.ExecuteAsync("UPDATE subscriber SET status = 'unsubscribed'");
        var page = await reader.GetAsync($"{Address}/koa?nar=nu");
        Assert.That(page.QuerySelector(".status.error")!.TextContent, Does.Contain("ingen att skicka till"));
        Assert.That(page.QuerySelector("form:not(.who)"), Is.Null);
    }

    [Test]
    public async Task Pause_and_resume_do_what_they_say()
    {
        await StartAsync();
        var page = await reader.SubmitAsync(await reader.GetAsync(Address), "form:has(button.primary)");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Paused));
        Assert.That(page.QuerySelector(".lead")!.TextContent, Does.Contain("412 väntar"));

        await reader.SubmitAsync(page, "form:has(button.primary)");
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sending));
    }

    [Test]
    public async Task A_button_of_a_state_that_has_passed_says_so_and_changes_nothing()
    {
        await StartAsync();
        var page = await reader.GetAsync(Address);
        await database.ExecuteAsync("UPDATE issue SET state = 'sent', finished_at = now()");

        var answer = await reader.SubmitAsync(page, "form:has(button.primary)");

        Assert.That(answer.QuerySelector(".status.warn")!.TextContent, Does.Contain("Inget har ändrats"));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sent));
    }

    [Test]
    public async Task Cancelling_says_to_how_many_and_takes_the_word()
    {
        await StartAsync();
        var page = await reader.GetAsync($"{Address}/avbryt");
        Assert.That(page.QuerySelector(".lead")!.TextContent, Does.StartWith("412 väntar"));

        page = await reader.SubmitAsync(page, "form:not(.who)", ("ord", "ja"));
        Assert.That(page.QuerySelector("#fel")!.TextContent, Does.Contain("Inget har avbrutits"));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sending));

        await reader.SubmitAsync(page, "form:not(.who)", ("ord", "avbryt"));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Cancelled));
    }

    [Test]
    public async Task The_receipt_is_a_table_that_adds_up()
    {
        await StartAsync();
        await database.ExecuteAsync(
            """
            UPDATE delivery SET state = (CASE id % 4 WHEN 0 THEN 'refused' WHEN 1 THEN 'deferred' WHEN 2 THEN 'unknown' ELSE 'accepted' END)::delivery_state
            """);
        var page = await reader.GetAsync(Address);
        var lines = page.QuerySelectorAll(".receipt tbody .number").Select(cell => int.Parse(cell.TextContent)).ToList();
        Assert.That(lines.Sum(), Is.EqualTo(412));
        Assert.That(page.QuerySelector(".receipt tfoot .number")!.TextContent, Is.EqualTo("412"));
        Assert.That(page.Body!.TextContent, Does.Contain("Stämmer med målgruppen: 412."));
    }

    [Test]
    public async Task The_preview_is_the_letter_in_a_frame_of_ours_only()
    {
        var letter = await reader.GetAsync($"{Address}/forhandsvisning");
        Assert.That(letter.Body!.TextContent, Does.Contain("Höstmötet i Gransele"));
        var policy = string.Join(' ', reader.Answer.Headers.GetValues("Content-Security-Policy"));
        Assert.That(policy, Does.Contain("frame-ancestors 'self'").And.Contain("sandbox").And.Not.Contain("script"));
        var text = await reader.GetAsync($"{Address}?visa=text");
        Assert.That(text.QuerySelector("pre")!.TextContent, Does.Contain("Höstmötet i Gransele"));
    }

    [Test]
    public async Task Live_numbers_come_as_events_and_end_with_the_issue()
    {
        await StartAsync();
        await database.ExecuteAsync("UPDATE delivery SET state = 'accepted'; UPDATE issue SET state = 'sent', finished_at = now()");
        await reader.GetAsync($"{Address}/lage");
        var body = await reader.Answer.Content.ReadAsStringAsync();
        Assert.That(reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(body, Does.Contain("\"state\":\"Sent\"").And.Contain("\"percent\":100"));
    }

    [TestCase("/redaktion/nummer/999")]
    [TestCase("/redaktion/nummer/999/koa")]
    [TestCase("/redaktion/nummer/999/avbryt")]
    [TestCase("/redaktion/nummer/999/forhandsvisning")]
    public async Task An_issue_that_is_not_there_is_not_found(string path)
    {
        await reader.GetAsync(path);
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_form_without_its_token_changes_nothing()
    {
        await StartAsync();
        await reader.SubmitAsync(await reader.GetAsync(Address), "form:has(button.primary)", ("__RequestVerificationToken", null));
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await database.StateAsync(issue), Is.EqualTo(IssueState.Sending));
    }

    private async Task<IHtmlDocument> QueueNowAsync() =>
        await reader.SubmitAsync(await reader.GetAsync($"{Address}/koa?nar=nu"), "form:not(.who)");

    private async Task StartAsync()
    {
        await host.Get<IssueDesk>().QueueAsync(issue, null, default);
        await host.PlanAsync();
    }
}
