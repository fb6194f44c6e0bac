using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>
/// Asks whether a web address answers, as <see cref="LinkRules"/> allows: each name is resolved here and connected to at an address that was
/// looked at, so that a second answer of DNS changes nothing; redirects are followed by hand and looked at alike. Of what comes back only the
/// status counts.
/// </summary>
public sealed class LinkFetcher : IDisposable
{
    private const int MostRedirects = 5;

    private readonly LinkRules rules;
    private readonly HttpClient client;

    /// <param name="userAgent">Says who asks and why, so that whoever runs the server can find us.</param>
    /// <param name="patience">For one request, from the name to the first line of the answer.</param>
    public LinkFetcher(LinkRules rules, string userAgent, TimeSpan patience)
    {
        this.rules = rules;
        client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = patience,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 32,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.Zero,
        })
        { Timeout = patience };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
    }

    public async Task<LinkAnswer> AskAsync(Uri address, CancellationToken ct)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            // What browsers may follow further, to plain http for one, is none of ours to ask.
            if (!rules.MayAsk(address)) return new(LinkOutcome.Answers, null);
            var (answer, next) = await StepAsync(address, ct);
            if (next is null) return answer;
            address = next;
        }

        return new(LinkOutcome.Failing, null);
    }

    public void Dispose() => client.Dispose();

    private async Task<(LinkAnswer Answer, Uri? Next)> StepAsync(Uri address, CancellationToken ct)
    {
        try
        {
            var (status, location) = await SendAsync(HttpMethod.Head, address, ct);
            // Servers that know no HEAD say all sorts of things to it.
            if (status >= 400) (status, location) = await SendAsync(HttpMethod.Get, address, ct);
            if (status is >= 300 and < 400 && location is not null && Uri.TryCreate(address, location, out var next))
                return (new(LinkOutcome.Answers, status), next);
            return (new(status switch { 404 or 410 => LinkOutcome.Missing, >= 500 => LinkOutcome.Failing, _ => LinkOutcome.Answers }, status), null);
        }
        catch (Exception e) when (Classify(e, ct) is { } outcome)
        {
            return (new(outcome, null), null);
        }
    }

    // The headers are enough: the rest is never read.
    private async Task<(int Status, Uri? Location)> SendAsync(HttpMethod method, Uri address, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, address);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        return ((int)answer.StatusCode, answer.Headers.Location);
    }

    private static LinkOutcome? Classify(Exception e, CancellationToken ct) => e switch
    {
        OperationCanceledException => ct.IsCancellationRequested ? null : LinkOutcome.NoAnswer,
        HttpRequestException { InnerException: PrivateAddressException } => LinkOutcome.Private,
        HttpRequestException { InnerException: AuthenticationException } => LinkOutcome.NoTrust,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } =>
            LinkOutcome.NoHost,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => LinkOutcome.NoHost,
        HttpRequestException => LinkOutcome.NoAnswer,
        _ => null,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        // A name that has a private address beside a public one is somebody's trick, or a mistake: neither is worth a request.
        if (found.Length == 0 || !found.All(rules.MayConnect)) throw new PrivateAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class PrivateAddressException : IOException;
}
