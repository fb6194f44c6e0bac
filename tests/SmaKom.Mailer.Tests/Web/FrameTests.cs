using System.Net;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

public sealed class FrameTests : SiteFixture
{
    [TestCase("/", "sv", "sv")]
    [TestCase("/", "en-GB,en;q=0.9", "en")]
    [TestCase("/?lang=en", "sv", "en")]
    [TestCase("/?lang=xx", "fi", "sv")]
    public async Task A_page_is_in_the_readers_language(string path, string accepts, string expected)
    {
        using var reader = new PageReader(Host.Url, accepts);

        var page = await reader.GetAsync(path);

        Assert.That(page.DocumentElement.GetAttribute("lang"), Is.EqualTo(expected));
        Assert.That(page.QuerySelector(".skip")!.TextContent, Is.EqualTo(expected == "sv" ? "Hoppa till innehållet" : "Skip to content"));
    }

    [Test]
    public async Task A_chosen_language_is_kept()
    {
        using var reader = new PageReader(Host.Url, "sv");
        await reader.GetAsync("/?lang=en");

        var page = await reader.GetAsync("/");

        Assert.That(page.DocumentElement.GetAttribute("lang"), Is.EqualTo("en"));
    }

    [TestCase("/")]
    [TestCase("/finns-inte")]
    [TestCase("/tema.css")]
    public async Task Every_answer_says_what_browsers_may_do_with_it(string path)
    {
        using var reader = new PageReader(Host.Url);

        await reader.GetAsync(path);

        Assert.That(string.Join(',', reader.Answer.Headers.GetValues("Content-Security-Policy")),
            Does.Contain("default-src 'none'").And.Not.Contain("unsafe"));
        Assert.That(reader.Answer.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
        Assert.That(reader.Answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(reader.Answer.Headers.GetValues("Permissions-Policy").Single(), Does.Contain("camera=()"));
        Assert.That(reader.Answer.Headers.Select(header => header.Key), Has.None.EqualTo("Server").And.None.EqualTo("blazor-enhanced-nav"));
    }

    [Test]
    public async Task A_missing_page_says_what_happened_whether_anything_was_lost_and_what_to_do()
    {
        using var reader = new PageReader(Host.Url);

        var page = await reader.GetAsync("/finns-inte");

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(page.QuerySelectorAll("main p").Select(p => p.TextContent), Has.Exactly(1).Contains("Ingenting har ändrats"));
    }

    [Test]
    public async Task A_form_of_more_than_64_kB_is_refused_in_words()
    {
        using var reader = new PageReader(Host.Url);

        var page = await reader.SendAsync(
            new(HttpMethod.Post, "/prenumerera") { Content = new FormUrlEncodedContent([new("a", new string('x', 65 * 1024))]) });

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Formuläret kunde inte tas emot"));
    }

    [Test]
    public async Task A_missing_page_answers_a_form_too()
    {
        using var reader = new PageReader(Host.Url);

        var page = await reader.SendAsync(new(HttpMethod.Post, "/finns-inte") { Content = new FormUrlEncodedContent([new("a", "b")]) });

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Sidan finns inte"));
    }

    [TestCase("/")]
    [TestCase("/arkiv")]
    [TestCase("/prenumerera")]
    public async Task A_page_that_search_engines_show_says_what_it_is(string path)
    {
        using var reader = new PageReader(Host.Url);

        var page = await reader.GetAsync(path);

        Assert.That(page.QuerySelectorAll("meta[name=description]").Select(meta => meta.GetAttribute("content")), Has.One.Contains("SmåKom"));
    }

    [TestCase("/")]
    [TestCase("/finns-inte")]
    [TestCase("/logga-in")]
    [TestCase("/tillganglighet")]
    [TestCase("/avsluta/x")]
    public async Task A_title_ends_with_the_organisation(string path)
    {
        using var reader = new PageReader(Host.Url);

        Assert.That((await reader.GetAsync(path)).Title, Does.EndWith(" – SmåKom"));
    }

    [Test]
    public async Task Who_takes_no_svg_gets_the_mark_as_an_icon()
    {
        using var reader = new PageReader(Host.Url);

        await reader.GetAsync("/favicon.ico");

        Assert.That(reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/x-icon"));
        var ico = await reader.Answer.Content.ReadAsByteArrayAsync();
        Assert.That(ico[..8], Is.EqualTo(new byte[] { 0, 0, 1, 0, 1, 0, 32, 32 }));
        Assert.That(ico, Has.Length.EqualTo(6 + 16 + 40 + (32 * 32 * 4) + (32 * 32 / 8)));
    }

    [Test]
    public async Task Stylesheets_are_named_by_their_bytes_and_kept_for_ever()
    {
        using var reader = new PageReader(Host.Url);
        var page = await reader.GetAsync("/");

        foreach (var address in page.QuerySelectorAll("link[rel=stylesheet], link[rel=icon]").Select(link => link.GetAttribute("href")!))
        {
            await reader.GetAsync(address);
            Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), address);
            Assert.That(reader.Answer.Headers.CacheControl?.ToString(), Does.Contain("immutable"), address);
            Assert.That(address, Does.Contain("?v="));
        }
    }
}
