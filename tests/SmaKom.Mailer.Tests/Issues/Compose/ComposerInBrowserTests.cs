using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.People;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>The composer in a real Chromium: it saves by itself, says how it stands, and loses no word.</summary>
public sealed class ComposerInBrowserTests : ComposerFixture
{
    [Test]
    public async Task What_is_typed_is_saved_without_a_click_and_the_preview_follows()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Skrivet utan att spara");

        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Osparat, finns i datorn");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        Assert.That((await ContentAsync()).Articles().Single().Body, Is.EqualTo("Skrivet utan att spara"));
        await Assertions.Expect(page.FrameLocator("iframe").GetByText("Skrivet utan att spara")).ToBeVisibleAsync();
        Assert.That(await page.EvaluateAsync<int>("localStorage.length"), Is.Zero);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task The_preview_shows_what_is_typed_before_it_is_saved_and_a_click_in_it_opens_the_part()
    {
        var sent = await Database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-11'");
        Issue = (await Host.Get<IssueDrafts>().CreateAsync(NewIssueFrom.Copy, sent, null, Given.Editor, default))!.Value;
        var content = await ContentAsync();
        var (article, other) = (content.Sections[1].Blocks[0], (Article)content.Sections[2].Blocks[0]);
        var page = await OpenAsync($"{Address}?del={article.Id}");
        var letter = page.FrameLocator("iframe");
        var written = letter.Locator($"[data-part='{article.Id}']");
        await Assertions.Expect(written).ToHaveCSSAsync("outline-style", "solid");
        await Assertions.Expect(written.Locator("h3")).ToBeInViewportAsync();

        // Nothing can be saved from here on: what is shown is what is typed.
        await page.RouteAsync("**/skriv/spara", route => route.AbortAsync());
        await page.GetByLabel("Rubrik", new() { Exact = true }).FillAsync("En rubrik som ingen har sparat");
        await Assertions.Expect(written.Locator("h3")).ToHaveTextAsync("En rubrik som ingen har sparat");
        await Assertions.Expect(written).ToHaveCSSAsync("outline-style", "solid");
        await Assertions.Expect(letter.Locator("body")).ToHaveCSSAsync("background-color", "rgb(251, 250, 247)");
        Assert.That((await ContentAsync()).Sections[1].Blocks[0], Is.EqualTo(article).Using<Block>((one, two) => one.Id == two.Id
            && ((Article)one).Heading == ((Article)two).Heading));

        await page.UnrouteAllAsync();
        await letter.GetByText(other.Heading, new() { Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"del={other.Id}"));
        await Assertions.Expect(page.GetByLabel("Rubrik", new() { Exact = true })).ToHaveValueAsync(other.Heading);

        foreach (var (view, look, is_) in new[] { ("Mörkt", "getComputedStyle(document.body).backgroundColor", "rgb(20, 32, 30)"),
            ("Webbsida", "document.querySelector('.letter-section h2') ? getComputedStyle(document.body).overflowWrap : ''", "break-word"),
            ("Utan bilder", "String([...document.images].some(picture => picture.naturalWidth > 0))", "false") })
        {
            await page.GetByRole(AriaRole.Link, new() { Name = view, Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = view, Exact = true })).ToHaveAttributeAsync("aria-current", "true");
            await Assertions.Expect(page.FrameLocator("iframe").Locator($"[data-part='{other.Id}']").First).ToHaveCSSAsync("outline-style", "solid");
            Assert.That(await page.FrameLocator("iframe").Locator("body").EvaluateAsync<string>($"body => {{ const document = body.ownerDocument; return {look}; }}"), Is.EqualTo(is_), view);
            Assert.That(await page.Locator("iframe").EvaluateAsync<double>("frame => frame.clientHeight / innerHeight"), Is.GreaterThan(0.6), view);
            await page.PictureAsync($"preview {view}");
        }

        // The text part's lines are its own: they are not broken once more.
        await page.GetByRole(AriaRole.Link, new() { Name = "Text", Exact = true }).ClickAsync();
        var (rows, lines) = (await page.Locator("letter-preview pre").EvaluateAsync<double>(
            "pre => (pre.scrollHeight - parseFloat(getComputedStyle(pre).paddingTop) * 2) / parseFloat(getComputedStyle(pre).lineHeight)"),
            (await page.Locator("letter-preview pre").TextContentAsync())!.TrimEnd('\n').Split('\n').Length);
        Assert.That(rows, Is.EqualTo(lines).Within(1.5));
        await page.PictureAsync("preview Text");

        Assert.That(Chromium.Complaints.Where(complaint => !complaint.Contains("/bild/", StringComparison.Ordinal)
            && !complaint.Contains("ERR_FAILED", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Two_browsers_in_one_article_lose_no_word()
    {
        var one = await OpenAsync($"{Address}?del=a1b1");
        var two = await OpenAsync($"{Address}?del=a1b1");
        await one.GetByLabel("Text", new() { Exact = true }).FillAsync("Den första texten");
        await Assertions.Expect(one.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        await two.GetByLabel("Text", new() { Exact = true }).FillAsync("Den andra texten");
        await Assertions.Expect(two.Locator("[data-state]")).ToContainTextAsync("Någon annan har ändrat här", new() { Timeout = 30_000 });

        await two.GetByRole(AriaRole.Button, new() { Name = "Visa båda texterna" }).ClickAsync();
        await Assertions.Expect(two.Locator(".conflict")).ToContainTextAsync("Den första texten");
        await Assertions.Expect(two.Locator(".conflict")).ToContainTextAsync("Den andra texten");
        await two.GetByRole(AriaRole.Button, new() { Name = "Behåll båda" }).ClickAsync();
        await Assertions.Expect(two.Locator(".part.open")).ToBeVisibleAsync();
        Assert.That((await ContentAsync()).Articles().Select(article => article.Body), Is.EqualTo(new[] { "Den första texten", "Den andra texten" }));
    }

    [Test]
    public async Task Who_else_has_the_issue_open_is_said_when_they_come_and_when_they_go()
    {
        var password = await StaffAsync("karin@example.org");
        var mine = await OpenAsync($"{Address}?del=a1b1");
        var line = mine.Locator("[data-others]");
        var spoken = mine.Locator("[data-news]");
        await Database.UntilAsync($"SELECT EXISTS (SELECT FROM issue_presence WHERE issue_id = {Issue} AND view <> '')");
        await Assertions.Expect(line).ToBeHiddenAsync();

        var hers = await Chromium.OpenAsync(Host.Url);
        await hers.LogInAsync("karin@example.org", password);
        await hers.GotoAsync($"{Address}?del=a1b1");
        await Assertions.Expect(hers.Locator("[data-others]")).ToContainTextAsync($"{SampleData.LoginEmail} har också numret öppet och är i artikeln");
        await Assertions.Expect(line).ToHaveTextAsync(new Regex("^karin@example.org har också numret öppet och är i artikeln ”.+”\\.$"));
        await Assertions.Expect(spoken).ToHaveTextAsync("karin@example.org har också numret öppet.");
        await mine.PictureAsync("somebody else is here");

        // Going from part to part, and writing: she is still there, and nothing more is read out.
        await mine.EvaluateAsync("() => { window.heard = []; new MutationObserver(() => heard.push(document.querySelector('[data-news]').textContent)).observe(document.querySelector('[data-news]'), { childList: true }); }");
        await hers.GotoAsync($"{Address}?del={DraftPart.Head}");
        await Assertions.Expect(line).ToContainTextAsync("är i ämnet");
        await hers.GetByLabel("Ämne", new() { Exact = true }).FillAsync("Decembers ämne");
        await Assertions.Expect(line).ToHaveTextAsync(new Regex("^karin@example.org .+ är i ämnet, skrev senast [0-9]{2}\\.[0-9]{2}\\.$"));
        await hers.GotoAsync("/redaktion");
        await Assertions.Expect(spoken).ToHaveTextAsync("karin@example.org har stängt numret.");
        await Assertions.Expect(line).ToBeHiddenAsync();
        Assert.That(await mine.EvaluateAsync<string[]>("window.heard"), Is.EqualTo(new[] { "karin@example.org har stängt numret." }));

        // A closed lid says nothing: what counts is when the page was heard of last.
        await hers.GotoAsync(Address);
        await Assertions.Expect(line).ToBeVisibleAsync();
        await hers.RouteAsync("**/skriv/narvaro", route => route.AbortAsync());
        await Database.ExecuteAsync("UPDATE issue_presence SET seen_at = seen_at - interval '76 seconds' WHERE who = 'karin@example.org'");
        await Assertions.Expect(line).ToBeHiddenAsync();

        var again = await mine.Context.NewPageAsync();
        await again.GotoAsync($"{Host.Url}{Address}");
        await Assertions.Expect(again.Locator("[data-others]")).ToContainTextAsync("Du har själv numret öppet i en flik till.");
        await again.CloseAsync();
        await Assertions.Expect(line).ToBeHiddenAsync();
    }

    [Test]
    public async Task Without_contact_the_text_waits_in_the_computer_and_is_saved_when_there_is()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.Context.SetOfflineAsync(true);
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Skrivet på tåget");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Ingen kontakt, försöker igen", new() { Timeout = 30_000 });
        Assert.That(await page.EvaluateAsync<string>("Object.values(localStorage).join()"), Does.Contain("Skrivet på tåget"));

        await page.Context.SetOfflineAsync(false);
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 60_000 });
        Assert.That((await ContentAsync()).Articles().Single().Body, Is.EqualTo("Skrivet på tåget"));
    }

    [Test]
    public async Task A_login_that_is_over_keeps_the_text_and_saves_it_after_the_next()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        var cookies = await page.Context.CookiesAsync();
        await page.Context.ClearCookiesAsync();
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Skrivet över natten");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Inloggningen har gått ut", new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Logga in i en ny flik" })).ToBeVisibleAsync();

        var login = await page.Context.NewPageAsync();
        await login.LogInAsync();
        await login.CloseAsync();
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 60_000 });
        Assert.That((await ContentAsync()).Articles().Single().Body, Is.EqualTo("Skrivet över natten"));
        Assert.That(cookies, Is.Not.Empty);
    }

    [Test]
    public async Task Text_of_a_closed_tab_is_offered_again()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        // The tab is gone before anything could be sent.
        await page.Context.SetOfflineAsync(true);
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Locket gick ned");
        // Not by Playwright's own wait, which evaluates what the page's policy forbids.
        await Until.TrueAsync(async () => (await page.EvaluateAsync<string>("Object.values(localStorage).join()"))
            .Contains("Locket gick ned", StringComparison.Ordinal));
        await page.CloseAsync();

        await page.Context.SetOfflineAsync(false);
        var again = await page.Context.NewPageAsync();
        await again.GotoAsync($"{Host.Url}{Address}?del=a1b1");
        await Assertions.Expect(again.Locator("[data-found]")).ToContainTextAsync("Vi hittade text som inte hann sparas");
        await again.GetByRole(AriaRole.Button, new() { Name = "Använd den" }).ClickAsync();
        await Assertions.Expect(again.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        Assert.That((await ContentAsync()).Articles().Single().Body, Is.EqualTo("Locket gick ned"));
    }

    [Test]
    public async Task What_a_button_has_saved_is_not_offered_as_unsaved()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.GetByText("Lägg till en länk").ClickAsync();
        await page.Locator("[name='callsToAction[0].text']").FillAsync("Läs protokollet ");
        await page.Locator("[name='callsToAction[0].url']").FillAsync("https://smakom.example.org/protokoll");
        await page.GetByRole(AriaRole.Button, new() { Name = "Spara", Exact = true }).ClickAsync();

        await Assertions.Expect(page.Locator("[data-says]")).ToContainTextAsync("Sparat.");
        await Assertions.Expect(page.Locator("[name='callsToAction[1].text']")).ToHaveCountAsync(1);
        await Until.TrueAsync(() => page.EvaluateAsync<bool>("localStorage.length === 0"));
        await Assertions.Expect(page.Locator("[data-found]")).ToBeHiddenAsync();
    }

    [Test]
    public async Task Moving_keeps_the_focus_and_says_where_it_is()
    {
        await Host.Get<DraftCommands>().AddSectionAsync(Issue, "På gång", Given.Editor, default);
        var page = await OpenAsync(Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Flytta ned: Hänt sedan sist" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("[data-said]")).ToHaveTextAsync("Avdelningen Hänt sedan sist är nu 2 av 2.");
        Assert.That(await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"), Is.EqualTo("Flytta upp: Hänt sedan sist"),
            "down is no longer possible");
    }

    [TestCaseSource(typeof(PageViews), nameof(PageViews.Cases))]
    public async Task No_page_overflows_and_axe_finds_nothing(int width, ColorScheme scheme)
    {
        var commands = Host.Get<DraftCommands>();
        var full = (await Host.Get<IssueDrafts>()
            .CreateAsync(NewIssueFrom.Copy, await Database.ScalarAsync<int>("SELECT id FROM issue WHERE slug = '2026-11'"), null, Given.Editor,
                default))!.Value;
        var content = (await Host.Get<DraftStore>().ReadAsync(full, default))!.Content;
        var (article, tips, item) = (content.Sections[1].Blocks[0].Id, content.Sections[3].Blocks[0].Id, content.Sections[4].Blocks[0].Id);
        await commands.SaveAsync(full, article!, 0, new Dictionary<string, string> { ["heading"] = "", ["pictures[0].alt"] = "" }, Given.Editor,
            default);
        await Database.ExecuteAsync(
            $"INSERT INTO notice (kind, email, language, issue_id, state, reply_text, created_at, next_attempt_at, finished_at) VALUES ('test_letter', 'kansli@smakom.example.org', 'sv', {full}, 'refused', '550 5.1.1 No such user here', now(), now(), now())");
        var queued = await Database.IssueAsync("2027-06", queued: true);
        var calendar = (await commands.AddBlockAsync(full, content.Sections[4].Id!, NewBlock.Calendar, Given.Editor, default)).Part;
        var portrait = content.Contact!.Portrait!;
        await Host.Get<PeopleCommands>().AddAsync(
            new Dictionary<string, string> { ["name"] = "Elin Haddad", ["role"] = "kommunikatör på kansliet", ["email"] = "elin@smakom.example.org", ["phone"] = "0999-123 45", ["portrait.mediaId"] = portrait.MediaId, ["portrait.alt"] = portrait.Alt }, Given.Editor, default);
        await Host.Get<PeopleCommands>().AddAsync(new Dictionary<string, string> { ["name"] = "Mats Öberg" }, Given.Editor, default);
        var person = await Database.ScalarAsync<int>("SELECT min(id) FROM person");
        var gone = await Database.IssueAsync("2027-07");
        await Host.Get<IssueDrafts>().DeleteAsync(gone, Given.Editor, default);
        var page = await Chromium.OpenAsync(Host.Url, width: width, scheme: scheme);
        await page.LogInAsync();
        var line = await Database.ScalarAsync<long>($"SELECT max(id) FROM issue_revision WHERE issue_id = {full}");
        var composer = $"/redaktion/nummer/{full}/skriv";
        var found = await page.FaultsAtAsync(
            "/redaktion", "/redaktion/hjalp", "/redaktion/nummer/nytt", $"{composer}?del={article}", $"{composer}?del={tips}&svar=borttagen&borta=x",
            $"{composer}?del={item}&visa=text",
            $"{composer}?del={calendar}", $"{composer}?del={calendar}&visa=webbsida", "/redaktion/personer", $"/redaktion/personer/{person}", "/redaktion/personer/ny",
            $"{composer}?del=kontakt&lang=en", $"/redaktion/nummer/{queued}/skriv?lang=sv",
            $"/redaktion/nummer/{full}/historik", $"/redaktion/nummer/{full}/historik/{line}", $"/redaktion/nummer/{full}/koa", "/avsluta/testbrev");

        await page.GotoAsync($"/redaktion/nummer/{full}/skriv?del={article}");
        await page.GetByLabel("Rubrik", new() { Exact = true }).FillAsync("Min rubrik som är lång nog för att behöva brytas på en telefon");
        await commands.SaveAsync(full, article!, 1, new Dictionary<string, string> { ["heading"] = "En annan rubrik" }, Given.Editor, default);
        await page.GetByRole(AriaRole.Button, new() { Name = "Spara", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".conflict")).ToBeVisibleAsync();
        found.AddRange(await page.AxeAsync());
        if (await page.OverflowsAsync()) found.Add("a conflict overflows");
        await page.PictureAsync("conflict");

        Assert.That(found, Is.Empty);
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    private async Task<string> StaffAsync(string email)
    {
        await Database.ExecuteAsync($"DELETE FROM staff_member WHERE email = '{email}'");
        await using var scope = Host.Services.CreateAsyncScope();
        var staff = scope.ServiceProvider.GetRequiredService<StaffRegister>();
        return (await staff.AddAsync(EmailAddress.Parse(email), StaffRole.Editor, Given.Editor, default))!;
    }
}
