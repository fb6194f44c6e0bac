using System.Security.Cryptography;

namespace SmaKom.Mailer.Web;

/// <summary>
/// Addresses of the files in wwwroot, with a mark of their bytes: they can be cached for ever, and a new version is fetched at once.
/// </summary>
public sealed class SiteFiles(IWebHostEnvironment environment)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> addresses = new(StringComparer.Ordinal);

    /// <summary><c>site.css</c> → <c>/site.css?v=…</c></summary>
    /// <exception cref="FileNotFoundException">No such file in wwwroot.</exception>
    public string this[string file] => addresses.GetOrAdd(file, name =>
        $"/{name}?v={Mark(File.ReadAllBytes(Path.Combine(environment.WebRootPath, name)))}");

    internal static string Mark(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6));
}
