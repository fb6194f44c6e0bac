using System.Net;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>What readers do with lists: sign up, choose, leave; and what staff do.</summary>
public sealed class ListPagesTests : ListFixture
{
    [Test]
    public async Task The_page_offers_this_list_and_everything_and_undo_gives_back_what_was()
    {
        using var reader = new PageReader(Host.Url);
        var page = await reader.GetAsync(Host.UnsubscribePath(Kim, issueId: 0, Invitations));
        Assert.That(Buttons(page), Is.EqualTo(new[] { "Avsluta ”Inbjudningar”", "Avsluta allt från SmåKom" }));
        Assert.That(page.QuerySelector("main .lead")!.TextContent, Is.EqualTo("Vill du att kim@gransele.example inte längre ska få ”Inbjudningar”?"));

        page = await reader.SubmitAsync(page, "main form", ("knapp", "avsluta"));
        Assert.That(await OnAsync(Kim), Is.EqualTo("1"));
        Assert.That(await Database.StatusAsync(Kim), Is.EqualTo("active"));
        Assert.That(page.QuerySelector("main .lead")!.TextContent, Is.EqualTo("kim@gransele.example får inte längre ”Inbjudningar”."));
        page = await reader.SubmitAsync(page, ".status form", ("knapp", "angra"));
        Assert.That(await OnAsync(Kim), Is.EqualTo($"1 {Invitations}"));
        Assert.That(page.QuerySelector("main .lead")!.TextContent, Does.Contain("får ”Inbjudningar” igen"));

        page = await reader.SubmitAsync(await reader.GetAsync(Host.UnsubscribePath(Kim, 0, Invitations)), "main form", ("knapp", "avsluta-allt"));
        Assert.That((await OnAsync(Kim), await Database.StatusAsync(Kim)), Is.EqualTo(("", "unsubscribed")));
        await reader.SubmitAsync(page, ".status form", ("knapp", "angra"));
        Assert.That((await OnAsync(Kim), await Database.StatusAsync(Kim)), Is.EqualTo(($"1 {Invitations}", "active")));
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(coalesce(list_id::text, 'all'), ' ' ORDER BY id) FROM notice"),
            Is.EqualTo($"{Invitations} all"), "a receipt for each");
    }

    [Test]
    public async Task One_click_leaves_the_list_that_the_letter_came_by_and_the_last_one_is_everything()
    {
        using var client = new HttpClient { BaseAddress = new Uri(Host.Url) };
        foreach (var (list, on, status) in new[] { (Invitations, "1", "active"), (Invitations, "1", "active"), ((short)1, "", "unsubscribed") })
        {
            var answer = await client.PostAsync(Host.UnsubscribePath(Kim, 9, list), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await OnAsync(Kim), await Database.StatusAsync(Kim)), Is.EqualTo((on, status)));
        }

        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(kind, ' ' ORDER BY id) FROM subscriber_event"),
            Is.EqualTo("left_list unsubscribed"), "the second click changed nothing");
    }

    [Test]
    public async Task Details_turn_lists_on_by_consent_and_off_with_a_receipt()
    {
        using var reader = new PageReader(Host.Url);
        await Database.SubscribeAsync(Kim, Members, LegalBasis.Member);
        var page = await reader.GetAsync(Host.DetailsPath(Kim));
        Assert.That(page.QuerySelectorAll("[name='Form.Lists']").Select(box => ((IHtmlInputElement)box).IsChecked), Is.EqualTo(new[] { true, true, true }));

        await reader.SubmitAsync(page, "main form", ("Form.Lists", $"{Members}"));
        Assert.That(await OnAsync(Kim), Is.EqualTo($"{Members}"));
        await reader.SubmitAsync(await reader.GetAsync(Host.DetailsPath(Kim)), "main form", ("Form.Lists", $"{Invitations}"));
        Assert.That(await OnAsync(Kim), Is.EqualTo($"{Invitations}"));
        page = await reader.GetAsync(Host.DetailsPath(Kim));
        Assert.That(page.QuerySelectorAll("[name='Form.Lists']").Select(box => box.GetAttribute("value")), Is.EqualTo(new[] { "1", $"{Invitations}" }),
            "nobody puts themselves on a closed list");
        await reader.SubmitAsync(page, "main form", ("Form.Lists", $"{Members}"));
        Assert.That(await Database.StatusAsync(Kim), Is.EqualTo("unsubscribed"), "a list that was not offered is none");

        Assert.That(await Database.ScalarAsync<string>("SELECT detail ->> 'text' FROM subscriber_event WHERE kind = 'joined_list'"),
            Does.StartWith("Jag vill få ”Inbjudningar” från SmåKom till den här e-postadressen."));
        Assert.That(await Database.ScalarAsync<string>($"SELECT legal_basis::text FROM subscription WHERE list_id = {Invitations}"), Is.EqualTo("consent"));
    }

    [Test]
    public async Task A_pause_says_until_when_and_ends_by_a_button()
    {
        using var reader = new PageReader(Host.Url);
        var page = await reader.SubmitAsync(await reader.GetAsync(Host.DetailsPath(Kim)), "form:has(#months)", ("Months", "3"));
        Assert.That(page.QuerySelector(".status.warn")!.TextContent, Does.Contain("Du får inga brev förrän"));
        Assert.That(await Database.ScalarAsync<bool>($"SELECT paused_until BETWEEN now() + interval '88 days' AND now() + interval '93 days' FROM subscriber WHERE id = {Kim}"));
        Assert.That(await Host.Get<AudienceCount>().OfAllAsync(default), Is.EqualTo(new AudienceSize(0, 1)));

        page = await reader.SubmitAsync(page, ".status.warn form");
        Assert.That(page.QuerySelector(".status.warn"), Is.Null);
        Assert.That(await Host.Get<AudienceCount>().OfAllAsync(default), Is.EqualTo(new AudienceSize(1, 0)));
        await reader.SubmitAsync(page, "form:has(#months)", ("Months", "7"));
        Assert.That(await Host.Get<AudienceCount>().OfAllAsync(default), Is.EqualTo(new AudienceSize(1, 0)), "six months at most");
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(kind, ' ' ORDER BY id) FROM subscriber_event"), Is.EqualTo("paused pause_ended"));
    }

    [Test]
    public async Task Staff_make_a_list_order_it_and_shut_it_down_unless_an_issue_is_on_its_way_to_it()
    {
        var page = await Reader.GetAsync("/redaktion/prenumeranter/listor/ny");
        page = await Reader.SubmitAsync(page, "main form.card", ("name", ""));
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        page = await Reader.SubmitAsync(page, "main form.card", ("name", "Möten & kurser"), ("description", "Några gånger om året."), ("open", "ja"));
        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws('|', key, name, position, is_open) FROM mailing_list ORDER BY id DESC LIMIT 1"),
            Is.EqualTo("moten-kurser|Möten & kurser|4|t"));
        Assert.That(page.QuerySelectorAll("tbody th a").Select(a => a.TextContent), Is.EqualTo(new[] { "Nyhetsbrev", "Inbjudningar", "Medlemsinformation", "Möten & kurser" }));

        page = await Reader.SubmitAsync(page, $"form[action$='/listor/{Invitations}/upp']");
        Assert.That(page.QuerySelectorAll("tbody th a").Select(a => a.TextContent).Take(2), Is.EqualTo(new[] { "Inbjudningar", "Nyhetsbrev" }));

        await Database.IssueAsync(queued: true);
        await Database.ExecuteAsync($"UPDATE issue SET lists = ARRAY[1, {Invitations}]");
        page = await CloseAsync(Invitations);
        Assert.That(page.QuerySelector(".status")!.TextContent, Does.Contain("Listan är inte nedlagd"));
        await Database.ExecuteAsync("UPDATE issue SET state = 'sent'");
        page = await CloseAsync(Invitations);
        Assert.That(page.QuerySelector(".status")!.TextContent, Does.Contain("Listan är nedlagd"));
        Assert.That((await Reader.GetAsync("/redaktion/prenumeranter/listor/1")).QuerySelector("form[action$=stang]"), Is.Null, "never the newsletter");
    }

    [Test]
    public async Task A_draft_goes_to_the_lists_that_staff_choose_and_a_copy_keeps_them()
    {
        var issue = await Database.IssueAsync("2026-11");
        var page = await Reader.GetAsync($"/redaktion/nummer/{issue}/skriv");
        page = await Reader.SubmitAsync(page, "form[action$='/skriv/listor']", ("lista", $"{Invitations}"));
        Assert.That(page.QuerySelector("[data-says]")!.TextContent, Does.Contain("listorna du valde"));
        page = await Reader.SubmitAsync(page, "form[action$='/skriv/listor']", ("lista", null));
        Assert.That(page.QuerySelector("[data-says]")!.TextContent, Does.Contain("Välj minst en lista"));
        var audience = await Host.Get<AudienceCount>().OfIssueAsync(issue, default);
        page = await Reader.GetAsync($"/redaktion/nummer/{issue}");
        Assert.That(page.QuerySelector("dl.facts")!.TextContent, Does.Contain("Inbjudningar"));

        await Reader.SubmitAsync(await Reader.GetAsync($"/redaktion/nummer/nytt?kopia={issue}"), "form[action$='/nytt/skapa']", ("fran", "Copy"), ("kopia", $"{issue}"));
        Assert.That(audience.Gets, Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(lists::text, ' ') FROM issue"), Is.EqualTo($"{{{Invitations}}} {{{Invitations}}}"));
    }

    [Test]
    public async Task Only_issues_of_an_open_list_stand_in_the_archive()
    {
        using var reader = new PageReader(Host.Url);
        var issue = await Database.IssueAsync("2026-11");
        await Database.ExecuteAsync($"UPDATE issue SET state = 'sent', started_at = now(), finished_at = now(), audience = 1, lists = ARRAY[{Members}]");
        await reader.GetAsync("/arkiv/2026/november");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await reader.GetAsync(Host.LetterPath(Kim, issue))).QuerySelector("h1"), Is.Not.Null, "who got it can read it");

        await Database.ExecuteAsync($"UPDATE issue SET lists = ARRAY[{Members}, {Invitations}]");
        await reader.GetAsync("/arkiv/2026/november");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_sign_up_page_offers_open_lists_and_keeps_which_were_ticked_with_the_consent()
    {
        using var reader = new PageReader(Host.Url);
        var page = await reader.GetAsync("/prenumerera");
        Assert.That(page.QuerySelectorAll("#lists label").Select(label => label.TextContent.Trim()), Is.EqualTo(new[] { "Nyhetsbrev", "Inbjudningar" }));
        page = await reader.SubmitAsync(page, "main form", ("Form.Email", "asa@gransele.example"), ("Form.Consent", "true"));
        Assert.That(page.QuerySelector("#lists-error"), Is.Not.Null, "none is ticked beforehand");
        await Database.ExecuteAsync(
            $"""
            INSERT INTO sign_up (email, email_key, language, consent, lists, requested_at, token_hash, expires_at)
            VALUES ('asa@gransele.example', 'asa@gransele.example', 'sv', '{"{}"}', ARRAY[1, {Invitations}], now(), sha256('prov'), now() + interval '1 day')
            """);
        await reader.SubmitAsync(await reader.GetAsync("/bekrafta/prov"), "main form");
        var asa = await Database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email = 'asa@gransele.example'");
        Assert.That(await OnAsync(asa), Is.EqualTo($"1 {Invitations}"));
    }

    [Test]
    public async Task What_is_exported_is_imported_with_its_lists_and_a_list_that_somebody_left_stays_left()
    {
        await Database.SubscriberAsync("lo@gransele.example");
        var lines = await Host.Get<SubscriberExport>().ReadAsync(default).ToListAsync();
        Assert.That(string.Concat(lines), Is.EqualTo(
            "E-post;Namn;Kommun;Språk;Listor\r\nkim@gransele.example;;;sv;nyhetsbrev inbjudningar\r\nlo@gransele.example;;;sv;nyhetsbrev\r\n"));
        await Database.EmptyAsync("subscriber");
        Assert.That((await ImportAsync(string.Concat(lines)))[ImportOutcome.New], Is.EqualTo(2));
        var id = await Database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email LIKE 'kim%'");
        Assert.That(await OnAsync(id), Is.EqualTo($"1 {Invitations}"));

        await Database.ExecuteAsync($"UPDATE subscription SET ended_at = now() WHERE subscriber_id = {id} AND list_id = {Invitations}");
        Assert.That((await ImportAsync("epost;listor\nkim@gransele.example;inbjudningar\n"))[ImportOutcome.Left], Is.EqualTo(1));
        Assert.That((await ImportAsync("epost;listor\nkim@gransele.example;inbjudningar, medlemmar\n"))[ImportOutcome.Updated], Is.EqualTo(1));
        Assert.That(await OnAsync(id), Is.EqualTo($"1 {Members}"));
        Assert.That((await ImportAsync("epost;listor\nkim@gransele.example;medlemmar\n"))[ImportOutcome.Unchanged], Is.EqualTo(1));
        Assert.That((await ImportAsync("epost;listor\nny@gransele.example;kurser\n"))[ImportOutcome.Malformed], Is.EqualTo(1), "no such list");
        Assert.That((await ImportAsync("epost\nmed@gransele.example\n", "medlemmar"))[ImportOutcome.New], Is.EqualTo(1));
        Assert.That(await OnAsync(await Database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email LIKE 'med@%'")), Is.EqualTo($"{Members}"));

        var page = await Reader.GetAsync($"/redaktion/prenumeranter?lista={Members}");
        Assert.That(page.QuerySelectorAll("tbody th").Select(cell => cell.TextContent.Trim()), Is.EqualTo(new[] { "kim@gransele.example", "med@gransele.example" }));
    }

    private async Task<ImportSummary> ImportAsync(string csv, params string[] lists)
    {
        var file = await ImportFile.OpenAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), default);
        return await Host.Get<SubscriberImport>().RunAsync(file.ReadAsync(default),
            new(LegalBasis.Member, "lista", Given.Editor) { Lists = lists.Length > 0 ? lists : null }, dryRun: false, null, default);
    }

    private async Task<IHtmlDocument> CloseAsync(short list) =>
        await Reader.SubmitAsync(await Reader.GetAsync($"/redaktion/prenumeranter/listor/{list}"), "form[action$=stang]");

    private static IEnumerable<string> Buttons(IHtmlDocument page) => page.QuerySelectorAll("main form button").Select(button => button.TextContent);
}
