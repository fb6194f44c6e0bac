using System.Globalization;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Templates.Text;

/// <summary>A Markdown body as plain text: the same tree as in the letter, written for mutt and a braille display.</summary>
internal static class MarkdownLines
{
    /// <param name="column">Where to.</param>
    /// <param name="markdown">The body.</param>
    /// <param name="indent">Before every line.</param>
    public static void Write(TextColumn column, string markdown, string indent = "") =>
        Blocks(column, MarkdownText.Parse(markdown), indent, indent);

    private static void Blocks(TextColumn column, ContainerBlock container, string first, string rest)
    {
        var prefix = first;
        foreach (var block in container)
        {
            if (!ReferenceEquals(block, container[0])) column.Gap();
            Block(column, block, prefix, rest);
            prefix = rest;
        }
    }

    private static void Block(TextColumn column, Block block, string first, string rest)
    {
        switch (block)
        {
            case QuoteBlock quote: Blocks(column, quote, first + "> ", rest + "> "); break;
            case ListBlock list: Items(column, list, first, rest); break;
            case ThematicBreakBlock typed: column.Paragraph(typed.Content.ToString().Trim(), first, rest); break;
            case LeafBlock { Inline: { } inline }: column.Paragraph(Inlines(inline), first, rest); break;
        }
    }

    private static void Items(TextColumn column, ListBlock list, string first, string rest)
    {
        var number = list.IsOrdered && int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 1;
        var prefix = first;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var mark = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
            Blocks(column, item, prefix + mark, rest + new string(' ', mark.Length));
            prefix = rest;
        }
    }

    private static string Inlines(ContainerInline? container) =>
        string.Concat((container ?? Enumerable.Empty<Inline>()).Select(Inline));

    private static string Inline(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        LineBreakInline { IsHard: true } => "\n",
        LineBreakInline => " ",
        LinkInline { IsImage: false, Url: { } url } link when LinkTarget.IsAllowed(url) => Link(Inlines(link), LinkTarget.Ascii(url)),
        ContainerInline other => Inlines(other),
        _ => "",
    };

    // In angle brackets an address stays clickable even when a full stop follows. A number can be dialled as it is written.
    private static string Link(string words, string url) => IsSame(words, url)
        ? url.StartsWith("tel:", StringComparison.Ordinal) ? words : $"<{url}>"
        : $"{words} <{url}>";

    private static bool IsSame(string words, string url) =>
        words == LinkTarget.Short(url) || (TypedAddress.Mend(words) is { } meant && LinkTarget.Ascii(meant).TrimEnd('/') == url.TrimEnd('/'));
}
