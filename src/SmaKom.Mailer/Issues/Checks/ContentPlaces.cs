using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>A text of an issue and where it stands; of Markdown, what readers read.</summary>
internal sealed record PlacedText(string Place, string Text);

/// <summary>A link of an issue.</summary>
/// <param name="Place">The field that holds its address.</param>
/// <param name="WordsPlace">The field that holds its words.</param>
/// <param name="Words">Null: the address itself or a text of ours.</param>
/// <param name="InBody">Within Markdown, which content rules do not look into.</param>
internal sealed record PlacedLink(string Place, string WordsPlace, string? Words, string Url, bool InBody);

/// <param name="Width">Pixels that it may fill in the letter, on a wide screen.</param>
internal sealed record PlacedPicture(string Place, Picture Picture, int Width);

/// <summary>Goes through an issue in reading order. Places are written as in <see cref="IssueFinding.Place"/>.</summary>
internal static class ContentPlaces
{
    public static IEnumerable<(string Place, Block Block)> Blocks(IssueContent content) =>
        content.Sections.SelectMany((section, s) => section.Blocks.Select((block, b) => ($"sections[{s}].blocks[{b}]", block)));

    public static IEnumerable<(string Place, Article Article)> Articles(IssueContent content) =>
        Halves(content).Where(at => at.Block is Article).Select(at => (at.Place, (Article)at.Block));

    public static IEnumerable<(string Place, EventItem Item)> Events(IssueContent content) =>
        Halves(content).Where(at => at.Block is EventItem).Select(at => (at.Place, (EventItem)at.Block));

    /// <summary>Bodies, as they were typed.</summary>
    public static IEnumerable<(string Place, string Markdown)> Bodies(IssueContent content) => Halves(content).SelectMany(at => at.Block switch
    {
        Article article => [($"{at.Place}.body", article.Body)],
        EventItem { Body: { } body } => [($"{at.Place}.body", body)],
        _ => Enumerable.Empty<(string, string)>(),
    });

    public static IEnumerable<PlacedText> Texts(IssueContent content) =>
        new[] { new PlacedText("subject", content.Subject), new("headline", content.Headline ?? ""), new("preheader", content.Preheader) }
            .Concat(content.Sections.Select((section, s) => new PlacedText($"sections[{s}].heading", section.Heading)))
            .Concat(Articles(content).SelectMany(at => TextsOf(at.Place, at.Article)))
            .Concat(Events(content).SelectMany(at => TextsOf(at.Place, at.Item)))
            .Concat(Bodies(content).Select(body => new PlacedText(body.Place, BodyText.Plain(body.Markdown))))
            .Concat(Pictures(content).SelectMany(at => TextsOf(at.Place, at.Picture)))
            .Concat(content.Contact is { } contact ? TextsOf(contact) : [])
            .Where(text => text.Text.Length > 0);

    public static IEnumerable<PlacedLink> Links(IssueContent content) =>
        Articles(content).SelectMany(at => at.Article.CallsToAction.Select((call, i) =>
                new PlacedLink($"{at.Place}.callsToAction[{i}].url", $"{at.Place}.callsToAction[{i}].text", call.Text, call.Url, false)))
            .Concat(Events(content).Where(at => at.Item.Link is not null)
                .Select(at => new PlacedLink($"{at.Place}.link", $"{at.Place}.linkText", at.Item.LinkText, at.Item.Link!, false)))
            .Concat(Bodies(content).SelectMany(body => BodyText.Links(body.Markdown)
                .Select(link => new PlacedLink(body.Place, body.Place, link.Words, link.Url, true))))
            .Concat(content.Contact is { } contact ? LinksOf(contact) : []);

    /// <summary>With the widths of the templates: lead from edge to edge, a column of text, half of it.</summary>
    public static IEnumerable<PlacedPicture> Pictures(IssueContent content) =>
        (content.LeadPicture is { } lead ? [new("leadPicture", lead, LeadWidth)] : Enumerable.Empty<PlacedPicture>())
            .Concat(Blocks(content).SelectMany(at => at.Block switch
            {
                Article { Layout: ArticleLayout.Box } box => PicturesOf(at.Place, box, BoxWidth, BoxWidth),
                Article { Layout: ArticleLayout.PictureLeft or ArticleLayout.PictureRight } beside =>
                    PicturesOf(at.Place, beside, BesideWidth, TextBesideWidth),
                Article article => PicturesOf(at.Place, article, ColumnWidth, ColumnWidth),
                EventItem item => PicturesOf(at.Place, item, ColumnWidth),
                TipsPair pair => PicturesOfHalf($"{at.Place}.left", pair.Left).Concat(PicturesOfHalf($"{at.Place}.right", pair.Right)),
                _ => [],
            }))
            .Concat(content.Contact?.Portrait is { } portrait ? [new("contact.portrait", portrait, PortraitWidth)] : []);

    // templates/IssueMail.cshtml, Mail/MailStyles.cs, BoxPart, ArticlePart, TipsPart, SignaturePart.
    private const int LeadWidth = 598, ColumnWidth = 532, BoxWidth = 484, BesideWidth = 216, TextBesideWidth = 292, HalfWidth = 254,
        PortraitWidth = 72;

    // Every block, and of a pair both.
    private static IEnumerable<(string Place, Block Block)> Halves(IssueContent content) => Blocks(content).SelectMany(at =>
        at.Block is TipsPair pair ? [($"{at.Place}.left", pair.Left), ($"{at.Place}.right", pair.Right)] : new[] { at });

    private static IEnumerable<PlacedPicture> PicturesOfHalf(string place, Block half) => half switch
    {
        Article article => PicturesOf(place, article, HalfWidth, HalfWidth),
        EventItem item => PicturesOf(place, item, HalfWidth),
        _ => [],
    };

    private static IEnumerable<PlacedPicture> PicturesOf(string place, EventItem item, int width) =>
        item.Picture is { } picture ? [new($"{place}.picture", picture, width)] : [];

    private static IEnumerable<PlacedPicture> PicturesOf(string place, Article article, int first, int others) => article.Pictures
        .Select((picture, i) => new PlacedPicture($"{place}.pictures[{i}]", picture, i == 0 ? first : others))
        .Concat(article.Signature?.Portrait is { } portrait ? [new($"{place}.signature.portrait", portrait, PortraitWidth)] : []);

    private static IEnumerable<PlacedText> TextsOf(string place, Article article) =>
        new[] { new PlacedText($"{place}.kicker", article.Kicker ?? ""), new($"{place}.heading", article.Heading),
            new($"{place}.signature.name", article.Signature?.Name ?? ""), new($"{place}.signature.role", article.Signature?.Role ?? "") }
            .Concat(article.CallsToAction.Select((call, i) => new PlacedText($"{place}.callsToAction[{i}].text", call.Text)));

    private static PlacedText[] TextsOf(string place, EventItem item) =>
        [new($"{place}.name", item.Name), new($"{place}.place", item.Place ?? ""), new($"{place}.linkText", item.LinkText ?? "")];

    private static PlacedText[] TextsOf(string place, Picture picture) =>
        [new($"{place}.alt", picture.Alt), new($"{place}.caption", picture.Caption ?? ""), new($"{place}.credit", picture.Credit ?? "")];

    private static PlacedText[] TextsOf(ContactBlock contact) =>
        [new("contact.name", contact.Name), new("contact.role", contact.Role ?? ""), new("contact.text", contact.Text ?? "")];

    private static IEnumerable<PlacedLink> LinksOf(ContactBlock contact) =>
        (contact.Site is { } site ? [new("contact.site", "contact.site", null, site, false)] : Enumerable.Empty<PlacedLink>())
            .Concat(contact.SocialLinks.Select((link, i) =>
                new PlacedLink($"contact.socialLinks[{i}].url", $"contact.socialLinks[{i}].name", link.Name, link.Url, false)));
}
