using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Web;

/// <summary>
/// Under which name this site is reached is said by <see cref="SiteOptions.PublicUrl"/>, never by whoever asks: what stands in the Host header
/// reaches no link, no redirect and no mail. Redirects within the site are paths (RFC 9110 §10.2.2), so that it works under any name.
/// </summary>
internal static class OwnAddress
{
    public static void UseOwnAddress(this WebApplication app)
    {
        var site = new Uri(app.Services.GetRequiredService<IOptions<SiteOptions>>().Value.PublicUrl);
        var host = HostString.FromUriComponent(site);
        app.Use((context, next) =>
        {
            context.Request.Host = host;
            // TLS often ends at a proxy in front of us. The site's own address decides, not what the proxy remembered to say.
            if (site.Scheme == Uri.UriSchemeHttps) context.Request.Scheme = Uri.UriSchemeHttps;
            context.Response.OnStarting(static answer =>
            {
                var response = (HttpResponse)answer;
                if (response.Headers.Location is [{ } location]) response.Headers.Location = Within(location, response.HttpContext.Request.Host);
                return Task.CompletedTask;
            }, context.Response);
            return next(context);
        });
    }

    /// <summary>
    /// A path of this site and what follows it. "//evil.example" and "/\evil.example" are other sites to a browser: one slash leads.
    /// </summary>
    public static string Path(string pathAndQuery) => "/" + pathAndQuery.TrimStart('/', '\\');

    private static string Within(string location, HostString own) =>
        location.StartsWith('/') ? Path(location)
            : Uri.TryCreate(location, UriKind.Absolute, out var address) && HostString.FromUriComponent(address) == own
                ? Path(address.PathAndQuery + address.Fragment)
                : location;
}
