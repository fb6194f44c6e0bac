using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Bounces.Collecting.Webhooks;

/// <summary>
/// The keys that SNS signs with, from Amazon's own hosts alone: an address in a webhook is anybody's. Over an <see cref="HttpClient"/> that
/// follows no redirect.
/// </summary>
public sealed partial class SnsCertificates(HttpClient web, TimeProvider time)
{
    private const int LongestCertificate = 16 << 10;
    private const int Most = 20;
    private readonly ConcurrentDictionary<string, X509Certificate2> known = new(StringComparer.Ordinal);

    /// <summary>At Amazon, over TLS.</summary>
    public static Uri? Trusted(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort
            && uri.UserInfo == "" && Host().IsMatch(uri.Host) ? uri : null;

    /// <returns>Null: the address is not Amazon's, or shows no certificate that is valid now.</returns>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public async Task<RSA?> KeyAsync(string? address, CancellationToken ct)
    {
        if (Trusted(address) is not { } uri || !uri.AbsolutePath.EndsWith(".pem", StringComparison.Ordinal)) return null;
        if (!known.TryGetValue(uri.AbsoluteUri, out var certificate))
        {
            if (await FetchAsync(uri, ct) is not { } fetched) return null;
            if (known.Count >= Most) known.Clear();
            known[uri.AbsoluteUri] = certificate = fetched;
        }

        var now = time.GetUtcNow().LocalDateTime;
        return certificate.NotBefore <= now && now <= certificate.NotAfter ? certificate.GetRSAPublicKey() : null;
    }

    /// <summary>Tells SNS that its calls are wanted.</summary>
    /// <returns>False: the address is not Amazon's, or it said no.</returns>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public async Task<bool> ConfirmAsync(string? address, CancellationToken ct)
    {
        if (Trusted(address) is not { } uri) return false;
        using var answer = await web.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, ct);
        return answer.IsSuccessStatusCode;
    }

    private async Task<X509Certificate2?> FetchAsync(Uri uri, CancellationToken ct)
    {
        using var answer = await web.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!answer.IsSuccessStatusCode) return null;
        var pem = new byte[LongestCertificate];
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(pem, pem.Length, throwOnEndOfStream: false, ct);
        try
        {
            return X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(pem, 0, length));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
