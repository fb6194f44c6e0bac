namespace SmaKom.Mailer.Tests.Support;

/// <summary>A login's cookie in other hands than the browser's: it is kept whatever the server says, and shown to any host.</summary>
public sealed class RawCookie(string value) : IDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Of somebody who has just logged in and followed no redirect.</summary>
    public static RawCookie Of(PageReader reader)
    {
        var cookies = reader.Answer.Headers.GetValues("Set-Cookie");
        return new(cookies.Single(cookie => cookie.StartsWith("smakom=", StringComparison.Ordinal)).Split(';')[0]);
    }

    /// <summary>False: the page sends one to the login.</summary>
    public async Task<bool> OpensAsync(TestHost host, string path = "/redaktion")
    {
        using var answer = await client.SendAsync(Get(host, path));
        return answer.IsSuccessStatusCode;
    }

    /// <summary>An answer that goes on for as long as somebody reads it.</summary>
    public async Task<Stream> StreamAsync(TestHost host, string path)
    {
        var answer = await client.SendAsync(Get(host, path), HttpCompletionOption.ResponseHeadersRead);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Get(TestHost host, string path) => new(HttpMethod.Get, host.Url + path) { Headers = { { "Cookie", value } } };
}
