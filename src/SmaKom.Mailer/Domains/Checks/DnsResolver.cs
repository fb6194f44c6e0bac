using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace SmaKom.Mailer.Domains.Checks;

/// <summary>
/// Asks name servers, each question once, for as long as one examination lasts. It never throws for what a server does: who is silent,
/// fails or sends nonsense leaves a question <see cref="DnsOutcome.Unanswered"/>.
/// </summary>
/// <param name="servers">Null: the system's.</param>
/// <param name="deadline">Fires when all must be answered; what is not by then is unanswered.</param>
public sealed class DnsResolver(IReadOnlyList<IPEndPoint>? servers, CancellationToken deadline)
{
    /// <summary>For one try; there are two.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly Lazy<LookupClient> client = new(() => new(Options(servers)));
    private readonly ConcurrentDictionary<(string Name, QueryType Type), Task<DnsReply>> asked = new();

    /// <summary>Texts, the strings of each joined (RFC 7208 §3.3, RFC 6376 §3.6.2.2).</summary>
    public Task<DnsReply> TextsAsync(string name) => AskAsync(name, QueryType.TXT);

    /// <summary>Names of mail servers, the preferred first; "." alone: takes no mail (RFC 7505).</summary>
    public Task<DnsReply> MailServersAsync(string name) => AskAsync(name, QueryType.MX);

    /// <summary>Addresses of both kinds.</summary>
    public async Task<DnsReply> AddressesAsync(string name)
    {
        var (four, six) = (await AskAsync(name, QueryType.A), await AskAsync(name, QueryType.AAAA));
        return four.Outcome == DnsOutcome.Found || six.Outcome == DnsOutcome.Found ? new(DnsOutcome.Found, [.. four.Values, .. six.Values])
            : four.Outcome == DnsOutcome.Unanswered ? four : six;
    }

    private Task<DnsReply> AskAsync(string name, QueryType type) =>
        asked.GetOrAdd((name.TrimEnd('.').ToLowerInvariant(), type), question => FetchAsync(question.Name, question.Type));

    private async Task<DnsReply> FetchAsync(string name, QueryType type)
    {
        try
        {
            return Read(await client.Value.QueryAsync(new DnsQuestion(name, type), deadline), type);
        }
        catch (ArgumentException)
        {
            // No name that DNS could hold: longer than 255 octets, or a label longer than 63.
            return DnsReply.Without(DnsOutcome.NoName);
        }
        catch (Exception e) when (
            e is DnsResponseException or SocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            return DnsReply.Without(DnsOutcome.Unanswered);
        }
    }

    private static DnsReply Read(IDnsQueryResponse response, QueryType type)
    {
        if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain) return DnsReply.Without(DnsOutcome.NoName);
        if (response.HasError || response.Header.ResultTruncated) return DnsReply.Without(DnsOutcome.Unanswered);
        string[] values = type switch
        {
            QueryType.TXT => [.. response.Answers.TxtRecords().Select(record => string.Concat(record.Text))],
            QueryType.MX => [.. response.Answers.MxRecords().OrderBy(record => record.Preference).Select(record => Host(record.Exchange))],
            _ => [.. response.Answers.AddressRecords().Select(record => $"{record.Address}")],
        };
        return values.Length > 0 ? new(DnsOutcome.Found, values) : DnsReply.Without(DnsOutcome.Empty);
    }

    private static string Host(DnsString name) => name.Value is "." ? "." : name.Value.TrimEnd('.').ToLowerInvariant();

    private static LookupClientOptions Options(IReadOnlyList<IPEndPoint>? servers)
    {
        var options = servers is null ? new LookupClientOptions() : new LookupClientOptions([.. servers]);
        // What we ask is what is published now, and each question is asked once anyway.
        options.UseCache = false;
        options.Timeout = Patience;
        options.Retries = 1;
        options.ThrowDnsErrors = false;
        return options;
    }
}
