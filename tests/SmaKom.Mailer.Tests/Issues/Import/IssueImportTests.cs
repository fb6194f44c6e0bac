using System.Globalization;
using System.Text;
using Npgsql;
using SmaKom.Mailer.Issues.Import;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Import;

/// <summary>Old issues from files, into the archive and never into anybody's inbox.</summary>
public sealed class IssueImportTests : SiteFixture
{
    private static readonly IssueFileFacts Nothing = new(null, null, null);

    private static readonly string Mail =
        $"""
        From: =?iso-8859-1?Q?Sm=E5Kom?= <nyhetsbrev@smakom.example>
        To: kim@gransele.example
        Date: Tue, 07 May 2019 09:00:00 +0200
        Subject: =?iso-8859-1?Q?V=E5rens_m=F6ten?=
        MIME-Version: 1.0
        Content-Type: multipart/related; boundary="b"

        --b
        Content-Type: text/html; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        <html><body><div style=3D"display: none">F=F6r inkorgen</div><table><tr><td>
        <h1>V=E5rens m=F6ten</h1>
        <img src=3D"cid:bild@x" alt=3D"En sj=F6" width=3D"600"><img src=3D"https://tracker.example/o.gif" width=3D"1" height=3D"1">
        <p>Hej! Vi samlades i <b>=C5n=E4set </b>och s=E5g p=E5 <i>v=E4gen</i>.<br>Det blev
        bra: <a href=3D"https://example.org/rapport?utm_source=3Dbrev&amp;del=3D2&amp;email=3Dkim%40gransele.example">rapporten</a> 2 * 3 [sic]</p>
        <h2>P=E5 g=E5ng</h2><h3>N=E4tverk</h3><ul><li>Ett</li><li>Tv=E5</li></ul><blockquote>S=E5 sa hon.</blockquote>
        <img src=3D"https://example.org/annan.jpg" alt=3D"x" width=3D"300"><script>alert(1)</script>
        <p onclick=3D"alert(1)"><a href=3D"javascript:alert(1)">Klicka</a> &lt;b&gt;inte&lt;/b&gt;</p>
        <p>Du f=E5r brevet till kim@gransele.example. <a href=3D"https://x.example/u/abc123">Avregistrera dig</a></p>
        </td></tr></table></body></html>
        --b
        Content-Type: image/jpeg
        Content-ID: <bild@x>
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(GivenPictures.Jpeg, Base64FormattingOptions.InsertLineBreaks)}
        --b--
        """.ReplaceLineEndings("\r\n");

    [Test]
    public void A_mail_becomes_parts_of_ours_and_says_nothing_of_whose_copy_it_was()
    {
        var file = IssueFile.Read("brev.eml", Encoding.ASCII.GetBytes(Mail), Nothing);

        var content = file.Content;
        Assert.That((content.Year, content.Month, content.Subject, content.Language), Is.EqualTo((2019, 5, "Vårens möten", "sv")));
        Assert.That(file.SentAt, Is.EqualTo(DateTimeOffset.Parse("2019-05-07T09:00:00+02:00", CultureInfo.InvariantCulture)));
        Assert.That(content.Sections.Select(section => section.Heading), Is.EqualTo(new[] { "", "På gång" }));
        var articles = content.Articles().ToList();
        Assert.That(articles.Select(article => article.Heading), Is.EqualTo(new[] { "", "Nätverk" }));
        Assert.That(articles[0].Body, Is.EqualTo(
            "Hej! Vi samlades i **Ånäset** och såg på *vägen*.\\\nDet blev bra: [rapporten](<https://example.org/rapport?del=2>) 2 \\* 3 \\[sic\\]"));
        Assert.That(articles[1].Body, Is.EqualTo("- Ett\n- Två\n\n> Så sa hon.\n\nKlicka \\<b\\>inte\\</b\\>"));
        var picture = articles[0].Pictures.Single();
        Assert.That((picture.Alt, file.Pictures[picture.MediaId]), Is.EqualTo(("En sjö", GivenPictures.Jpeg)));
        Assert.That(file.PicturesLeftOut, Is.EqualTo(1), "what lies elsewhere; what only counts readers is none");
        var all = IssueContentJson.Serialize(content);
        foreach (var left in new[] { "kim", "abc123", "Avregistrera", "utm_", "För inkorgen", "script", "alert", "tracker" })
            Assert.That(all, Does.Not.Contain(left));
    }

    [TestCase("2018-11.html", "<title>Nyheter</title><p>Text.", 2018, 11)]
    [TestCase("brev.htm", "<title>Nyhetsbrev maj 2017</title><p>Text.", 2017, 5)]
    [TestCase("brev.html", "<title>News</title><h1>October 2016</h1><p>Text.", 2016, 10)]
    [TestCase("brev.html", "<title>N</title><meta property='article:published_time' content='2015-02-03T10:00:00Z'><p>Text.", 2015, 2)]
    [TestCase("2018-11.html", "<title>N</title><time datetime='2018-12-24'>julafton</time>", 2018, 11)]
    [TestCase("brev.html", "<title>N</title><time datetime='2014-12-24'>julafton</time>", 2014, 12)]
    public void The_month_is_where_people_write_it(string name, string html, int year, int month)
    {
        var content = IssueFile.Read(name, Encoding.UTF8.GetBytes(html), Nothing).Content;

        Assert.That((content.Year, content.Month), Is.EqualTo((year, month)));
    }

    [TestCase("?a=1&utm_source=x&b=2", "?a=1&b=2")]
    [TestCase("?utm_source=x&email=kim%40y.example", "")]
    [TestCase("?utm_source=a&utm_medium=b&utm_campaign=c#del", "#del")]
    [TestCase("?e=1&del=2#x", "?del=2#x")]
    public void A_link_keeps_what_it_needs_and_nothing_of_who_followed_it(string query, string kept)
    {
        var html = $"<title>N</title><p>Se <a href='https://example.org/a{query}'>det</a> och https://example.org/b{query} nu";

        Assert.That(Body(html), Is.EqualTo($"Se [det](<https://example.org/a{kept}>) och https://example.org/b{kept} nu".Replace("_", @"\_")));
    }

    [TestCase("Hej, <a href='https://example.org/'><img src='x' width=100> Rubrik</a> slut", "Hej, [Rubrik](<https://example.org/>) slut")]
    [TestCase("Hej, <a href='https://example.org/'><p>En <b>lång</b> rubrik</p></a> slut", "Hej,\n\n[En **lång** rubrik](<https://example.org/>)\n\nslut")]
    [TestCase("<p>Ett.<p><a href='https://kommun.example/nyheter/brev/2019'>Brev 2019</a> finns.", "Ett.\n\n[Brev 2019](<https://kommun.example/nyheter/brev/2019>) finns.")]
    [TestCase("<p>Ett.<p>Lämna: https://x.example/avsluta/AbCdEfGhIjKlMnOpQrStUv", "Ett.")]
    public void A_paragraph_is_what_it_was_but_for_a_readers_own_links(string html, string body) =>
        Assert.That(Body("<title>N</title>" + html), Is.EqualTo(body));

    [Test]
    public void A_text_mail_that_went_out_blind_keeps_the_senders_address_and_no_readers_links()
    {
        const string mail = "From: Info <info@example.org>\r\nTo: info@example.org\r\nCc: kim@gransele.example\r\nDate: Tue, 07 May 2019 09:00:00 +0200\r\n"
            + "Subject: Nytt\r\nContent-Type: text/plain\r\n\r\nSkriv till info@example.org, inte till kim@gransele.example.\r\n\r\n"
            + "Avregistrera: https://x.example/avsluta/AbCdEfGhIjKlMnOpQrStUv\r\n";

        var body = IssueFile.Read("a.eml", Encoding.ASCII.GetBytes(mail), Nothing).Content.Articles().Single().Body;

        Assert.That(body, Is.EqualTo("Skriv till info@example.org, inte till ."));
    }

    [TestCase("a.docx", "x", IssueFileFault.UnknownKind)]
    [TestCase("a.html", "<title>x</title>", IssueFileFault.NoText)]
    [TestCase("a.html", "<p>Text.", IssueFileFault.NoTitle)]
    [TestCase("a.html", "<title>x</title><p>Text.", IssueFileFault.NoMonth)]
    [TestCase("a.html", "", IssueFileFault.NoTitle)]
    [TestCase("a.eml", "Subject: x\r\n\r\n", IssueFileFault.NoText)]
    [TestCase("a.json", "{", IssueFileFault.NotIssueJson)]
    [TestCase("a.json", "null", IssueFileFault.NotIssueJson)]
    [TestCase("a.json", """{"year":2019,"month":1,"subject":"x","preheader":"y","vad":"\ud800"}""", IssueFileFault.NotIssueJson)]
    [TestCase("a.json", """{"year":2019,"month":13,"subject":"x","preheader":"y"}""", IssueFileFault.Unfinished)]
    public void What_is_no_issue_is_refused(string name, string text, IssueFileFault fault)
    {
        var refused = Assert.Throws<IssueFileException>(() => IssueFile.Read(name, Encoding.UTF8.GetBytes(text), Nothing));

        Assert.That(refused!.Fault, Is.EqualTo(fault));
    }

    [Test]
    public async Task The_command_line_brings_a_mail_in_once_and_the_archive_shows_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("brev.eml", Mail);

        var first = await Smakom.RunAsync(Database, "issues", "import", path);
        var again = await Smakom.RunAsync(Database, "issues", "import", path, "--json");

        Assert.That((first.ExitCode, first.Errors), Is.EqualTo((0, "")));
        Assert.That(first.Output, Does.Contain("2019-05").And.Contain("1 bild kom inte med"));
        Assert.That((again.ExitCode, again.Json.GetProperty("isNew").GetBoolean()), Is.EqualTo((0, false)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM issue WHERE slug LIKE '2019-05%'"), Is.EqualTo(1));
        using var reader = new PageReader(Host.Url);
        var page = await reader.GetAsync("/arkiv/2019/maj");
        Assert.That(page.QuerySelectorAll("script, [style], [onclick], a[href^='javascript']"), Is.Empty);
        Assert.That(page.QuerySelector(".letter img")!.GetAttribute("src"), Does.StartWith("/bild/"));
        Assert.That(page.QuerySelectorAll(".letter h2, .letter h3").Select(h => h.TextContent), Is.EqualTo(new[] { "På gång", "Nätverk" }));
        Assert.That((await reader.GetAsync("/arkiv/sok?q=anaset")).QuerySelectorAll(".hits mark"), Is.Not.Empty);
    }

    [Test]
    public async Task Our_own_form_comes_in_as_it_was_with_the_month_that_is_said()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("nummer.json", IssueContentJson.Serialize(Given.Content("Vår form", "Hänt",
            new Article { Heading = "Ett", Body = "Text.", Pictures = [new() { MediaId = "finns-inte.jpg", Alt = "x", Width = 10, Height = 10 }] })));

        var done = await Smakom.RunAsync(Database, "issues", "import", path, "--month", "2012-03");

        Assert.That((done.ExitCode, done.Errors), Is.EqualTo((0, "")));
        var content = IssueContentJson.Deserialize(await Database.ScalarAsync<string>("SELECT content::text FROM issue WHERE slug = '2012-03'"));
        Assert.That((content.Year, content.Month, content.Subject, content.Pictures().Count()), Is.EqualTo((2012, 3, "Vår form", 0)));
    }

    [Test]
    public async Task What_is_wrong_is_said_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("brev.html", "<title>Utan månad</title><p>Text.");

        var noMonth = await Smakom.RunAsync(Database, "issues", "import", path);
        var badMonth = await Smakom.RunAsync(Database, "issues", "import", path, "--month", "maj");

        Assert.That((noMonth.ExitCode, badMonth.ExitCode), Is.EqualTo((2, 2)));
        Assert.That(noMonth.Errors, Does.Contain("--month 2019-05").And.Contain("Inget har ändrats"));
        Assert.That(badMonth.Errors, Does.Contain("”maj”").And.Contain("Inget har ändrats"));
    }

    [TestCase("state = 'queued', scheduled_at = now()")]
    [TestCase("state = 'draft'")]
    [TestCase("state = 'sending'")]
    [TestCase("audience = 5")]
    [TestCase("job_id = '7'")]
    [TestCase("imported_at = NULL")]
    public async Task An_imported_issue_can_be_brought_into_no_state_from_which_it_would_be_mailed(string change)
    {
        await Host.Get<IssueImport>().AddAsync("2001-01.html", "<title>x</title><p>Text."u8.ToArray(), Nothing, Given.Editor, default);

        Assert.That(async () => await Database.ExecuteAsync($"UPDATE issue SET {change} WHERE slug = '2001-01'"),
            Throws.InstanceOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo("23514"));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("smakom-import-").FullName;

        public string Write(string name, string text)
        {
            var file = Path.Combine(path, name);
            File.WriteAllText(file, text);
            return file;
        }

        public void Dispose() => Directory.Delete(path, recursive: true);
    }

    private static string Body(string html) => string.Join("\n\n",
        IssueFile.Read("2019-05.html", Encoding.UTF8.GetBytes(html), Nothing).Content.Articles().Select(article => article.Body));
}
