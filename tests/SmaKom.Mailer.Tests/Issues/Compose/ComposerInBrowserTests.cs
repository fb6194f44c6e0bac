using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Issues.People;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>The composer in a real Chromium: it saves by itself, says how it stands, and loses no word.</summary>
public sealed class ComposerInBrowserTests : BrowserFixture
{
    private int issue;

    private string Address => $"/redaktion/nummer/{issue}/skriv";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, media, person");
        await Database.SubscribersAsync(3);
        await Database.SentIssuesAsync();
        issue = await Database.IssueAsync("2026-12");
    }

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
        issue = (await Host.Get<IssueDrafts>().CreateAsync(NewIssueFrom.Copy, sent, null, Given.Editor, default))!.Value;
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
            await page.PictureAsync($"preview {view}");
        }

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
        await Database.UntilAsync($"SELECT EXISTS (SELECT FROM issue_presence WHERE issue_id = {issue} AND view <> '')");
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
    public async Task Pictures_from_the_computer_are_shrunk_cleaned_and_put_one_after_the_other()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        var before = await Database.ScalarAsync<long>("SELECT count(*) FROM media");
        await page.GetByText("Lägg till en bild", new() { Exact = true }).ClickAsync();
        await page.Locator("picture-field[data-name='pictures[0]'] input[type=file]").SetInputFilesAsync(new FilePayload[]
        {
            new() { Name = "semester.jpg", MimeType = "image/jpeg", Buffer = GivenPictures.JpegWith(GivenPictures.Exif(6)) },
            new() { Name = "mobil.heic", MimeType = "image/heic", Buffer = [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[100]] },
            new() { Name = "stor.png", MimeType = "image/png", Buffer = GivenPictures.Png(3000, 1500) },
        });

        var state = page.Locator("picture-field[data-name='pictures[0]'] [role=status]");
        await Assertions.Expect(state).ToContainTextAsync("mobil.heic: Det är en HEIC");
        await Assertions.Expect(page.Locator("#falt-pictures-0-alt")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Plogbilen på Storgatan");
        await page.Locator("#falt-pictures-1-alt").FillAsync("Ett svart fält");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });

        var pictures = (await ContentAsync()).Articles().Single().Pictures;
        Assert.That(pictures.Select(picture => picture.Alt), Is.EqualTo(new[] { "Plogbilen på Storgatan", "Ett svart fält" }));
        Assert.That((pictures[1].Width, pictures[1].Height), Is.EqualTo((1200, 600)), "twice what a letter shows");
        Assert.That(pictures[0].Height, Is.GreaterThan(pictures[0].Width), "it was held on its side");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM media"), Is.EqualTo(before + 2));
        var kept = await Database.ScalarAsync<byte[]>($"SELECT bytes FROM media WHERE id = '{pictures[0].MediaId}'");
        Assert.That(System.Text.Encoding.Latin1.GetString(kept), Does.Not.Contain("GPS").And.Not.Contain("Exif"));
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_person_who_is_picked_is_filled_in_at_once_and_saved()
    {
        var media = (await Host.Get<MediaLibrary>().AddAsync(GivenPictures.Png(144, 144), Given.Editor, default)).Picture!.Id;
        foreach (var (name, picture) in new[] { ("Karin Lindmark", media), ("Mats Öberg", "") })
            await Host.Get<PeopleCommands>().AddAsync(new Dictionary<string, string>
            {
                ["name"] = name,
                ["role"] = picture == "" ? "" : "ordförande",
                ["portrait.mediaId"] = picture,
                ["portrait.decorative"] = "true",
            }, Given.Editor, default);
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.GetByText("Underskrift", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Hämta en person").SelectOptionAsync("Karin Lindmark, ordförande");

        await Assertions.Expect(page.Locator("#falt-signature-name")).ToHaveValueAsync("Karin Lindmark");
        await Assertions.Expect(page.Locator("person-pick .choose img")).ToHaveAttributeAsync("src", $"/bild/{media}");
        await Assertions.Expect(page.Locator("person-pick > [role=status]")).ToHaveTextAsync("Karin Lindmark, ordförande är ifylld.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Fyll i" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.FrameLocator("iframe").GetByText("Karin Lindmark")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        var signature = (await ContentAsync()).Articles().Single().Signature!;
        Assert.That((signature.Role, signature.Portrait!.MediaId, signature.Portrait.Decorative), Is.EqualTo(("ordförande", media, true)));

        await page.GetByLabel("Hämta en person").SelectOptionAsync("Mats Öberg");
        await Assertions.Expect(page.Locator("person-pick .choose img")).ToHaveCountAsync(0);
        // Enter saves what stands there, and fills in nobody.
        await page.Locator("#falt-signature-role").FillAsync("sekreterare");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-says]")).ToContainTextAsync("Sparat.");
        Assert.That((await ContentAsync()).Articles().Single().Signature, Is.EqualTo(new Signature { Name = "Mats Öberg", Role = "sekreterare" }));
        await page.PictureAsync("picked");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task What_is_seen_of_a_portrait_is_chosen_by_keyboard_or_by_dragging_and_cut_from_what_is_sent()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.GetByText("Underskrift", new() { Exact = true }).ClickAsync();
        var field = page.Locator("picture-field[data-name='signature.portrait']");
        // Red, and the right half green: a square of the right half has no red.
        await field.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "karin.png",
            MimeType = "image/png",
            Buffer = Convert.FromBase64String(await page.EvaluateAsync<string>(
                "() => { const canvas = document.createElement('canvas'); canvas.width = 800; canvas.height = 400; const brush = canvas.getContext('2d'); brush.fillStyle = '#f00'; brush.fillRect(0, 0, 400, 400); brush.fillStyle = '#0f0'; brush.fillRect(400, 0, 400, 400); return canvas.toDataURL().split(',')[1]; }")),
        });
        await Assertions.Expect(page.GetByLabel("I sidled")).ToBeFocusedAsync();
        await page.PictureAsync("crop");
        Assert.That(await page.AxeAsync(), Is.Empty);
        await page.Keyboard.PressAsync("End");
        await page.GetByRole(AriaRole.Button, new() { Name = "Använd det här" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator("#falt-signature-portrait-alt")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Karin");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        Assert.That(await PortraitAsync(page), Is.EqualTo("400×400 0,255"));

        await field.GetByRole(AriaRole.Button, new() { Name = "Beskär bilden" }).ClickAsync();
        await page.GetByLabel("Inzoomning").FillAsync("200");
        var canvas = (await field.Locator(".crop canvas").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(canvas.X + 200, canvas.Y + 100);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(canvas.X + 100, canvas.Y + 100, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.GetByLabel("I sidled")).Not.ToHaveValueAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Använd det här" }).ClickAsync();
        await Assertions.Expect(page.Locator("#falt-signature-portrait-alt")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        await Until.TrueAsync(async () => (await ContentAsync()).Articles().Single().Signature?.Portrait is { Width: 200, Height: 200 });
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    // Its size, and how red and how green it is in its left upper corner.
    private async Task<string> PortraitAsync(IPage page)
    {
        var media = (await ContentAsync()).Articles().Single().Signature!.Portrait!.MediaId;
        return await page.EvaluateAsync<string>(
            "async media => { const bitmap = await createImageBitmap(await (await fetch('/bild/' + media)).blob()); const canvas = document.createElement('canvas'); const brush = canvas.getContext('2d'); brush.drawImage(bitmap, 0, 0); const [red, green] = brush.getImageData(2, 2, 1, 1).data; return `${bitmap.width}×${bitmap.height} ${red},${green}`; }",
            media);
    }

    [Test]
    public async Task Moving_keeps_the_focus_and_says_where_it_is()
    {
        await Host.Get<DraftCommands>().AddSectionAsync(issue, "På gång", Given.Editor, default);
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

    private async Task<IssueContent> ContentAsync() => (await Host.Get<DraftStore>().ReadAsync(issue, default))!.Content;
}
