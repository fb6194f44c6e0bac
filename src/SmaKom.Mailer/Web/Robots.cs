using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Web;

/// <summary>
/// What search engines should leave alone (RFC 9309). Pages behind a personal link are not named: they say "noindex" themselves, and whoever
/// may not read them would not hear it.
/// </summary>
internal static class Robots
{
    private static readonly string[] NotForRobots = ["/redaktion", "/admin", "/hangfire", "/inkorg", "/logga-in"];

    public static void MapRobots(this WebApplication app) => app.MapGet("/robots.txt", (IOptions<SiteOptions> site) => Results.Text(string.Concat(
        [
            "User-agent: *\n", .. NotForRobots.Select(path => $"Disallow: {path}\n"),
            $"\nSitemap: {site.Value.PublicUrl}/sitemap.xml\n",
        ])));
}
