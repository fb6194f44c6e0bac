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

    // Uri trims and forgives; what it forgives ("java\tscript:") is what a filter must refuse.
    private static string? Scheme(string url) =>
        url.Length > 0 && !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '<' or '>' or '\\')
        && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? uri.Scheme
            : null;
}
