using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>Every picture of a content put through a function.</summary>
internal static class ContentPictures
{
    /// <param name="with">Null: the picture goes.</param>
    public static IssueContent Replace(IssueContent content, Func<Picture, Picture?> with)
    {
        return content with
        {
            LeadPicture = One(content.LeadPicture),
            Sections = [.. content.Sections.Select(section => section with { Blocks = [.. section.Blocks.Select(Of)] })],
            Contact = content.Contact is { } contact ? contact with { Portrait = One(contact.Portrait) } : null,
        };

        Picture? One(Picture? picture) => picture is null ? null : with(picture);

        Block Of(Block block) => block switch
        {
            Article article => article with
            {
                Pictures = [.. article.Pictures.Select(with).OfType<Picture>()],
                Signature = article.Signature is { } signature ? signature with { Portrait = One(signature.Portrait) } : null,
            },
            EventItem item => item with { Picture = One(item.Picture) },
            TipsPair pair => pair with { Left = Of(pair.Left), Right = Of(pair.Right) },
            _ => block,
        };
    }
}
