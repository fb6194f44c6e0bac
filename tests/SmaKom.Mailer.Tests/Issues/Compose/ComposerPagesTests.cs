using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>The composer as a browser without script sees it: every form changes something, and only what it says.</summary>
public sealed class ComposerPagesTests : ReaderFixture
{
    private int issue;

    private string Address => $"/redaktion/nummer/{issue}/skriv";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, notice, media");
        await Database.SubscribersAsync(3);
        await Database.RelayAsync();
        issue = await Database.IssueAsync();
    }

    [TestCase("Skeleton", 4)]
    [TestCase("Last", 1)]
    [TestCase("Copy", 1)]
    public async Task A_new_issue_is_begun_from_the_list_and_leads_to_its_form(string from, int sections)
    {
        var list = await Reader.GetAsync("/redaktion");
        var page = await Reader.SubmitAsync(await Reader.GetAsync(list.QuerySelector(".head a.button")!.GetAttribute("href")!), "form.card",
            ("fran", from));

        Assert.That(Reader.Path, Does.Match("^/redaktion/nummer/[0-9]+/skriv$"));
        Assert.That(page.QuerySelector("#falt-subject"), Is.Not.Null, "the subject is open");
        Assert.That(page.QuerySelectorAll("section.outline").Length, Is.EqualTo(sections));
    }

    [Test]
    public async Task A_part_is_saved_and_stays_open()
    {
        var page = await Reader.SubmitAsync(await OpenAsync("a1b1"), "form.part-form", ("heading", "Ny rubrik"),
            ("body", "Stycke ett\r\n\r\nStycke två"));

        Assert.That(page.QuerySelector(".status.ok")!.TextContent, Does.Contain("Sparat."));
        Assert.That(page.QuerySelector<IHtmlTextAreaElement>("#falt-body")!.Value, Is.EqualTo("Stycke ett\n\nStycke två"));
        Assert.That((await Reader.GetAsync($"/redaktion/nummer/{issue}/forhandsvisning")).Body!.TextContent, Does.Contain("Ny rubrik"));
    }

    [Test]
    public async Task What_cannot_be_saved_is_shown_again_as_it_was_typed()
    {
        var made = await Reader.SubmitAsync(await Reader.GetAsync(Address), "details.add form", ("slag", "Event"));
        var page = await Reader.SubmitAsync(made, "form.part-form", ("name", "Mötet"), ("start", "1 december"), ("place", "Gransele"));

        Assert.That((int)Reader.Answer.StatusCode, Is.EqualTo(422));
        Assert.That(page.QuerySelector("[role=alert] a")!.GetAttribute("href"), Is.EqualTo("#falt-start"));
        Assert.That(page.QuerySelector<IHtmlInputElement>("#falt-place")!.Value, Is.EqualTo("Gransele"));
        Assert.That(page.QuerySelector("#falt-start")!.GetAttribute("value"), Is.EqualTo("1 december"));
    }

    [Test]
    public async Task A_conflict_shows_both_texts_and_each_choice_does_what_it_says()
    {
        var open = await OpenAsync("a1b1");
        await Host.Get<DraftCommands>()
            .SaveAsync(issue, "a1b1", 0, new Dictionary<string, string> { ["body"] = "Deras text" }, Given.Editor, default);
        var conflict = await Reader.SubmitAsync(open, "form.part-form", ("body", "Min text"));

        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        var words = conflict.QuerySelector(".conflict")!.TextContent;
        Assert.That(words, Does.Contain("Min text").And.Contain("Deras text").And.Contain(Given.Editor.Name));

        await Reader.SubmitAsync(conflict, ".conflict form", ("val", "bada"));
        Assert.That((await ContentAsync()).Articles().Select(article => article.Body), Is.EqualTo(new[] { "Deras text", "Min text" }));
        await Reader.SubmitAsync(conflict, ".conflict form", ("val", "min"));
        Assert.That((await ContentAsync()).Articles().First().Body, Is.EqualTo("Min text"));
    }

    [Test]
    public async Task The_page_says_who_else_has_the_issue_open_and_tells_them()
    {
        await Host.Get<Presence>().ArriveAsync(issue, Given.Editor, "a1", "a1b1", default);
        var page = await OpenAsync("a1b1");

        Assert.That(page.QuerySelector(".presence:not([hidden])")!.TextContent, Does.StartWith($"{Given.Editor.Name} har också numret öppet och är i artikeln ”"));
        Assert.That(await Database.ScalarAsync<string>($"SELECT part FROM issue_presence WHERE who = '{SampleData.LoginEmail}'"), Is.EqualTo("a1b1"));
    }

    [Test]
    public async Task Text_of_a_part_that_is_gone_is_not()
    {
        var open = await OpenAsync("a1b1");
        await Host.Get<DraftCommands>().RemoveAsync(issue, "a1b1", Given.Editor, default);
        var page = await Reader.SubmitAsync(open, "form.part-form", ("body", "Min text"));
        Assert.That(page.QuerySelector(".conflict")!.TextContent, Does.Contain("Min text"));

        await Reader.SubmitAsync(page, ".conflict form", ("val", "bada"));
        Assert.That((await ContentAsync()).Articles().Single().Body, Is.EqualTo("Min text"));
    }

    [Test]
    public async Task Moving_says_where_it_is_now_and_keeps_the_focus()
    {
        var two = await Reader.SubmitAsync(await Reader.GetAsync(Address), "details.add form", ("slag", "Article"));
        var part = two.QuerySelector(".part.open")!.Id!["rad-".Length..];
        await Reader.SubmitAsync(two, "form.part-form", ("heading", "Två"));
        var page = await Reader.SubmitAsync(await Reader.GetAsync(Address), $"#rad-{part} .steps", ("steg", "upp"));

        Assert.That(page.QuerySelector("[data-says]")!.TextContent.Trim(), Is.EqualTo("Två är nu 1 av 2 i Hänt sedan sist."));
        Assert.That(page.QuerySelectorAll("[autofocus]").Single().GetAttribute("aria-label"),
            Is.EqualTo("Flytta upp: Två").Or.EqualTo("Flytta ned: Två"));
    }

    [Test]
    public async Task A_picture_is_uploaded_without_script_and_what_is_none_is_explained()
    {
        var part = await OpenAsync("a1b1");
        var first = await UploadAsync(part, ("semester.jpg", GivenPictures.JpegWith(GivenPictures.Exif(6))), ("logga.png", GivenPictures.Png()));
        Assert.That(first.QuerySelector(".status.ok")!.TextContent, Does.Contain("Bilden är uppladdad"));
        var stored = first.QuerySelectorAll("#falt-pictures-0-mediaId option").Select(option => option.GetAttribute("value")!).Where(id => id != "").ToList();
        Assert.That(stored, Has.Count.EqualTo(2).And.All.Match("^[0-9a-f]{40}[.](jpg|png)$"));

        var again = await UploadAsync(part, ("kopia.jpg", GivenPictures.JpegWith(GivenPictures.Exif(6))), ("mobil.heic", [0, 0, 0, 24, .. "ftypheic"u8]));
        Assert.That(again.QuerySelector(".status.warn")!.TextContent, Does.Contain("HEIC").And.Contain("Mest kompatibelt"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM media"), Is.EqualTo(2), "the same picture is stored once");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM admin_action WHERE what = 'picture.add'"), Is.EqualTo(2));

        await Reader.SubmitAsync(again, "form.part-form", ("pictures[0].mediaId", stored[0]), ("pictures[0].alt", "En plogbil"), ("pictures[0].credit", "Karin Lind"));
        Assert.That((await Reader.GetAsync($"/redaktion/nummer/{issue}/forhandsvisning")).Body!.TextContent, Does.Contain("Foto: Karin Lind"));

        var shown = await Reader.SendAsync(new(HttpMethod.Get, $"/bild/{stored.Single(id => id.EndsWith("jpg", StringComparison.Ordinal))}"));
        Assert.That(Reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/jpeg"));
        Assert.That(shown, Is.Not.Null);
        Assert.That(await UploadAsync(part), Is.Not.Null);
        Assert.That(Reader.Path, Does.Contain("svar=bild-Empty"));
    }

    private Task<IHtmlDocument> UploadAsync(IHtmlDocument page, params (string Name, byte[] Bytes)[] files)
    {
        var content = new MultipartFormDataContent
        {
            { new StringContent(page.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")!.Value), "__RequestVerificationToken" },
            { new StringContent("a1b1"), "del" },
        };
        foreach (var (name, bytes) in files) content.Add(new ByteArrayContent(bytes), "bild", name);
        return Reader.SendAsync(new(HttpMethod.Post, $"{Address}/bild") { Content = content });
    }

    [Test]
    public async Task A_calendar_is_added_as_any_part_and_shows_what_it_lists()
    {
        var empty = await Reader.SubmitAsync(await Reader.GetAsync(Address), "details.add form", ("slag", "Calendar"));
        Assert.That(empty.QuerySelector(".part.open")!.TextContent, Does.Contain("Det finns inget evenemang i numret än"));
        Assert.That(empty.QuerySelector("form.part-form"), Is.Null, "there is nothing to fill in");
        var warning = empty.QuerySelectorAll<IHtmlAnchorElement>(".findings li.warns a").Single(link => link.Parent!.TextContent.Contains("Kalendern är tom", StringComparison.Ordinal));
        var part = (await ContentAsync()).Sections[0].Blocks[^1].Id!;
        Assert.That(warning.GetAttribute("href"), Does.Contain($"del={part}").And.EndsWith($"#rad-{part}"));

        var item = await Reader.SubmitAsync(await Reader.GetAsync(Address), "details.add form", ("slag", "Event"));
        Assert.That((await OpenAsync(part)).QuerySelector(".part.open")!.TextContent, Does.Contain("Ett evenemang saknar datum"));
        await Reader.SubmitAsync(item, "form.part-form", ("name", "Julmötet"), ("start", "2126-12-15"), ("startTime", "18:00"), ("place", "Bygdegården"));
        var page = await OpenAsync(part);
        Assert.That(page.QuerySelector(".part.open .events")!.TextContent, Does.Contain("Julmötet").And.Contain("15 december 2126 kl.\u00A018.00, Bygdegården"));
        Assert.That((await Reader.GetAsync(page.QuerySelector(".events a")!.GetAttribute("href")!)).QuerySelector(".part.open #falt-name"), Is.Not.Null);
        Assert.That(page.QuerySelector(".findings")!.TextContent, Does.Not.Contain("Kalendern är tom"));

        var letter = await Reader.GetAsync($"/redaktion/nummer/{issue}/forhandsvisning");
        Assert.That(letter.QuerySelector($"[data-part='{part}']")!.TextContent, Does.Contain("Julmötet").And.Contain("Bygdegården"));
        var next = await Host.Get<IssueDrafts>().CreateAsync(NewIssueFrom.Last, null, null, Given.Editor, default);
        Assert.That((await Host.Get<DraftStore>().ReadAsync(next!.Value, default))!.Content.Sections[0].Blocks.OfType<CalendarBlock>().Single().Id,
            Is.Not.EqualTo(part), "the next issue has one, too");
    }

    [Test]
    public async Task Removing_has_an_undo_and_so_has_deleting_the_draft()
    {
        var removed = await Reader.SubmitAsync(await OpenAsync("a1b1"), "form[action$='/skriv/ta-bort']");
        Assert.That((await ContentAsync()).Articles(), Is.Empty);
        await Reader.SubmitAsync(removed, "[data-says] form");
        Assert.That((await ContentAsync()).Articles().Count(), Is.EqualTo(1));

        var list = await Reader.SubmitAsync(await Reader.GetAsync(Address), $"form[action='/redaktion/nummer/{issue}/ta-bort']");
        Assert.That(list.QuerySelector("table.list"), Is.Null);
        await Reader.SubmitAsync(list, ".status.ok form");
        Assert.That(Reader.Path, Is.EqualTo(Address));
        Assert.That(await Database.ScalarAsync<string>("SELECT slug FROM issue"), Is.EqualTo("2026-11"));
    }

    [Test]
    public async Task Each_finding_leads_to_its_field()
    {
        await Reader.SubmitAsync(await OpenAsync("a1b1"), "form.part-form", ("heading", ""));
        var finding = (await Reader.GetAsync(Address)).QuerySelector<IHtmlAnchorElement>(".findings li.blocks a")!;
        var page = await Reader.GetAsync(finding.GetAttribute("href")!);

        Assert.That(finding.Href, Does.EndWith("#falt-heading"));
        Assert.That(page.QuerySelector(".part.open #falt-heading"), Is.Not.Null);
        var blocked = (await Reader.GetAsync($"/redaktion/nummer/{issue}/koa")).QuerySelector("[role=alert]")!;
        Assert.That(blocked.QuerySelector("a")!.GetAttribute("href"), Is.EqualTo(finding.GetAttribute("href")));
        Assert.That(blocked.TextContent, Does.Contain("Artikel utan rubrik · rubrik: Här saknas text.").And.Not.Contain("sections["));
    }

    [Test]
    public async Task A_queued_issue_is_read_only_until_it_is_taken_back()
    {
        await Host.Get<IssueCommands>().QueueAsync(issue, DateTimeOffset.Parse("2126-12-01T08:00:00Z"), Given.Editor, default);
        var page = await Reader.GetAsync(Address);
        Assert.That(page.QuerySelector("form.part-form"), Is.Null);

        var back = await Reader.SubmitAsync(page, "main form");
        Assert.That(back.QuerySelector("form.part-form"), Is.Not.Null);
        Assert.That(await Database.StateAsync(issue), Is.EqualTo(IssueState.Draft));
    }

    [Test]
    public async Task The_history_shows_and_brings_back()
    {
        await Reader.SubmitAsync(await OpenAsync("a1b1"), "form.part-form", ("heading", "Ändrad"));
        var history = await Reader.GetAsync($"/redaktion/nummer/{issue}/historik");
        Assert.That(history.QuerySelector("ol.history")!.TextContent, Does.Contain("Ändrade artikeln ”Ändrad”").And.Contain("red@example.org"));

        var look = await Reader.GetAsync(history.QuerySelectorAll("ol.history a").Last().GetAttribute("href")!);
        Assert.That((await Reader.GetAsync(look.QuerySelector("iframe")!.GetAttribute("src")!)).Body!.TextContent,
            Does.Contain("Höstmötet i Gransele"));
        await Reader.SubmitAsync(look, "form[action$='/historik/aterstall']");
        Assert.That((await ContentAsync()).Articles().Single().Heading, Is.EqualTo("Höstmötet i Gransele"));
    }

    [Test]
    public async Task A_save_by_script_is_answered_in_json()
    {
        var open = await OpenAsync("a1b1");
        var form = open.QuerySelector<IHtmlFormElement>("form.part-form")!;
        var fields = form.Elements.OfType<IHtmlInputElement>().Where(field => field.Name is "__RequestVerificationToken" or "del" or "utgava")
            .ToDictionary(field => field.Name!, field => field.Value);
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"{Address}/spara")
        { Content = new FormUrlEncodedContent([.. fields, new("body", "Sparat av sig självt")]) };
        request.Headers.Add("Accept", "application/json");
        await Reader.SendAsync(request);

        Assert.That(await Reader.Answer.Content.ReadAsStringAsync(), Does.Contain("\"state\":\"Done\"").And.Contain("\"version\":1"));
        Assert.That((await ContentAsync()).Articles().Single().Body, Is.EqualTo("Sparat av sig självt"));
    }

    [Test]
    public async Task Whatever_is_sent_is_answered_with_a_page_and_never_with_our_fault()
    {
        var token = (await OpenAsync("a1b1")).QuerySelector<IHtmlInputElement>("[name=__RequestVerificationToken]")!.Value;
        var found = new List<string>();
        foreach (var path in new[] { "spara", "ny-avdelning", "lagg-till", "kontakt", "kopiera", "para", "dela", "ta-bort", "lagg-tillbaka",
            "flytta", "flytta-till", "ta-tillbaka", "manad", "prov" }.Select(name => $"{Address}/{name}")
            .Append($"/redaktion/nummer/{issue}/historik/aterstall").Append("/redaktion/nummer/nytt/skapa").Append("/redaktion/personer/spara").Append("/redaktion/personer/bild"))
        {
            foreach (var odd in new[] { "", "\0", "ny", "fyll:", "behall:", "\uFFFE", "99999999999999999999", new string('x', 4000), "../../etc" })
            {
                var fields = new[] { "del", "utgava", "slag", "val", "avdelning", "steg", "fran", "kopia", "manad", "adress", "rad", "heading",
                    "pictures[0].mediaId", "portrait.mediaId", "person", "person:", "name", "email" }.ToDictionary(name => name, _ => odd);
                fields["__RequestVerificationToken"] = token;
                await Reader.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) });
                if ((int)Reader.Answer.StatusCode >= 500) found.Add($"{path} {odd} {Reader.Answer.StatusCode}");
            }

            await Reader.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]) });
            if ((int)Reader.Answer.StatusCode >= 500) found.Add($"{path} without fields {Reader.Answer.StatusCode}");
        }

        Assert.That(found, Is.Empty);
    }

    [TestCase("/redaktion/nummer/999/skriv")]
    [TestCase("/redaktion/nummer/999/historik")]
    [TestCase("/redaktion/nummer/999/historik/1")]
    [TestCase("/redaktion/nummer/99999999999/skriv")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await Reader.GetAsync(path);
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private Task<IHtmlDocument> OpenAsync(string part) => Reader.GetAsync($"{Address}?del={part}");

    private async Task<IssueContent> ContentAsync() => (await Host.Get<DraftStore>().ReadAsync(issue, default))!.Content;
}
