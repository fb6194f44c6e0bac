using System.ServiceModel.Syndication;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Archive;

/// <summary>The newest issues in full, for programs that read news: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).</summary>
public sealed class Feeds(
    IssueArchive archive, IssueRenderer renderer, LinkAddresses addresses, IOptions<SiteOptions> site, IOptions<SenderOptions> sender, Theme theme)
{
    public const string AtomPath = "/arkiv/flode.atom", JsonPath = "/arkiv/flode.json";
    private const int Most = 20;

    private string Title => $"{sender.Value.Organisation} – {theme.NewsletterName}";

    public async Task<IResult> AtomAsync(CancellationToken ct)
    {
        var issues = await archive.NewestAsync(Most, ct);
        var feed = new SyndicationFeed
        {
            Id = site.Value.PublicUrl + AtomPath,
            Title = new(Title),
            Language = "sv",
            LastUpdatedTime = issues.Select(Updated).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max(),
            BaseUri = new Uri(site.Value.PublicUrl + "/"),
        };
        feed.Authors.Add(new SyndicationPerson { Name = sender.Value.Organisation, Uri = sender.Value.Site });
        feed.Links.Add(SyndicationLink.CreateSelfLink(new Uri(site.Value.PublicUrl + AtomPath), "application/atom+xml"));
        feed.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(addresses.Archive), "text/html"));
        var items = new List<SyndicationItem>();
        foreach (var issue in issues) items.Add(await ItemAsync(issue));
        feed.Items = items;
        using var file = new MemoryStream();
        await using (var writer = XmlWriter.Create(file, new() { Encoding = new UTF8Encoding(false), Async = true }))
            new Atom10FeedFormatter(feed).WriteTo(writer);
        return Results.Bytes(file.ToArray(), "application/atom+xml; charset=utf-8");
    }

    /// <summary>A document of a dozen names: no library is needed for it, nor is one kept that writes it.</summary>
    public async Task<IResult> JsonAsync(CancellationToken ct)
    {
        var items = new JsonArray();
        foreach (var issue in await archive.NewestAsync(Most, ct)) items.Add(await JsonItemAsync(issue));
        var feed = new JsonObject
        {
            ["version"] = "https://jsonfeed.org/version/1.1",
            ["title"] = Title,
            ["home_page_url"] = addresses.Archive,
            ["feed_url"] = site.Value.PublicUrl + JsonPath,
            ["language"] = "sv",
            ["authors"] = new JsonArray(new JsonObject { ["name"] = sender.Value.Organisation, ["url"] = sender.Value.Site }),
            ["items"] = items,
        };
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return Results.Bytes(Encoding.UTF8.GetBytes(feed.ToJsonString(options)), "application/feed+json; charset=utf-8");
    }

    private async Task<SyndicationItem> ItemAsync(ArchivedIssue issue)
    {
        var item = new SyndicationItem
        {
            Id = Address(issue),
            Title = new(issue.Subject),
            Summary = new(issue.Content.Preheader),
            PublishDate = issue.PublishedAt,
            LastUpdatedTime = Updated(issue),
            Content = SyndicationContent.CreateHtmlContent(await HtmlAsync(issue)),
        };
        item.AttributeExtensions.Add(new XmlQualifiedName("lang", "http://www.w3.org/XML/1998/namespace"), issue.Content.Language);
        item.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(Address(issue)), "text/html"));
        return item;
    }

    private async Task<JsonObject> JsonItemAsync(ArchivedIssue issue)
    {
        var item = new JsonObject
        {
            ["id"] = Address(issue),
            ["url"] = Address(issue),
            ["title"] = issue.Subject,
            ["summary"] = issue.Content.Preheader,
            ["content_html"] = await HtmlAsync(issue),
            ["language"] = issue.Content.Language,
            ["date_published"] = XmlConvert.ToString(issue.PublishedAt),
            ["date_modified"] = XmlConvert.ToString(Updated(issue)),
        };
        if (issue.Content.LeadPicture is { } picture) item["image"] = addresses.Media(picture.MediaId);
        return item;
    }

    private async Task<string> HtmlAsync(ArchivedIssue issue)
    {
        // Elsewhere, a place on the page is a place on our page. XML has no word for most controls, which no letter means.
        var letter = (await renderer.RenderFeedAsync(issue.Content)).Replace("href=\"#", $"href=\"{Address(issue)}#", StringComparison.Ordinal);
        var note = issue.Correction is null ? "" : $"<p><strong>{LetterHtmlEncoder.Encode(issue.Correction)}</strong></p>\n";
        return string.Concat((note + letter).EnumerateRunes().Where(rune => rune.Value > 0xFFFF || XmlConvert.IsXmlChar((char)rune.Value)));
    }

    private static HtmlEncoder LetterHtmlEncoder { get; } = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    private string Address(ArchivedIssue issue) => site.Value.PublicUrl + issue.Path;

    private static DateTimeOffset Updated(ArchivedIssue issue) => issue.CorrectedAt ?? issue.PublishedAt;
}
