using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SmaKom.Mailer.Subscribers.SignUp.Embed;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>The sign-up form on another site: a frame, and HTML to paste.</summary>
[SetUICulture("sv")]
public sealed class EmbedTests
{
    private const string Site = "https://www.gransele.example";
    private TestDatabase database = null!;
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"), ("SignUp:PerHour", "20"));
    }

    [SetUp]
    public Task Empty() => database.EmptyAsync("sign_up");

    [OneTimeTearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_pasted_form_signs_up_without_a_cookie_and_the_proof_names_its_site()
    {
        var answer = await PasteAsync(("Form.Email", "asa@gransele.example"), ("Form.Municipality", "gransele"), ("Form.Consent", "true"));

        Assert.That(answer.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await database.ScalarAsync<string>("SELECT concat_ws('|', email, language, consent ->> 'form', consent ->> 'text') FROM sign_up"),
            Does.StartWith($"asa@gransele.example|sv|{Site}|Jag vill få "));
    }

    [Test]
    public async Task What_is_wrong_with_a_pasted_form_is_mended_on_our_own_page_and_nothing_is_lost()
    {
        using var reader = new PageReader(host.Url);

        var page = await reader.SendAsync(await PastedAsync(("Form.Email", "åsa"), ("Form.Name", "Åsa Öst"), ("Form.Municipality", "Bjurholms kommun")));
        Assert.That(page.QuerySelectorAll(".status.error a").Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { "#email", "#consent" }));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM sign_up"), Is.Zero);

        await reader.SubmitAsync(page, "main form", ("Form.Email", "asa@gransele.example"), ("Form.Consent", "true"));
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await database.ScalarAsync<string>("SELECT concat_ws('|', email, name, municipality) FROM sign_up"),
            Is.EqualTo("asa@gransele.example|Åsa Öst|Bjurholm"));
    }

    [Test]
    public async Task Words_of_consent_that_have_changed_since_are_read_before_they_are_agreed_to()
    {
        using var reader = new PageReader(host.Url);

        var page = await reader.SendAsync(await PastedAsync(("Form.Email", "asa@gransele.example"), ("Form.Consent", "true"), ("Form.Wording", "0123456789ab")));

        Assert.That(page.QuerySelector(".status.error a[href='#consent']"), Is.Not.Null);
        Assert.That(page.QuerySelector<IHtmlInputElement>("#consent")!.IsChecked, Is.False);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM sign_up"), Is.Zero);
    }

    [Test]
    public async Task A_program_that_fills_in_a_pasted_form_learns_nothing()
    {
        var answer = await PasteAsync(("Form.Email", "asa@gransele.example"), ("Form.Consent", "true"), ("Form.Website", "https://spam.example"));

        Assert.That(answer.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM sign_up"), Is.Zero);
    }

    [Test]
    public async Task A_frame_may_stand_on_any_site_signs_up_without_a_cookie_and_stays_within_itself()
    {
        using var reader = new PageReader(host.Url);
        var page = await reader.GetAsync("/prenumerera/ram?lang=en&knapp=1f5c4d&bakgrund=ffffff");
        Assert.That(reader.Answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("frame-ancestors *"));
        Assert.That(reader.Answer.Headers.Contains("X-Frame-Options"), Is.False);

        page = await PostFrameAsync(page, ("Form.Email", "åsa"));
        Assert.That(page.QuerySelector(".status.error a[href='#email']"), Is.Not.Null);
        page = await PostFrameAsync(page, ("Form.Email", "asa@gransele.example"), ("Form.Consent", "true"));

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Look in your inbox"));
        Assert.That(page.QuerySelector("link[href^='/prenumerera/ram.css']")!.GetAttribute("href"), Does.EndWith("?knapp=1f5c4d&bakgrund=ffffff"));
        Assert.That(await database.ScalarAsync<string>("SELECT concat_ws('|', email, language, consent ->> 'form') FROM sign_up"),
            Does.StartWith("asa@gransele.example|en|").And.EndsWith("/prenumerera/ram"));
    }

    /// <summary>A proxy on this machine is believed when it names the reader's network; <c>./bench sign-ups</c> sends 10,000.</summary>
    [Test]
    public async Task A_flood_from_many_networks_makes_a_bounded_number_of_mails()
    {
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, 100), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, ct) =>
        {
            using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
            var post = await PastedAsync(("Form.Email", $"p{n}@kommun{n}.example"), ("Form.Consent", "true"));
            post.Headers.Add("X-Forwarded-For", $"198.51.{n}.7");
            if ((await client.SendAsync(post, ct)).StatusCode == HttpStatusCode.TooManyRequests) Interlocked.Increment(ref refused);
        });

        Assert.That(await database.ScalarAsync<long>("SELECT count(DISTINCT network) FROM sign_up"), Is.EqualTo(20), "SignUp:PerHour");
        Assert.That(refused, Is.EqualTo(80));
    }

    [TestCase("1f5c4d", "ffffff")]
    [TestCase("ffdd00", "ffffff")]
    [TestCase("ffdd00", "123456")]
    [TestCase("777777", "777777")]
    [TestCase("ff0000", "8a8a8a")]
    [TestCase("000000", "000000")]
    public void Every_text_can_be_read_whatever_the_colours(string button, string background)
    {
        var colours = Colours(button, background);
        var properties = colours.Css().Split(['{', ';', '}']).Select(line => line.Split(':')).Where(pair => pair[0].StartsWith("--", StringComparison.Ordinal))
            .ToDictionary(pair => pair[0], pair => pair[1]);

        foreach (var text in new[] { "--ink", "--muted", "--accent", "--alarm" })
            Assert.That(EmbedColours.Contrast(properties[text], colours.Background), Is.AtLeast(4.5), text);
        Assert.That(EmbedColours.Contrast(colours.OnButton, colours.Button), Is.AtLeast(4.5), "the button");
    }

    [TestCase(null)]
    [TestCase("red")]
    [TestCase("12345g")]
    [TestCase("fff}body{display:none")]
    public void What_is_no_colour_is_the_newsletters(string? written) =>
        Assert.That(Colours(written, written), Is.EqualTo(new EmbedColours(new Theme().Light.Accent.ToLowerInvariant(), new Theme().Light.Surface.ToLowerInvariant())));

    private static EmbedColours Colours(string? button, string? background) =>
        EmbedColours.Read(new QueryCollection(new Dictionary<string, StringValues>
        {
            [EmbedColours.ButtonField] = button,
            [EmbedColours.BackgroundField] = background,
        }), new Theme());

    private async Task<HttpResponseMessage> PasteAsync(params (string, string)[] fields)
    {
        using var client = new HttpClient { BaseAddress = new Uri(host.Url) };
        return await client.SendAsync(await PastedAsync(fields));
    }

    // The code that the staff's page shows, on another site.
    private async Task<HttpRequestMessage> PastedAsync(params (string Name, string Value)[] fields)
    {
        var code = new HtmlParser().ParseDocument(await host.Get<EmbedCode>().FormAsync(Colours("1f5c4d", "ffffff"), default));
        var form = code.QuerySelector<IHtmlFormElement>("form")!;
        var values = code.QuerySelectorAll<IHtmlInputElement>("input[type=hidden]").ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in fields)
        {
            Assert.That(code.QuerySelector($"[name='{name}']"), Is.Not.Null);
            values[name] = value;
        }

        return new(HttpMethod.Post, new Uri(form.GetAttribute("action")!).PathAndQuery)
        {
            Content = new FormUrlEncodedContent(values),
            Headers = { { "Origin", Site } },
        };
    }

    // Within a frame on another site no cookie is sent along.
    private async Task<IHtmlDocument> PostFrameAsync(IHtmlDocument page, params (string, string?)[] fields)
    {
        using var reader = new PageReader(host.Url, "en");
        return await reader.SubmitAsync(page, "form", fields);
    }
}
