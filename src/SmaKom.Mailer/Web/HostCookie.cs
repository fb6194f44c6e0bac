using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Web;

/// <summary>
/// Cookies are <c>__Host-</c> (RFC 6265bis §4.1.3.2: Secure, this host only, whole path) where the site has https. On plain http, which
/// is for trying the program out, browsers would refuse such a cookie.
/// </summary>
public static class HostCookie
{
    public static void Name(CookieBuilder cookie, string name, SiteOptions site)
    {
        var https = site.PublicUrl.StartsWith("https:", StringComparison.Ordinal);
        cookie.Name = https ? $"__Host-{name}" : name;
        cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.HttpOnly = true;
        cookie.Path = "/";
        cookie.IsEssential = true;
    }
}
