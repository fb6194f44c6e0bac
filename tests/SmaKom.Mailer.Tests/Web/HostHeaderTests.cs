using AngleSharp.Html.Parser;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>What a stranger says that this site is called reaches no link and no redirect, at any address that is mapped.</summary>
public sealed class HostHeaderTests : SiteFixture
{
    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.AutumnAsync();
        return await StartWebAsync(("Site:PublicUrl", "https://nyhetsbrev.smakom.example"), ("SignUp:MinimumTime", "00:00:00"));
    }

    [TestCase("evil.example")]
    [TestCase("evil.example:99999")]
    [TestCase("user@evil.example")]
    [TestCase("nyhetsbrev.smakom.example.evil.example")]
    public async Task It_stands_in_no_answer(string host)
    {
        var found = new List<string>();
        using var nobody = new RawClient(Host.Url);
        foreach (var endpoint in Endpoints.All(Host))
        {
            var (answer, body) =
                await nobody.SendAsync(endpoint.Method, endpoint.LivePath(Host), host: host,
                    headers: [("X-Forwarded-Host", host), ("X-Forwarded-Proto", "evil"), ("X-Original-Host", host), ("Forwarded", $"host={host}")]);
            var said = $"{answer.Headers} {answer.Content.Headers} {body}";
            if ((int)answer.StatusCode >= 500) found.Add($"{(int)answer.StatusCode}: {endpoint}");
            if (said.Contains("evil", StringComparison.Ordinal))
                found.Add($"{endpoint}: {said[Math.Max(0, said.IndexOf("evil", StringComparison.Ordinal) - 60)..]}");
            if (answer.Headers.Location is { } to && !to.OriginalString.StartsWith('/')
                && !to.OriginalString.StartsWith("https://nyhetsbrev.smakom.example/", StringComparison.Ordinal)) found.Add(
                $"{endpoint} leads to {to}");
        }

        Assert.That(found, Is.Empty);
    }

    [Test]
    public async Task Under_another_name_pages_show_their_pictures()
    {
        await Database.ExecuteAsync(
            """
            UPDATE issue
            SET content = jsonb_set(content, '{leadPicture}', '{"mediaId": "abc", "alt": "En björk", "width": 600, "height": 400}'), state = 'sent', updated_at = now()
            """);
        using var nobody = new RawClient(Host.Url);
        var letter = $"/brev/{Host.Get<LinkSigner>().Token(LinkPurpose.Letter, new(1, 1))}";
        foreach (var path in new[] { "/", "/arkiv/2026/september", letter })
        {
            List<string?> pictures = [];
            // The archive keeps a page for a second.
            await Until.TrueAsync(async () =>
            {
                var (_, body) = await nobody.SendAsync("GET", path, host: "www.smakom.example");
                pictures = [.. new HtmlParser().ParseDocument(body).QuerySelectorAll("img").Select(picture => picture.GetAttribute("src"))];
                return pictures.Count > 0;
            });
            Assert.That(pictures, Is.All.StartsWith("/bild/"), path);
        }
    }

    [TestCase("/arkiv/2026/september.")]
    [TestCase("/arkiv/2026/september)")]
    [TestCase("/arkiv/2026/september%3E.")]
    [TestCase("/prenumerera,")]
    [TestCase("/prenumerera/%E2%80%9D")]
    public async Task A_link_that_a_mail_program_has_lengthened_leads_where_it_should(string path)
    {
        using var nobody = new RawClient(Host.Url);
        Assert.That((int)(await nobody.SendAsync("GET", path)).Answer.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task Robots_are_told_where_nothing_is_for_them()
    {
        using var nobody = new RawClient(Host.Url);
        var (answer, body) = await nobody.SendAsync("GET", "/robots.txt");
        Assert.That((answer.Content.Headers.ContentType?.MediaType, body), Is.EqualTo(
            ("text/plain", "User-agent: *\nDisallow: /redaktion\nDisallow: /admin\nDisallow: /hangfire\nDisallow: /inkorg\nDisallow: /logga-in\n"
                + "\nSitemap: https://nyhetsbrev.smakom.example/sitemap.xml\n")));
    }

    [TestCase("//evil.example")]
    [TestCase("//evil.example/..")]
    [TestCase("/%5Cevil.example")]
    [TestCase("/%2F/evil.example")]
    [TestCase("//evil.example/redaktion")]
    [TestCase("//redaktion")]
    public async Task An_address_that_is_another_sites_becomes_no_link(string path)
    {
        using var nobody = new RawClient(Host.Url);

        var (answer, body) = await nobody.SendAsync("GET", path);

        var links = new HtmlParser().ParseDocument(body).QuerySelectorAll("[href], [src], [action]")
            .SelectMany(element => new[] { "href", "src", "action" }.Select(element.GetAttribute)).OfType<string>();
        Assert.That((int)answer.StatusCode, Is.LessThan(500));
        Assert.That(links.Append(answer.Headers.Location?.OriginalString ?? "")
            .Where(link => link.StartsWith("//", StringComparison.Ordinal) || link.StartsWith("/\\", StringComparison.Ordinal)
                || link.StartsWith("http://", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("https://evil.example")]
    [TestCase("/\t/evil.example")]
    [TestCase("javascript:alert(1)")]
    public async Task Whoever_logs_in_stays_on_this_site(string target)
    {
        await using var plain = await StartWebAsync();
        using var reader = new PageReader(plain.Url, followRedirects: false);
        await reader.LogInAsync(path: $"/logga-in?till={Uri.EscapeDataString(target)}");

        Assert.That(reader.Answer.Headers.Location?.OriginalString, Is.EqualTo("/redaktion"));
    }
}
