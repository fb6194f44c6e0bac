using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>Links as readers are to have them: addresses that stand bare are links, and those without https:// lead somewhere.</summary>
internal static class BareAddresses
{
    public static void Link(MarkdownDocument text)
    {
        foreach (var block in text.Descendants<LeafBlock>())
            if (block.Inline is { } inline) Within(inline);
    }

    private static void Within(ContainerInline container)
    {
        Flatten(container);
        for (var inline = container.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            switch (inline)
            {
                case LinkInline { IsImage: false } link: link.Url = TypedAddress.Mend(link.Url ?? "") ?? link.Url; break;
                case ContainerInline inner: Within(inner); break;
                case LiteralInline or HtmlEntityInline: inline = Linked(inline); break;
            }
        }
    }

    // A bracket that nothing closes is a sign among others.
    private static void Flatten(ContainerInline container)
    {
        for (var inline = container.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            if (inline is not DelimiterInline sign) continue;
            var literal = new LiteralInline(sign.ToLiteral());
            sign.InsertBefore(literal);
            sign.MoveChildrenAfter(literal);
            sign.Remove();
            inline = literal;
        }
    }

    /// <summary>Takes the whole run of words from here on.</summary>
    /// <returns>The last of what stands in its place.</returns>
    private static Inline Linked(Inline first)
    {
        var run = Run(first).ToList();
        var text = string.Concat(run.Select(Text));
        var found = TypedAddress.In(text).ToList();
        if (found.Count == 0) return run[^1];
        var last = run[^1];
        var at = 0;
        foreach (var (start, words, url) in found)
        {
            // <https://example.org>: the signs around it are Markdown's, and no text.
            var isEnclosed = start > at && text[start - 1] == '<' && start + words.Length < text.Length && text[start + words.Length] == '>';
            Add(text[at..(isEnclosed ? start - 1 : start)]);
            var link = new LinkInline { Url = url, IsClosed = true };
            link.AppendChild(new LiteralInline(words));
            last.InsertAfter(link);
            last = link;
            at = start + words.Length + (isEnclosed ? 1 : 0);
        }

        Add(text[at..]);
        foreach (var inline in run) inline.Remove();
        return last;

        void Add(string words)
        {
            if (words.Length == 0) return;
            var literal = new LiteralInline(words);
            last.InsertAfter(literal);
            last = literal;
        }
    }

    private static IEnumerable<Inline> Run(Inline first)
    {
        for (Inline? inline = first; inline is LiteralInline or HtmlEntityInline; inline = inline.NextSibling) yield return inline;
    }

    private static string Text(Inline inline) =>
        inline is HtmlEntityInline entity ? entity.Transcoded.ToString() : ((LiteralInline)inline).Content.ToString();
}
