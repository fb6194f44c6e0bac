using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Timelines;

/// <summary>"Why didn't Anna get it?": the sentence, and every step behind it.</summary>
public sealed class TimelineTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private PageReader reader = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
        await database.AutumnAsync();
        reader = new PageReader(host.Url);
        await reader.LogInAsync();
    }

    [TearDown]
    public async Task EndAsync()
    {
        reader.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [TestCase("anna.soderlund@ånäset.example", "Anna Söderlund fick inte novembernumret 2026: servern vill inte ha brev från oss.")]
    [TestCase("bengt@gransele.example", "Bengt Öhman fick novembernumret 2026: servern tog emot det tisdag 3 november 2026 kl. 09.00.")]
    [TestCase("ledamot3@vastanfors.example",
        "Ledamot 3 fick inte novembernumret 2026. Vi försökte till tisdag 3 november 2026 kl. 09.01, men varje gång fick vi samma besked: brevlådan är full.")]
    [TestCase("ledamot1@moviken.example", "Ledamot 1 har inte fått novembernumret 2026 än: servern ber oss komma tillbaka senare. Nytt försök om 1")]
    [TestCase("ledamot4@gransele.example", "Det är ovisst om Ledamot 4 fick novembernumret 2026: serverns svar kom aldrig.")]
    [TestCase("cecilia@moviken.example", "Cecilia Åström fick inte novembernumret 2026: prenumerationen var avslutad.")]
    [TestCase("ledamot8@gransele.example", "Ledamot 8 har inte fått novembernumret 2026 än: brevet väntar på sin tur.")]
    public async Task One_sentence_answers(string address, string sentence) =>
        Assert.That((await SearchAsync(address)).QuerySelector(".answer .lead")!.TextContent, Does.StartWith(sentence));

    [Test]
    public async Task Whoever_came_after_the_start_or_left_before_it_is_told_so()
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO subscriber (email, email_key, domain, name, status, legal_basis, created_at, left_at)
            VALUES ('ny@gransele.example', 'ny@gransele.example', 'gransele.example', 'Nya Nilsson', 'active', 'member', '2026-11-10 12:00Z', NULL),
                   ('borta@gransele.example', 'borta@gransele.example', 'gransele.example', 'Bo Borg', 'unsubscribed', 'member', '2026-01-10 12:00Z', '2026-10-20 12:00Z');
            {Given.OnNewsletter}
            """);
        Assert.That((await SearchAsync("ny@gransele.example")).QuerySelector(".answer .lead")!.TextContent, Is.EqualTo(
            "Nya Nilsson fick inte novembernumret 2026: prenumerationen började gälla tisdag 10 november 2026 kl. 13.00, efter att utskicket hade börjat tisdag 3 november 2026 kl. 09.00."));
        Assert.That((await SearchAsync("borta@gransele.example")).QuerySelector(".answer .lead")!.TextContent,
            Is.EqualTo("Bo Borg fick inte novembernumret 2026: prenumerationen var avslutad sedan tisdag 20 oktober 2026."));
    }

    [Test]
    public async Task Every_step_stands_there_from_sign_up_to_today_in_order()
    {
        var page = await SearchAsync("anna.soderlund@ånäset.example");
        var steps = page.QuerySelectorAll(".step p").Select(p => p.TextContent).ToList();

        Assert.That(steps, Is.EqualTo(new[]
        {
            "Anmälde sig på https://nyhetsbrev.smakom.example/prenumerera. Godkände (lydelse 1):",
            "Bekräftade adressen med länken i brevet. Från och med nu gäller prenumerationen.",
            "Brevet till anna.soderlund@ånäset.example gjordes i ordning.",
            "Försök 1 via e-postservern Huvudservern: servern tog emot brevet.",
            "Avslutade prenumerationen med e-postprogrammets knapp, via länken i septembernumret 2026. Inget brev skickas efter det.",
            "Ångrade sig. Prenumerationen gäller igen.",
            "Brevet till anna.soderlund@ånäset.example gjordes i ordning.",
            "Försök 1 via e-postservern Huvudservern: servern sköt upp brevet: servern ber oss komma tillbaka senare.",
            "Försök 2 via e-postservern Huvudservern: servern tog emot brevet.",
            "Brevet till anna.soderlund@ånäset.example gjordes i ordning.",
            "Försök 1 via e-postservern Huvudservern: servern sköt upp brevet: servern ber oss komma tillbaka senare.",
            "Försök 2 via e-postservern Huvudservern: servern avvisade brevet: servern vill inte ha brev från oss.",
            "Brevet skickas igen. Det bestämdes av karin@smakom.example.",
            "Försök 3 via e-postservern Huvudservern: servern avvisade brevet: servern vill inte ha brev från oss.",
        }));
        Assert.That(page.QuerySelectorAll("blockquote").Select(q => q.TextContent),
            Does.Contain("550 5.7.1 Service unavailable; client host blocked using our own list"));
        Assert.That(page.QuerySelectorAll("blockquote").Select(q => q.TextContent),
            Does.Contain("Jag vill få nyhetsbrevet från SmåKom och godkänner att föreningen sparar min adress för det."));
    }

    [Test]
    public async Task A_sign_up_that_nobody_confirmed_says_why_nothing_comes()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO sign_up (email, email_key, language, consent, requested_at, decided_at, verdict, token_hash, expires_at)
            VALUES ('eva@gransele.example', 'eva@gransele.example', 'sv', '{}', now() - interval '3 days', now() - interval '3 days', 'mailed', '\x01', now() - interval '1 day');
            INSERT INTO notice (kind, email, language, state, created_at, next_attempt_at, finished_at, reply_code, reply_enhanced, reply_text)
            VALUES ('confirmation', 'eva@gransele.example', 'sv', 'refused', now() - interval '3 days', now(), now() - interval '3 days', 550, '5.1.1', '5.1.1 no such user')
            """);

        var page = await SearchAsync("Eva@gransele.example");

        Assert.That(reader.Path, Does.Match("^/admin/mottagare/anmalan/[0-9]+$"));
        Assert.That(page.QuerySelector(".answer .lead")!.TextContent, Is.EqualTo("eva@gransele.example får inga brev: adressen är inte bekräftad."));
        Assert.That(page.QuerySelectorAll(".step p").Select(p => p.TextContent),
            Does.Contain("Servern avvisade bekräftelsebrevet: adressen finns inte. Därför kunde adressen inte bekräftas."));
        Assert.That(page.QuerySelectorAll(".step p").Last().TextContent, Does.StartWith("Länken slutade gälla"));
    }

    [Test]
    public async Task A_part_of_a_name_gives_a_choice_and_an_unknown_address_a_reason()
    {
        var several = await SearchAsync("ledamot1");
        Assert.That(several.QuerySelectorAll("tbody tr"), Has.Length.EqualTo(3));
        Assert.That(reader.Path, Is.EqualTo("/admin/mottagare"), "what was typed is in no address");

        var nobody = await SearchAsync("ingen@gransele.example");
        Assert.That(nobody.QuerySelector("[role=status]")!.TextContent, Does.Contain("Ingen prenumerant stämmer med ”ingen@gransele.example”."));
        var empty = await SearchAsync("");
        Assert.That(empty.QuerySelector(".error")!.TextContent, Is.EqualTo("Ange en adress."));
    }

    [Test]
    public async Task Somebody_erased_has_no_timeline()
    {
        var anna = await database.AnnaAsync();
        await database.ExecuteAsync($"UPDATE subscriber SET status = 'erased' WHERE id = {anna}");
        await reader.GetAsync($"/admin/mottagare/{anna}");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.NotFound));
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> SearchAsync(string typed) =>
        await reader.SubmitAsync(await reader.GetAsync("/admin/mottagare"), "main form", ("adress", typed));
}
