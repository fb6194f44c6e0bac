using System.Net;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>Readers who come while the database is away.</summary>
public sealed class DatabaseAwayTests
{
    [Test]
    public async Task Pages_say_in_words_that_the_service_is_away_for_a_moment()
    {
        using var server = new TestPostgres();
        var database = await TestDatabase.CreateOnAsync(server);
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        using var client = new HttpClient { BaseAddress = new(host.Url) };
        server.Stop(immediate: true);

        foreach (var (path, language, words) in new[] { ("/", "sv", "Sidan är borta en stund"), ("/arkiv", "en", "The page is away for a moment") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Language", language } } };
            var answer = await client.SendAsync(request);

            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), path);
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(words));
        }

        server.Start();
    }
}
