using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>
/// The Markdown that staff write: paragraphs, bold, italic, links, lists, quotes, ATX headings, hard breaks.
/// What is left out (raw HTML, code, setext headings, rules) is text, here as in the browser's editor. Bare addresses are links.
/// </summary>
public static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = Build(asTyped: false);

    private static readonly MarkdownPipeline Typed = Build(asTyped: true);

    /// <summary>Text that is nested deeper than Markdig goes (128), which nobody means, is paragraphs of what was typed: its draft still opens.</summary>
    public static MarkdownDocument Parse(string markdown)
    {
        try
        {
            var text = Markdown.Parse(TypedMarkdown.Meant(markdown), Pipeline);
            BareAddresses.Link(text);
            return text;
        }
        catch (ArgumentException)
        {
            return Markdown.Parse(markdown, Typed);
        }
    }

    /// <param name="asTyped">Paragraphs and line breaks, and no other sign means anything.</param>
    private static MarkdownPipeline Build(bool asTyped)
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml();
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        builder.BlockParsers.TryRemove<FencedCodeBlockParser>();
        builder.BlockParsers.TryRemove<ThematicBreakParser>();
        builder.InlineParsers.TryRemove<CodeInlineParser>();
        builder.InlineParsers.TryRemove<AutolinkInlineParser>();
        if (builder.BlockParsers.Find<ParagraphBlockParser>() is { } paragraphs) paragraphs.ParseSetextHeadings = false;
        if (asTyped)
        {
            builder.BlockParsers.RemoveAll(parser => parser is not ParagraphBlockParser);
            builder.InlineParsers.RemoveAll(parser => parser is not LineBreakInlineParser);
        }

        return builder.Build();
    }
}
