namespace SmaKom.Mailer.Web;

/// <summary>
/// What search engines should leave alone (RFC 9309). Pages behind a personal link are not named: they say "noindex" themselves, and whoever
/// may not read them would not hear it.
/// </summary>
internal static class Robots
{
    private static readonly string[] NotForRobots = ["/redaktion", "/admin", "/hangfire", "/inkorg", "/logga-in"];

    public static void MapRobots(this WebApplication app) => app.MapGet("/robots.txt",
        () => Results.Text(string.Concat(NotForRobots.Select(path => $"Disallow: {path}\n").Prepend("User-agent: *\n"))));
}
