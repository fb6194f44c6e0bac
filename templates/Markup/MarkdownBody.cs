using System.Text.Encodings.Web;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Html;
using SmaKom.Mailer.Templates.Mail;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>
/// A body as elements. It encodes all text and attributes, and knows no other elements than those below:
/// nothing a person types can become markup.
/// </summary>
/// <param name="markdown">What was typed.</param>
/// <param name="styleOf">
/// The elements' inline styles by name (p, ul, ol, li, blockquote and the cell in it, quote, heading, a); null for a page with a stylesheet.
/// </param>
/// <param name="classOf">The classes that the dark mode needs, by element; null for none.</param>
/// <param name="headingLevel">One below the heading that stands over the body, so that no level is jumped.</param>
public sealed class MarkdownBody(string markdown, Func<string, string?>? styleOf = null, Func<string, string?>? classOf = null, int headingLevel = 4)
    : IHtmlContent
{
    /// <summary>The encoder is our own, whichever one is offered: RazorLight offers one that writes å as &amp;#xE5;.</summary>
    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => Blocks(writer, MarkdownText.Parse(markdown));

    public override string ToString()
    {
        using var writer = new StringWriter();
        WriteTo(writer, LetterHtml.Encoder);
        return writer.ToString();
    }

    private void Blocks(TextWriter writer, ContainerBlock container)
    {
        foreach (var block in container) Block(writer, block);
    }

    private void Block(TextWriter writer, Block block)
    {
        switch (block)
        {
            case HeadingBlock heading: Element(writer, $"h{headingLevel}", "heading", () => Inlines(writer, heading.Inline)); break;
            case ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } tight: Inlines(writer, tight.Inline); break;
            case ParagraphBlock paragraph: Element(writer, "p", "p", () => Inlines(writer, paragraph.Inline)); break;
            case QuoteBlock quote: Element(writer, "blockquote", "blockquote", () => Quoted(writer, quote)); break;
            case ListBlock { IsOrdered: true } list:
                Element(writer, "ol", "ol", () => Items(writer, list),
                    ("start", list.OrderedStart is "1" ? null : list.OrderedStart)); break;
            case ListBlock list: Element(writer, "ul", "ul", () => Items(writer, list)); break;
            // The list parser makes one of "---" by itself, though the rule's own parser is off: it stays what was typed.
            case ThematicBreakBlock typed: Element(writer, "p", "p", () => Text(writer, Typed(typed))); break;
            case LeafBlock { Inline: { } inline }: Element(writer, "p", "p", () => Inlines(writer, inline)); break;
        }
    }

    // Word pads cells only, and draws a line beside nothing else.
    private void Quoted(TextWriter writer, QuoteBlock quote)
    {
        if (styleOf?.Invoke("quote") is null)
        {
            Blocks(writer, quote);
            return;
        }

        writer.Write("""<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>""");
        Element(writer, "td", "quote", () => Blocks(writer, quote));
        writer.Write("</tr></table>");
    }

    private void Items(TextWriter writer, ListBlock list)
    {
        foreach (var item in list.OfType<ListItemBlock>()) Element(writer, "li", "li", () => Blocks(writer, item));
    }

    private void Inlines(TextWriter writer, ContainerInline? container)
    {
        foreach (var inline in container ?? Enumerable.Empty<Inline>()) Inline(writer, inline);
    }

    private void Inline(TextWriter writer, Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal: Text(writer, literal.Content.ToString()); break;
            case HtmlEntityInline entity: Text(writer, entity.Transcoded.ToString()); break;
            case LineBreakInline { IsHard: true }: writer.Write("<br>"); break;
            case LineBreakInline: writer.Write('\n'); break;
            case LinkInline { IsImage: false, Url: { } url } link when LinkTarget.IsAllowed(url):
                Element(writer, "a", "a", () => Inlines(writer, link), ("href", LinkTarget.Ascii(url)));
                break;
            case EmphasisInline { DelimiterCount: 2 } strong: Element(writer, "strong", "strong", () => Inlines(writer, strong)); break;
            case EmphasisInline emphasis: Element(writer, "em", "em", () => Inlines(writer, emphasis)); break;
            // A picture or a link to a forbidden place: its words stay.
            case ContainerInline other: Inlines(writer, other); break;
        }
    }

    private void Element(TextWriter writer, string name, string role, Action content, (string Name, string? Value)? own = null)
    {
        writer.Write($"<{name}");
        Attribute(writer, "class", classOf?.Invoke(role));
        Attribute(writer, "style", styleOf?.Invoke(role));
        if (own is { } attribute) Attribute(writer, attribute.Name, attribute.Value);
        writer.Write('>');
        content();
        writer.Write($"</{name}>");
    }

    // Its content is the whole line, with the signs of the quote or list that it lies in.
    private static string Typed(ThematicBreakBlock rule) => rule.Content.Text[rule.Span.Start..(rule.Content.End + 1)].Trim();

    private static void Attribute(TextWriter writer, string name, string? value)
    {
        if (value is null) return;
        writer.Write($" {name}=\"");
        LetterHtml.Encoder.Encode(writer, value);
        writer.Write('"');
    }

    private static void Text(TextWriter writer, string text) => LetterHtml.Encoder.Encode(writer, text);
}
