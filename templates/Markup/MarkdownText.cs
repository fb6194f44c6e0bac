using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>
/// The Markdown that staff write: paragraphs, bold, italic, links, lists, quotes, ATX headings, hard breaks.
/// What is left out (raw HTML, code, autolinks, setext headings, rules) is text, here as in the browser's editor.
/// </summary>
public static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = Build();

    private static readonly MarkdownPipeline Typed = BuildTyped();

    /// <summary>Text that is nested deeper than Markdig goes (128), which nobody means, is paragraphs of what was typed: its draft still opens.</summary>
    public static MarkdownDocument Parse(string markdown)
    {
        try
        {
            return Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            return Markdown.Parse(markdown, Typed);
        }
    }

    private static MarkdownPipeline Build()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml();
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        builder.BlockParsers.TryRemove<FencedCodeBlockParser>();
        builder.BlockParsers.TryRemove<ThematicBreakParser>();
        builder.InlineParsers.TryRemove<CodeInlineParser>();
        builder.InlineParsers.TryRemove<AutolinkInlineParser>();
        if (builder.BlockParsers.Find<ParagraphBlockParser>() is { } paragraphs) paragraphs.ParseSetextHeadings = false;
        return builder.Build();
    }

    private static MarkdownPipeline BuildTyped()
    {
        var builder = new MarkdownPipelineBuilder();
        builder.BlockParsers.RemoveAll(parser => parser is not ParagraphBlockParser);
        builder.InlineParsers.Clear();
        builder.InlineParsers.Add(new LineBreakInlineParser());
        if (builder.BlockParsers.Find<ParagraphBlockParser>() is { } paragraphs) paragraphs.ParseSetextHeadings = false;
        return builder.Build();
    }
}
