using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.People;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.People;

/// <summary>People are kept once and picked, as a browser without script does it.</summary>
public sealed class PeoplePagesTests : ReaderFixture
{
    private const string Pages = "/redaktion/personer";
    private int issue;

    private string Composer => $"/redaktion/nummer/{issue}/skriv";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, media, person, admin_action");
        issue = await Database.IssueAsync();
    }

    [Test]
    public async Task A_person_is_added_with_a_portrait_changed_and_removed()
    {
        var page = await Reader.GetAsync((await Reader.GetAsync(Pages)).QuerySelector(".head a.primary")!.GetAttribute("href")!);
        var list = await UploadAsync(page, "karin.png", GivenPictures.Png(144, 144), ("name", "Karin Lindmark"), ("role", "ordförande"),
            ("email", "karin@smakom.example.org"), ("phone", "0999-123 45"), ("portrait.alt", "Karin ler"));
        Assert.That(Reader.Path, Is.EqualTo($"{Pages}?svar=tillagd"));
        var row = list.QuerySelector("table.people tbody tr")!;
        Assert.That(Words(row), Is.EqualTo("Karin Lindmark ordförande karin@smakom.example.org 0999-123 45"));
        Assert.That(row.QuerySelector("img")!.GetAttribute("src"), Does.Match("^/bild/[0-9a-f]{40}[.]png$"));
        Assert.That(list.QuerySelector("nav a[aria-current=page]")!.TextContent, Is.EqualTo("Personer"), "it stands in the rail");

        var form = await Reader.GetAsync(row.QuerySelector("a")!.GetAttribute("href")!);
        Assert.That(form.QuerySelector<IHtmlInputElement>("#falt-portrait-alt")!.Value, Is.EqualTo("Karin ler"));
        var changed = await Reader.SubmitAsync(form, "form.part-form", ("role", "vice ordförande"), ("phone", " "));
        Assert.That(Words(changed.QuerySelector("table.people tbody tr")!), Is.EqualTo("Karin Lindmark vice ordförande karin@smakom.example.org –"));

        var gone = await Reader.SubmitAsync(form, "details form");
        Assert.That(gone.QuerySelector(".status.ok")!.TextContent, Does.Contain("Numren är oförändrade"));
        Assert.That(gone.QuerySelector(".empty"), Is.Not.Null);
        await Reader.SubmitAsync(form, "form.part-form");
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "somebody else removed it meanwhile");
        var back = await Reader.SubmitAsync(gone, ".status form");
        Assert.That(Words(back.QuerySelector("table.people tbody tr")!), Does.StartWith("Karin Lindmark vice ordförande"), "with one button");
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(what || ' ' || target, ', ' ORDER BY id) FROM admin_action WHERE what LIKE 'person%'"),
            Is.EqualTo("person.add Karin Lindmark, person.change Karin Lindmark, person.remove Karin Lindmark, person.bring-back Karin Lindmark"));
    }

    [Test]
    public async Task What_cannot_be_kept_is_told_at_its_field_and_stays_typed()
    {
        var page = await Reader.SubmitAsync(await Reader.GetAsync($"{Pages}/ny"), "form.part-form", ("name", " "), ("role", "sekreterare"), ("email", "kansliet"));

        Assert.That((int)Reader.Answer.StatusCode, Is.EqualTo(422));
        Assert.That(page.QuerySelectorAll("[role=alert] a").Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { "#falt-name", "#falt-email" }));
        Assert.That(page.QuerySelector("#falt-email-fel")!.TextContent, Does.Contain("namn@example.org"));
        Assert.That(page.QuerySelector<IHtmlInputElement>("#falt-role")!.Value, Is.EqualTo("sekreterare"));

        var heic = await UploadAsync(page, "mobil.heic", [0, 0, 0, 24, .. "ftypheic"u8], ("name", "Mats"), ("email", ""));
        Assert.That(heic.QuerySelector("[role=alert]")!.TextContent, Does.Contain("HEIC"));
        Assert.That(heic.QuerySelector<IHtmlInputElement>("#falt-name")!.Value, Is.EqualTo("Mats"));
        var undescribed = await UploadAsync(heic, "mats.png", GivenPictures.Png());
        Assert.That(undescribed.QuerySelector("[role=alert] a")!.GetAttribute("href"), Is.EqualTo("#falt-portrait-alt"));
        Assert.That(undescribed.QuerySelector<IHtmlSelectElement>("#falt-portrait-mediaId")!.Value, Is.Not.Empty, "the picture is kept");
        await Reader.SubmitAsync(undescribed, "form.part-form", ("portrait.decorative", "true"));
        Assert.That(Reader.Path, Is.EqualTo($"{Pages}?svar=tillagd"));
    }

    [Test]
    public async Task Of_two_who_change_the_same_person_the_second_sees_what_the_first_has_saved()
    {
        await Host.Get<PeopleCommands>().AddAsync(Fields("Karin Lindmark", "ordförande", "karin@smakom.example.org", "0999-1", null), Given.Editor, default);
        var address = $"{Pages}/{(await Host.Get<PeopleCommands>().ListAsync(default)).Single().Id}";
        var (first, second) = (await Reader.GetAsync(address), await Reader.GetAsync(address));
        await Reader.SubmitAsync(first, "form.part-form", ("phone", "0999-2"));

        var told = await Reader.SubmitAsync(second, "form.part-form", ("role", "vice ordförande"));
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(told.QuerySelector("[role=alert]")!.TextContent, Does.Contain("0999-2").And.Contain("ordförande"));
        Assert.That(told.QuerySelector<IHtmlInputElement>("#falt-role")!.Value, Is.EqualTo("vice ordförande"), "nothing typed is lost");

        await Reader.SubmitAsync(told, "form.part-form");
        Assert.That((await Host.Get<PeopleCommands>().ListAsync(default)).Single().Card.Role, Is.EqualTo("vice ordförande"), "now knowingly");
    }

    [Test]
    public async Task Whoever_is_picked_is_copied_into_the_issue_and_follows_no_change()
    {
        var picture = await StoredAsync();
        await Host.Get<PeopleCommands>().AddAsync(Fields("Karin Lindmark", "ordförande", "karin@smakom.example.org", "0999-1", picture), Given.Editor, default);
        var karin = (await Host.Get<PeopleCommands>().ListAsync(default)).Single();
        await Host.Get<DraftCommands>().AddContactAsync(issue, Given.Editor, default);

        var signed = await Reader.SubmitAsync(await Reader.GetAsync($"{Composer}?del=a1b1"), "form.part-form",
            ("body", "Skrivet innan"), ("person:signature.", $"{karin.Id}"), ("val", "fyll:signature."));
        Assert.That(signed.QuerySelector(".status.ok")!.TextContent, Does.Contain("Uppgifterna är ifyllda"));
        Assert.That(signed.QuerySelector<IHtmlInputElement>("#falt-signature-name")!.Value, Is.EqualTo("Karin Lindmark"));
        await Reader.SubmitAsync(await Reader.GetAsync($"{Composer}?del=kontakt"), "form.part-form",
            ("text", "Hör av dig"), ("person:", $"{karin.Id}"), ("val", "fyll:"));

        var before = await ContentAsync();
        var portrait = new Picture { MediaId = picture, Alt = "Karin ler", Width = 144, Height = 144 };
        Assert.That((before.Articles().Single().Body, before.Articles().Single().Signature),
            Is.EqualTo(("Skrivet innan", new Signature { Name = "Karin Lindmark", Role = "ordförande", Portrait = portrait })));
        Assert.That(before.Contact, Is.EqualTo(new ContactBlock
        {
            Name = "Karin Lindmark",
            Role = "ordförande",
            Text = "Hör av dig",
            Email = "karin@smakom.example.org",
            Phone = "0999-1",
            Portrait = portrait,
            SocialLinks = before.Contact!.SocialLinks,
        }));

        await Host.Get<PeopleCommands>().ChangeAsync(karin.Id, karin.Version, Fields("Karin Berg", null, null, null, null), Given.Editor, default);
        Assert.That(IssueContentJson.Serialize(await ContentAsync()), Is.EqualTo(IssueContentJson.Serialize(before)));
        await Reader.SubmitAsync(await Reader.GetAsync($"{Composer}?del=kontakt"), "form.part-form", ("person:", $"{karin.Id}"), ("val", "fyll:"));
        var after = (await ContentAsync()).Contact!;
        Assert.That((after.Name, after.Role, after.Email, after.Portrait, after.Text),
            Is.EqualTo(("Karin Berg", (string?)null, (string?)null, (Picture?)null, "Hör av dig")), "picked anew");
    }

    [Test]
    public async Task Half_a_pair_has_its_own_choice_and_a_choice_of_nobody_only_saves()
    {
        await Host.Get<PeopleCommands>().AddAsync(Fields("Karin Lindmark", null, null, null, null), Given.Editor, default);
        var karin = (await Host.Get<PeopleCommands>().ListAsync(default)).Single();
        var tips = (await Host.Get<DraftCommands>().AddBlockAsync(issue, "a1", NewBlock.Tips, Given.Editor, default)).Part!;
        var form = await Reader.GetAsync($"{Composer}?del={tips}");

        var nobody = await Reader.SubmitAsync(form, "form.part-form", ("left.heading", "Vänster"), ("val", "fyll:left.signature."));
        Assert.That(nobody.QuerySelector(".status.warn")!.TextContent, Does.Contain("Ingen är vald"));
        await Reader.SubmitAsync(nobody, "form.part-form", ("person:right.signature.", $"{karin.Id}"), ("val", "fyll:right.signature."));
        var pair = (TipsPair)(await ContentAsync()).Sections[0].Blocks[1];
        var (left, right) = ((Article)pair.Left, (Article)pair.Right);
        Assert.That((left.Heading, left.Signature, right.Signature!.Name), Is.EqualTo(("Vänster", (Signature?)null, "Karin Lindmark")));
    }

    [Test]
    public async Task Whoever_is_typed_can_be_kept_once()
    {
        var picture = await StoredAsync();
        (string, string?)[] typed = [("signature.name", "Mats Öberg"), ("signature.role", "sekreterare"), ("signature.portrait.mediaId", picture), ("val", "behall:signature.")];

        Assert.That(await SaidAsync([.. typed, ("signature.name", "")]), Does.Contain("namnet saknas"));
        Assert.That(await SaidAsync(typed), Does.Contain("beskriv porträttet"));
        Assert.That((await ContentAsync()).Articles().Single().Signature!.Name, Is.EqualTo("Mats Öberg"), "the issue is saved all the same");
        Assert.That(await SaidAsync([.. typed, ("signature.portrait.alt", "Mats i keps")]), Does.Contain("Personen är sparad"));
        Assert.That(await SaidAsync([.. typed, ("signature.portrait.alt", "Mats i keps"), ("signature.name", "mats öberg")]), Does.Contain("Det finns redan en person"));

        var kept = (await Host.Get<PeopleCommands>().ListAsync(default)).Single();
        Assert.That((kept.Title, kept.Card.Portrait), Is.EqualTo(("Mats Öberg, sekreterare", new Picture { MediaId = picture, Alt = "Mats i keps", Width = 144, Height = 144 })));
        Assert.That((await Reader.GetAsync($"{Composer}?del=a1b1")).QuerySelectorAll("#falt-signature-person option").Select(option => option.TextContent),
            Is.EqualTo(new[] { "Välj …", "Mats Öberg, sekreterare" }));

        async Task<string> SaidAsync((string, string?)[] fields) =>
            (await Reader.SubmitAsync(await Reader.GetAsync($"{Composer}?del=a1b1"), "form.part-form", fields)).QuerySelector("[data-says]")!.TextContent;
    }

    [TestCase("/redaktion/personer/999")]
    [TestCase("/redaktion/personer/x")]
    public async Task Who_is_not_there_is_not_found(string path)
    {
        await Reader.GetAsync(path);
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static Dictionary<string, string> Fields(string name, string? role, string? email, string? phone, string? picture) => new()
    {
        ["name"] = name,
        ["role"] = role ?? "",
        ["email"] = email ?? "",
        ["phone"] = phone ?? "",
        ["portrait.mediaId"] = picture ?? "",
        ["portrait.alt"] = picture is null ? "" : "Karin ler",
    };

    private async Task<string> StoredAsync() =>
        (await Host.Get<SmaKom.Mailer.Issues.Media.MediaLibrary>().AddAsync(GivenPictures.Png(144, 144), Given.Editor, default)).Picture!.Id;

    private Task<IHtmlDocument> UploadAsync(IHtmlDocument page, string file, byte[] bytes, params (string Name, string Value)[] values)
    {
        var fields = page.QuerySelectorAll<IHtmlInputElement>("form.part-form input[name]").Where(field => field.Type is not ("file" or "checkbox"))
            .ToDictionary(field => field.Name!, field => field.Value);
        foreach (var (name, value) in values) fields[name] = value;
        var content = new MultipartFormDataContent { { new ByteArrayContent(bytes), "bild", file } };
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        return Reader.SendAsync(new(HttpMethod.Post, $"{Pages}/spara") { Content = content });
    }

    private static string Words(IElement element) => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<IssueContent> ContentAsync() => (await Host.Get<DraftStore>().ReadAsync(issue, default))!.Content;
}
