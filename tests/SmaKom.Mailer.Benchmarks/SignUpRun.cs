using System.Diagnostics;
using System.Net;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <param name="Posts">Sent, each from a network of its own.</param>
/// <param name="Mails">Confirmations that were written.</param>
/// <param name="Quiet">Milliseconds of a page of the archive before, and <see cref="Flooded"/> meanwhile.</param>
internal sealed record SignUpResult(int Posts, int Mails, double Seconds, Spread Quiet, Spread Flooded, int Cores);

/// <summary>
/// A flood of sign-ups from many networks, by the form that other sites paste, which needs neither cookie nor token, while somebody reads.
/// </summary>
internal static class SignUpRun
{
    private const int AtOnce = 16;
    private const string Page = "/arkiv";

    public static async Task<SignUpResult> RunAsync(int posts)
    {
        using var server = new TestPostgres(durable: true);
        await using var database = await TestDatabase.CreateOnAsync(server);
        await using var site = await TestHost.StartAsync(database, ("Roles", "web"));
        using var reader = new HttpClient { BaseAddress = new Uri(site.Url) };
        var quiet = await ReadAsync(reader, () => false, 200);
        var mark = site.Get<ConsentWording>().Offered(await site.Get<MailingLists>().OpenAsync(default), []).Mark;

        var (next, began) = (0, Stopwatch.GetTimestamp());
        var flood = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            using var sender = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(site.Url) };
            while (Interlocked.Increment(ref next) is var n && n <= posts)
            {
                using var answer = await sender.SendAsync(Post(n, mark));
                if (answer.StatusCode is not (HttpStatusCode.SeeOther or HttpStatusCode.TooManyRequests))
                    throw new InvalidOperationException($"A sign-up was answered with {(int)answer.StatusCode}.");
            }
        })));
        var flooded = await ReadAsync(reader, () => flood.IsCompleted, int.MaxValue);
        await flood;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        while (await site.Get<SignUpDecisions>().DecideAsync(default)) { }

        var mails = (int)await database.ScalarAsync<long>("SELECT count(*) FROM notice");
        var result = new SignUpResult(posts, mails, seconds, quiet, flooded, Environment.ProcessorCount);
        Console.WriteLine($"{posts:n0} sign-ups from as many networks in {seconds:0.0} s, {result.Cores} cores: {mails} mails");
        Console.WriteLine($"{Page} alone: {quiet}; meanwhile: {flooded}");
        return result;
    }

    private static HttpRequestMessage Post(int n, string mark) => new(HttpMethod.Post, "/prenumerera/formular?lang=sv")
    {
        Content = new FormUrlEncodedContent([
            new("Form.Email", $"p{n}@kommun{n % 290}.example"), new("Form.Consent", "true"), new("Form.Wording", mark)]),
        Headers = { { "X-Forwarded-For", $"{11 + n / 65536}.{n / 256 % 256}.{n % 256}.1" } },
    };

    private static async Task<Spread> ReadAsync(HttpClient reader, Func<bool> isOver, int most)
    {
        var took = new List<double>();
        do
        {
            var began = Stopwatch.GetTimestamp();
            await reader.GetStringAsync(Page);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        while (!isOver() && took.Count < most);
        return Spread.Of(took.Skip(took.Count / 10));
    }
}
