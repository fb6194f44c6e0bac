using System.Net;
using System.Text;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>RFC 8058, from the receiving end.</summary>
public sealed class OneClickTests : SiteFixture
{
    private HttpClient client = null!;
    private long kim;
    private string path = "";

    [OneTimeSetUp]
    public void Start() =>
        client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Host.Url) };

    [OneTimeTearDown]
    public void Stop() => client.Dispose();

    [SetUp]
    public async Task Given()
    {
        kim = await Database.SubscriberAsync($"kim{TestContext.CurrentContext.Test.ID}@gransele.example");
        path = Host.UnsubscribePath(kim, issueId: 0);
    }

    [Test]
    public async Task A_click_by_urlencoded_form_takes_effect_without_cookie_token_or_redirect()
    {
        var answer = await client.PostAsync(path,
            new StringContent("List-Unsubscribe=One-Click", Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
    }

    [TestCase("List-Unsubscribe=One-Click\r\n", "")]
    [TestCase("List-Unsubscribe=One-Click%0D%0A", "")]
    [TestCase("list-unsubscribe=one-click", "")]
    [TestCase("List-Unsubscribe=One-Click", ".")]
    [TestCase("List-Unsubscribe=One-Click", "%3E")]
    public async Task A_click_that_a_program_wrote_a_little_otherwise_takes_effect(string body, string added)
    {
        var answer = await client.PostAsync(path + added, new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
    }

    [Test]
    public async Task A_click_by_multipart_form_takes_effect()
    {
        var answer = await client.PostAsync(path, new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } });

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
    }

    [Test]
    public async Task A_second_click_is_answered_alike_and_leaves_one_event_and_one_receipt()
    {
        for (var i = 0; i < 3; i++)
        {
            var answer = await client.PostAsync(path, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        Assert.That(await CountAsync("subscriber_event"), Is.EqualTo(1));
        Assert.That(await CountAsync("notice"), Is.EqualTo(1));
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("OPTIONS")]
    public async Task Looking_changes_nothing(string method)
    {
        for (var i = 0; i < 5; i++) await client.SendAsync(new(new HttpMethod(method), path));

        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
        Assert.That(await CountAsync("subscriber_event"), Is.Zero);
    }

    [TestCase("", "application/x-www-form-urlencoded")]
    [TestCase("List-Unsubscribe=Two-Clicks", "application/x-www-form-urlencoded")]
    [TestCase("Unsubscribe=One-Click", "application/x-www-form-urlencoded")]
    [TestCase("List-Unsubscribe=One-Click", "text/plain")]
    [TestCase("{\"List-Unsubscribe\":\"One-Click\"}", "application/json")]
    [TestCase("--x\r\nbroken", "multipart/form-data; boundary=y")]
    public async Task A_wrong_body_changes_nothing(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = await client.PostAsync(path, content);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_body_without_end_is_cut_off()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("List-Unsubscribe", new string('x', 100_000))]) };
        // The refusal closes before the body is read: who is still writing then would miss it.
        request.Headers.ExpectContinue = true;
        var answer = await client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_broken_token_finds_nobody()
    {
        var answer = await client.PostAsync(path + "x", new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
    }

    private Task<long> CountAsync(string table) =>
        Database.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE subscriber_id = @id", new Npgsql.NpgsqlParameter("id", kim));
}
