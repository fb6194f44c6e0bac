using System.Globalization;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Archive;

/// <summary>What search engines may find (sitemaps.org): the pages that are the same for all.</summary>
public sealed class SiteMap(IssueArchive archive, IOptions<SiteOptions> site)
{
    private static readonly XNamespace Names = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private static readonly string[] Standing = ["/", "/arkiv", "/kalender", "/prenumerera", "/integritet", "/tillganglighet"];

    public async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        var (years, issues) = (await archive.YearsAsync(ct), await archive.AddressesAsync(ct));
        var map = new XDocument(new XElement(Names + "urlset",
            Standing.Select(path => Page(path, null)),
            years.Select(year => Page(ArchivePath.OfYear(year.Year), null)),
            issues.Select(issue => Page(ArchivePath.Of(issue.Slug), issue.ChangedAt))));
        using var file = new MemoryStream();
        await map.SaveAsync(file, SaveOptions.DisableFormatting, ct);
        return Results.Bytes(file.ToArray(), "application/xml; charset=utf-8");
    }

    private XElement Page(string path, DateTimeOffset? changed) => new(Names + "url",
        new XElement(Names + "loc", site.Value.PublicUrl + path),
        changed is { } at ? new XElement(Names + "lastmod", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)) : null);
}
