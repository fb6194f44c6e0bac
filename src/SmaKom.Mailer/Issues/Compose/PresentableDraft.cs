using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Markup;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>
/// A draft as a letter that can be shown though it is not finished: what is missing is left out, or stands as a word in its place. For
/// previews only; what is sent has no <see cref="IssueContent.Problems"/>.
/// </summary>
public static class PresentableDraft
{
    /// <param name="missing">Stands where a heading or a name is to be, in the preview's language.</param>
    public static IssueContent Of(IssueContent content, string missing)
    {
        if (content.Problems().Count == 0) return content;
        content = content.WithoutEmptyParts();
        var shown = new Shown(missing);
        return content with
        {
            Subject = shown.Line(content.Subject),
            Headline = content.Headline is { } headline ? Shown.Clean(headline) : null,
            Preheader = shown.Line(content.Preheader),
            Language = Languages.Known(content.Language),
            Month = Math.Clamp(content.Month, 1, 12),
            Year = Math.Clamp(content.Year, 2000, 2999),
            LeadPicture = shown.Picture(content.LeadPicture),
            Sections = [.. content.Sections.Select(section => section with
            {
                Heading = Shown.Clean(section.Heading),
                Blocks = [.. section.Blocks.Select(shown.Block).OfType<Block>()],
            }).Where(section => section.Blocks.Count > 0)],
            Contact = content.Contact is { } contact ? shown.Contact(contact) : null,
        };
    }

    private sealed class Shown(string missing)
    {
        public string Line(string text) => string.IsNullOrWhiteSpace(text) ? missing : Clean(text);

        public static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

        public Picture? Picture(Picture? picture) => picture is { MediaId.Length: > 0, Width: > 0 and <= 10_000, Height: > 0 and <= 10_000 }
            ? picture with { Alt = picture.Decorative || picture.Alt.Length > 0 ? picture.Alt : missing }
            : null;

        public Block? Block(Block block) => block switch
        {
            Article article => Article(article),
            TipsPair pair => (Block(pair.Left), Block(pair.Right)) switch
            {
                ({ } left, { } right) => pair with { Left = left, Right = right },
                var (left, right) => left ?? right,
            },
            EventItem item when item.Start != default => Event(item),
            CalendarBlock => block,
            _ => null,
        };

        public ContactBlock Contact(ContactBlock contact) => contact with
        {
            Name = Line(contact.Name),
            Email = contact.Email is { } email && LinkTarget.IsAllowed("mailto:" + email) ? email : null,
            Site = Web(contact.Site),
            Portrait = Picture(contact.Portrait),
            SocialLinks = [.. contact.SocialLinks.Where(link => LinkTarget.IsWebAddress(link.Url))
                .Select(link => link with { Name = Line(link.Name) })],
        };

        private Article Article(Article article) => article with
        {
            Heading = Line(article.Heading),
            Body = string.IsNullOrWhiteSpace(article.Body) ? missing : article.Body,
            Pictures = [.. article.Pictures.Select(Picture).OfType<Picture>()],
            Signature = article.Signature is { } signature ? signature with { Name = Line(signature.Name), Portrait = Picture(signature.Portrait) }
                : null,
            CallsToAction = [.. article.CallsToAction.Where(call => LinkTarget.IsAllowed(call.Url))
                .Select(call => call with { Text = Line(call.Text) })],
        };

        private EventItem Event(EventItem item)
        {
            var end = item.End < item.Start ? null : item.End;
            var isOneDay = (end ?? item.Start) == item.Start;
            return item with
            {
                Name = Line(item.Name),
                End = end,
                EndTime = item.StartTime is null || isOneDay && item.EndTime < item.StartTime ? null : item.EndTime,
                SignUpBy = item.SignUpBy > (end ?? item.Start) ? null : item.SignUpBy,
                Link = Web(item.Link),
                Picture = Picture(item.Picture),
            };
        }

        private static string? Web(string? address) => address is not null && LinkTarget.IsWebAddress(address) ? address : null;
    }
}
