using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>A paragraph, a line of a list or a subheading of a body, without its marks.</summary>
/// <param name="IsBold">All of it is bold.</param>
internal sealed record BodyBlock(string Text, bool IsHeading, bool IsBold);

/// <summary>Markdown that staff have written, as the plain text that readers read.</summary>
internal static class BodyText
{
    public static IReadOnlyList<BodyBlock> Blocks(string markdown) =>
        [.. MarkdownText.Parse(markdown).Descendants<LeafBlock>().Where(block => block.Inline is not null)
            .Select(block => new BodyBlock(Words(block.Inline!), block is HeadingBlock, IsBold(block.Inline!)))];

    public static string Plain(string markdown) => string.Join('\n', Blocks(markdown).Select(block => block.Text));

    /// <summary>The links' words and addresses, allowed or not.</summary>
    public static IEnumerable<(string Words, string Url)> Links(string markdown) =>
        MarkdownText.Parse(markdown).Descendants<LinkInline>().Where(link => !link.IsImage).Select(link => (Words(link), link.Url ?? ""));

    /// <summary>The words in the place of pictures, which a body has none of.</summary>
    public static IEnumerable<string> Pictures(string markdown) =>
        MarkdownText.Parse(markdown).Descendants<LinkInline>().Where(link => link.IsImage).Select(Words);

    private static string Words(ContainerInline inlines) => string.Concat(inlines.Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LineBreakInline => " ",
        ContainerInline within => Words(within),
        _ => "",
    }));

    private static bool IsBold(ContainerInline inlines) => inlines.Any() && inlines.All(inline => inline is EmphasisInline { DelimiterCount: 2 });
}
