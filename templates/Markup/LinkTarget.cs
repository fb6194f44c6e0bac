namespace SmaKom.Mailer.Templates.Markup;

/// <summary>Which addresses a person may link to. javascript:, data: and relative ones are not among them.</summary>
public static class LinkTarget
{
    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeMailto, "tel"];

    /// <summary>http, https, mailto or tel, absolute, without white space or controls.</summary>
    public static bool IsAllowed(string url) => Scheme(url) is { } scheme && Schemes.Contains(scheme, StringComparer.Ordinal);

    /// <summary>http or https.</summary>
    public static bool IsWebAddress(string url) =>
        Scheme(url) is { } scheme && (scheme == Uri.UriSchemeHttp || scheme == Uri.UriSchemeHttps);

    /// <summary>The address as mail programs of every age understand it: å in a path as %C3%A5, in a host as punycode.</summary>
    public static string Ascii(string url) =>
        url.All(char.IsAscii) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) ? url
        : IsWebAddress(url) ? new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri
        : uri.AbsoluteUri;

    /// <summary>tel: of a number as people write it: "0999-123 45" and "+46 (0)999 123 45" alike.</summary>
    public static string Phone(string number) =>
        "tel:" + string.Concat(number.Replace("(0)", "", StringComparison.Ordinal).Where(c => char.IsAsciiDigit(c) || c == '+'));

    /// <summary>A web address as link words: without scheme and last slash.</summary>
    public static string Short(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? url : url[(scheme + 3)..]).TrimEnd('/');
    }

    // Uri trims and forgives; what it forgives ("java\tscript:") is what a filter must refuse.
    private static string? Scheme(string url) =>
        url.Length > 0 && !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '<' or '>' or '\\')
        && Uri.TryCreate(url, UriKind.Absolute, out var uri) && HasHost(uri)
            ? uri.Scheme
            : null;

    private static bool HasHost(Uri uri)
    {
        try
        {
            return uri.IdnHost is not null;
        }
        catch (UriFormatException)
        {
            // A sign that no host may have.
            return false;
        }
    }
}
