using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose.Word;

/// <summary>What the script posts of a Word document, and what anybody else might.</summary>
public sealed class WordEndpointsTests : ReaderFixture
{
    private const string Page = "/redaktion/nummer/nytt";
    private static readonly object[] None = [];
    private string token = "";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, media");
        token = (await Reader.GetAsync(Page)).QuerySelector<IHtmlInputElement>("form.card input[name=__RequestVerificationToken]")!.Value;
    }

    [Test]
    public async Task Pictures_and_then_texts_become_a_draft()
    {
        var stored = JsonDocument.Parse(await PostAsync("bild", ("bild", GivenPictures.Png(30, 20))));
        var picture = stored.RootElement[0].GetProperty("id").GetString()!;
        var article = new { heading = "Plogning", body = "Text", pictures = new[] { Picture(picture) } };
        var answer = JsonDocument.Parse(await CreateAsync(Document(articles: [article], lead: Picture(picture)), "2027-03"));

        var address = answer.RootElement.GetProperty("address").GetString()!;
        var content = (await Host.Get<DraftStore>().ReadAsync(int.Parse(address.Split('/')[3]), default))!.Content;
        Assert.That((content.Subject, content.Year, content.Month), Is.EqualTo(("Ämnet", 2027, 3)));
        Assert.That(content.Sections.Single().Heading, Is.EqualTo("Nytt sedan sist"), "a section without a heading gets the usual one");
        Assert.That(content.Articles().Single().Pictures.Single(), Has.Property("Width").EqualTo(30).And.Property("Alt").EqualTo("Svart"));
        Assert.That(content.LeadPicture, Has.Property("MediaId").EqualTo(picture));
        await Reader.GetAsync(address);
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Whatever_is_no_document_makes_nothing()
    {
        object article = new { heading = "A", body = "b", pictures = None };
        var bodies = new (string What, string Body)[]
        {
            ("nothing", ""), ("no JSON", "x"), ("null", "null"), ("a list", "[]"), ("deep", new string('[', 5000)),
            ("an unknown field", Document(articles: [new { heading = "", body = "", pictures = None, state = "sent" }])), ("a field left out", """{"subject":""}"""),
            ("no sections", Document(sections: [])), ("a section of null", Document(sections: [null])),
            ("articles of null", Document(sections: [new { heading = "", articles = (object?)null }])),
            ("an article of null", Document(articles: [null])),
            ("a heading of null", Document(articles: [new { heading = (string?)null, body = "", pictures = None }])),
            ("a long subject", Document(subject: new string('x', 151))),
            ("a long heading", Document(articles: [new { heading = new string('x', 201), body = "", pictures = None }])),
            ("a long text", Document(articles: [new { heading = "", body = new string('x', 40_001), pictures = None }])),
            ("too many articles", Document(articles: [.. Enumerable.Repeat(article, 200)])),
            ("too many sections", Document(sections: [.. Enumerable.Repeat(new { heading = "", articles = Array.Empty<object>() }, 201)])),
            ("too many pictures", Document(articles: [new { heading = "", body = "", pictures = Enumerable.Repeat(Picture("x"), 21) }])),
            ("an unknown picture", Document(articles: [new { heading = "", body = "", pictures = new[] { Picture(new string('0', 40) + ".png") } }])),
            ("an unknown lead picture", Document(lead: Picture("x.png"))),
            ("a picture elsewhere", Document(articles: [new { heading = "", body = "", pictures = new[] { Picture("../../etc/passwd") } }])),
            ("U+0000", Document(subject: "a\0b")), ("no character", Document(subject: "a\uFFFEb")),
            ("half a character", Document().Replace("Ämnet", "\\ud800", StringComparison.Ordinal)),
            ("U+0000 in a picture's name", Document(articles: [new { heading = "", body = "", pictures = new[] { Picture("a\0") } }])),
        };

        var taken = new List<string>();
        foreach (var (what, body) in bodies)
        {
            await CreateAsync(body);
            if (Reader.Answer.StatusCode != HttpStatusCode.BadRequest) taken.Add($"{what}: {Reader.Answer.StatusCode}");
        }

        await CreateAsync(Document(articles: [.. Enumerable.Repeat(new { heading = "", body = new string('x', 39_000), pictures = None }, 30)]));
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        await PostAsync("bild");
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        token = "x";
        foreach (var path in new[] { "word", "bild" })
        {
            await PostAsync(path, ("bild", GivenPictures.Png()), ("innehall", System.Text.Encoding.UTF8.GetBytes(Document())));
            if (Reader.Answer.StatusCode != HttpStatusCode.BadRequest) taken.Add($"{path} without a token: {Reader.Answer.StatusCode}");
        }

        Assert.That(taken, Is.Empty);
        Assert.That(await Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM issue) + (SELECT count(*) FROM media)"), Is.Zero);
    }

    private static string Document(string subject = "Ämnet", object?[]? articles = null, object?[]? sections = null, object? lead = null) =>
        JsonSerializer.Serialize(new { subject, preheader = "", lead, sections = sections ?? [new { heading = "", articles = articles ?? [] }] },
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static object Picture(string id) => new { id, alt = "Svart", caption = "", decorative = false };

    private async Task<string> CreateAsync(string document, string month = "") =>
        await PostAsync("word", ("innehall", System.Text.Encoding.UTF8.GetBytes(document)), ("manad", System.Text.Encoding.UTF8.GetBytes(month)));

    private async Task<string> PostAsync(string path, params (string Name, byte[] Value)[] fields)
    {
        using var content = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        foreach (var (name, value) in fields)
        {
            if (name == "bild") content.Add(new ByteArrayContent(value), name, "bild");
            else content.Add(new ByteArrayContent(value), name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Page}/{path}") { Content = content };
        request.Headers.Add("Accept", "application/json");
        await Reader.SendAsync(request);
        return await Reader.Answer.Content.ReadAsStringAsync();
    }
}
