using System.Net;
using System.Text;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Unsubscribes;

/// <summary>RFC 8058, from the receiving end.</summary>
public sealed class OneClickTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;
    private HttpClient client = null!;
    private long kim;
    private string path = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"));
        client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(host.Url) };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        client.Dispose();
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [SetUp]
    public async Task Given()
    {
        kim = await database.SubscriberAsync($"kim{TestContext.CurrentContext.Test.ID}@gransele.example");
        path = host.UnsubscribePath(kim, issueId: 0);
    }

    [Test]
    public async Task A_click_by_urlencoded_form_takes_effect_without_cookie_token_or_redirect()
    {
        var answer = await client.PostAsync(path, new StringContent("List-Unsubscribe=One-Click", Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
    }

    [Test]
    public async Task A_click_by_multipart_form_takes_effect()
    {
        var answer = await client.PostAsync(path, new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } });

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
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

        Assert.That(await database.StatusAsync(kim), Is.EqualTo("active"));
        Assert.That(await CountAsync("subscriber_event"), Is.Zero);
    }

    [TestCase("", "application/x-www-form-urlencoded")]
    [TestCase("List-Unsubscribe=one-click", "application/x-www-form-urlencoded")]
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
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_body_without_end_is_cut_off()
    {
        var answer = await client.PostAsync(path, new FormUrlEncodedContent([new("List-Unsubscribe", new string('x', 100_000))]));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_broken_token_finds_nobody()
    {
        var answer = await client.PostAsync(path + "x", new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("active"));
    }

    private Task<long> CountAsync(string table) =>
        database.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE subscriber_id = @id", new Npgsql.NpgsqlParameter("id", kim));
}
