using System.Net;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues;

/// <summary>The staff's pages as a browser without script sees them: every form changes something, and only what it says.</summary>
public sealed class IssuePagesTests : ReaderFixture
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
    public async Task Pause_and_resume_do_what_they_say()
    {
        await StartAsync();
        var going = await Reader.GetAsync(Address);
        Assert.That(going.QuerySelector("main button.primary"), Is.Null, "what stops is no solid button");
        var page = await Reader.SubmitAsync(going, "form[action$=pausa]");
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Paused));
        Assert.That(page.QuerySelector(".lead")!.TextContent, Does.Contain("412 brev väntar"));

        await Reader.SubmitAsync(page, "form:has(button.primary)");
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Sending));
    }

    [Test]
    public async Task A_button_of_a_state_that_has_passed_says_so_and_changes_nothing()
    {
        await StartAsync();
        var page = await Reader.GetAsync(Address);
        await Database.ExecuteAsync("UPDATE issue SET state = 'sent', finished_at = now()");

        var answer = await Reader.SubmitAsync(page, "form[action$=pausa]");

        Assert.That(answer.QuerySelector(".status.warn")!.TextContent, Does.Contain("Inget har ändrats"));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Sent));
    }

    [Test]
    public async Task Cancelling_says_to_how_many_and_takes_the_word()
    {
        await StartAsync();
        var page = await Reader.GetAsync($"{Address}/avbryt");
        Assert.That(page.QuerySelector(".lead")!.TextContent, Does.StartWith("412 väntar"));

        page = await Reader.SubmitAsync(page, "form:not(.who)", ("ord", "ja"));
        Assert.That(page.QuerySelector("#fel")!.TextContent, Does.Contain("Inget har avbrutits"));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Sending));

        await Reader.SubmitAsync(page, "form:not(.who)", ("ord", "avbryt"));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Cancelled));
    }

    [Test]
    public async Task The_receipt_is_a_table_that_adds_up()
    {
        await StartAsync();
        await Database.ExecuteAsync(
            """
            UPDATE delivery SET state = (CASE id % 4 WHEN 0 THEN 'refused' WHEN 1 THEN 'deferred' WHEN 2 THEN 'unknown' ELSE 'accepted' END)::delivery_state
            """);
        var page = await Reader.GetAsync(Address);
        var lines = page.QuerySelectorAll(".receipt tbody .number").Select(cell => int.Parse(cell.TextContent)).ToList();
        Assert.That(lines.Sum(), Is.EqualTo(412));
        Assert.That(page.QuerySelector(".receipt tfoot .number")!.TextContent, Is.EqualTo("412"));
        Assert.That(page.Body!.TextContent, Does.Contain("Stämmer med målgruppen: 412."));
    }

    [Test]
    public async Task The_preview_is_the_letter_in_a_frame_of_ours_only()
    {
        var letter = await Reader.GetAsync($"{Address}/forhandsvisning");
        Assert.That(letter.Body!.TextContent, Does.Contain("Höstmötet i Gransele"));
        Assert.That(letter.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("target")), Is.Not.Empty.And.All.EqualTo("_blank"));
        Assert.That(letter.QuerySelectorAll("a:not([href])").Select(link => link.GetAttribute("title")),
            Is.Not.Empty.And.All.EqualTo("Den här länken är personlig och fungerar bara i ett riktigt brev."));
        Assert.That(letter.QuerySelectorAll("a[href*=forhandsvisning]"), Is.Empty);
        var policy = string.Join(' ', Reader.Answer.Headers.GetValues("Content-Security-Policy"));
        Assert.That(policy, Does.Contain("frame-ancestors 'self'").And.Contain("sandbox").And.Not.Contain("script"));
        var text = await Reader.GetAsync($"{Address}?visa=text");
        Assert.That(text.QuerySelector("pre")!.TextContent, Does.Contain("Höstmötet i Gransele"));
        var past = (await Reader.GetAsync(Address)).QuerySelector(".preview > a.skip")!.GetAttribute("href")!;
        Assert.That(text.QuerySelector(past), Is.Not.Null, "a keyboard gets past the frame");
    }

    [Test]
    public async Task Live_numbers_come_as_events_and_end_with_the_issue()
    {
        await StartAsync();
        await Database.ExecuteAsync("UPDATE delivery SET state = 'accepted'; UPDATE issue SET state = 'sent', finished_at = now()");
        await Reader.GetAsync($"{Address}/lage");
        var body = await Reader.Answer.Content.ReadAsStringAsync();
        Assert.That(Reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(body, Does.Contain("\"stamp\":\"Sent\"").And.Contain("\"percent\":100").And.Contain("\"isLast\":true"));
    }

    [TestCase("/redaktion/nummer/999")]
    [TestCase("/redaktion/nummer/999/koa")]
    [TestCase("/redaktion/nummer/999/avbryt")]
    [TestCase("/redaktion/nummer/999/forhandsvisning")]
    public async Task An_issue_that_is_not_there_is_not_found(string path)
    {
        await Reader.GetAsync(path);
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_form_without_its_token_changes_nothing()
    {
        await StartAsync();
        await Reader.SubmitAsync(await Reader.GetAsync(Address), "form[action$=pausa]", ("__RequestVerificationToken", null));
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Sending));
    }

    [Test]
    public async Task The_list_says_what_is_next_and_what_is_queued_for_the_slot()
    {
        Assert.That(await NextAsync(), Does.Contain("Inget nummer är köat till dess.").And.Contain("är ett utkast").And.Contain($"{Address}/skriv"));

        var slot = Host.Get<MonthlySlot>().Next(Host.Get<DatabaseClock>().GetUtcNow());
        await Database.ExecuteAsync($"UPDATE issue SET state = 'queued', scheduled_at = '{slot:O}'");
        Assert.That(await NextAsync(), Does.Contain("är köat till dess.").And.Not.Contain("Inget nummer").And.Contain("Till numret"));
        var other = await Database.IssueAsync("2027-01");
        Assert.That((await Reader.GetAsync($"/redaktion/nummer/{other}/koa")).QuerySelector(".choice .hint")!.TextContent, Does.StartWith("Då skickas redan ”"));

        await Database.EmptyAsync("issue");
        Assert.That(await NextAsync(), Does.Contain("Inget utkast är påbörjat."));
    }

    [TestCase("/redaktion/finns-inte", "Redaktion", "/redaktion")]
    [TestCase("/redaktion/nummer/999", "Redaktion", "/redaktion")]
    [TestCase("/admin/finns-inte", "Administration", "/admin")]
    public async Task A_missing_page_of_the_staffs_is_told_within_their_frame(string path, string place, string way)
    {
        var page = await Reader.GetAsync(path);

        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(page.QuerySelector(".rail .newsletter")!.TextContent, Is.EqualTo(place));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Sidan finns inte"));
        Assert.That(page.QuerySelector($"main a.button[href='{way}']"), Is.Not.Null);
        Assert.That(page.Title, Is.EqualTo("Sidan finns inte – SmåKom"));
    }

    private async Task<string> NextAsync() => (await Reader.GetAsync("/redaktion")).QuerySelector(".next")!.InnerHtml;

    private async Task StartAsync()
    {
        await Host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await Host.PlanAsync();
    }
}
