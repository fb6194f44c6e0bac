using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>
/// A body as elements. It writes through the render tree, which encodes all text and attributes,
/// and knows no other elements than those below: nothing a person types can become markup.
/// </summary>
public sealed class MarkdownBody : ComponentBase
{
    [Parameter, EditorRequired] public required string Markdown { get; set; }

    /// <summary>The elements' inline styles by name (p, ul, ol, li, blockquote, heading, a); null for a page with a stylesheet.</summary>
    [Parameter] public Func<string, string?>? StyleOf { get; set; }

    /// <summary>The classes that the dark mode needs, by element; null for none.</summary>
    [Parameter] public Func<string, string?>? ClassOf { get; set; }

    /// <summary>One below the heading that stands over the body, so that no level is jumped.</summary>
    [Parameter] public int HeadingLevel { get; set; } = 4;

    // Sequence numbers serve diffing; this tree is rendered once.
    protected override void BuildRenderTree(RenderTreeBuilder builder) => Blocks(builder, MarkdownText.Parse(Markdown));

    private void Blocks(RenderTreeBuilder builder, ContainerBlock container)
    {
        foreach (var block in container) Block(builder, block);
    }

    private void Block(RenderTreeBuilder builder, Block block)
    {
        switch (block)
        {
            case HeadingBlock heading: Element(builder, $"h{HeadingLevel}", "heading", () => Inlines(builder, heading.Inline)); break;
            case ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } tight: Inlines(builder, tight.Inline); break;
            case ParagraphBlock paragraph: Element(builder, "p", "p", () => Inlines(builder, paragraph.Inline)); break;
            case QuoteBlock quote: Element(builder, "blockquote", "blockquote", () => Blocks(builder, quote)); break;
            case ListBlock { IsOrdered: true } list: Element(builder, "ol", "ol", () => Items(builder, list)); break;
            case ListBlock list: Element(builder, "ul", "ul", () => Items(builder, list)); break;
            // The list parser makes one of "---" by itself, though the rule's own parser is off: it stays what was typed.
            case ThematicBreakBlock typed: Element(builder, "p", "p", () => builder.AddContent(0, typed.Content.ToString().Trim())); break;
            case LeafBlock { Inline: { } inline }: Element(builder, "p", "p", () => Inlines(builder, inline)); break;
        }
    }

    private void Items(RenderTreeBuilder builder, ListBlock list)
    {
        if (list.IsOrdered && list.OrderedStart is { } start and not "1") builder.AddAttribute(0, "start", start);
        foreach (var item in list.OfType<ListItemBlock>()) Element(builder, "li", "li", () => Blocks(builder, item));
    }

    private void Inlines(RenderTreeBuilder builder, ContainerInline? container)
    {
        foreach (var inline in container ?? Enumerable.Empty<Inline>()) Inline(builder, inline);
    }

    private void Inline(RenderTreeBuilder builder, Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal: builder.AddContent(0, literal.Content.ToString()); break;
            case HtmlEntityInline entity: builder.AddContent(0, entity.Transcoded.ToString()); break;
            case LineBreakInline { IsHard: true }: Element(builder, "br", "br", () => { }); break;
            case LineBreakInline: builder.AddContent(0, "\n"); break;
            case LinkInline { IsImage: false, Url: { } url } link when LinkTarget.IsAllowed(url):
                Element(builder, "a", "a", () =>
                {
                    builder.AddAttribute(0, "href", LinkTarget.Ascii(url));
                    Inlines(builder, link);
                });
                break;
            case EmphasisInline { DelimiterCount: 2 } strong: Element(builder, "strong", "strong", () => Inlines(builder, strong)); break;
            case EmphasisInline emphasis: Element(builder, "em", "em", () => Inlines(builder, emphasis)); break;
            // A picture or a link to a forbidden place: its words stay.
            case ContainerInline other: Inlines(builder, other); break;
        }
    }

    private void Element(RenderTreeBuilder builder, string name, string role, Action content)
    {
        builder.OpenElement(0, name);
        if (ClassOf?.Invoke(role) is { } names) builder.AddAttribute(0, "class", names);
        if (StyleOf?.Invoke(role) is { } style) builder.AddAttribute(0, "style", style);
        content();
        builder.CloseElement();
    }
}
