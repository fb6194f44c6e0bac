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

    /// <summary>
    /// The address as mail programs of every age understand it: å in a path as %C3%A5, in a host as punycode. What no address can be made of is
    /// returned as it is.
    /// </summary>
    public static string Ascii(string url)
    {
        if (url.All(char.IsAscii) || !Uri.TryCreate(url, UriKind.Absolute, out var uri)) return url;
        if (!IsWebAddress(url)) return uri.AbsoluteUri;
        // A host whose A-label is no host (longer than 63 letters, say) is found out only here.
        var builder = new UriBuilder(uri) { Host = uri.IdnHost };
        return Uri.TryCreate(builder.ToString(), UriKind.Absolute, out var ascii) ? ascii.AbsoluteUri : url;
    }

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
        && Uri.TryCreate(url, UriKind.Absolute, out var uri) && HasAsciiHost(uri)
            ? uri.Scheme
            : null;

    // That a host has no A-label (RFC 5891) is found out only when it is asked for.
    private static bool HasAsciiHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.All(char.IsAscii);
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
