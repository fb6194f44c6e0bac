using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>
/// What a reader of the letter sees of a Markdown text: its blocks, and each word with its voice and its link. Two texts that only differ in the
/// order of nested marks, in white space or in the voice of a blank look alike, and are alike here.
/// </summary>
internal static class LetterText
{
    private static readonly HtmlParser Parser = new();

    public static string Of(string markdown)
    {
        var text = new StringBuilder();
        Blocks(Parser.ParseDocument(new MarkdownBody(markdown).ToString()).Body!, text);
        return text.ToString();
    }

    private static void Blocks(IElement parent, StringBuilder text)
    {
        var line = new List<Sign>();
        foreach (var node in parent.ChildNodes)
        {
            if (node is IElement { LocalName: "p" or "h4" or "ul" or "ol" or "li" or "blockquote" } block)
            {
                Write(line, text);
                text.Append('<').Append(block.LocalName).Append(block.GetAttribute("start") is { } start ? $" {start}" : "").Append(">\n");
                Blocks(block, text);
                text.Append("</").Append(block.LocalName).Append(">\n");
            }
            else
            {
                Read(node, "", line);
            }
        }

        Write(line, text);
    }

    private static void Read(INode node, string voice, List<Sign> line)
    {
        switch (node)
        {
            case IText words: line.AddRange(words.Data.Select(sign => new Sign(sign, voice))); break;
            case IElement { LocalName: "br" }: line.Add(new('\u2028', "")); break;
            case IElement element:
                var own = element.LocalName == "a" ? $"a:{element.GetAttribute("href")}" : element.LocalName;
                var within = string.Join(' ', $"{voice} {own}".Split(' ').Distinct().Order(StringComparer.Ordinal));
                foreach (var child in element.ChildNodes) Read(child, within, line);
                break;
        }
    }

    private static void Write(List<Sign> line, StringBuilder text)
    {
        var voice = "";
        var isBlank = true;
        foreach (var sign in line.SkipLast(line.AsEnumerable().Reverse().TakeWhile(sign => IsBlank(sign.Value)).Count()))
        {
            if (IsBlank(sign.Value))
            {
                isBlank = true;
                if (sign.Value == '\u2028') text.Append("<br>");
                continue;
            }

            if (isBlank) text.Append(' ');
            if (sign.Voice != voice) text.Append('{').Append(sign.Voice).Append('}');
            (isBlank, voice) = (false, sign.Voice);
            text.Append(sign.Value);
        }

        if (line.Count > 0) text.Append('\n');
        line.Clear();
    }

    // No-break spaces are none: they are kept.
    private static bool IsBlank(char sign) => sign is ' ' or '\t' or '\n' or '\r' or '\f' or '\u2028';

    private readonly record struct Sign(char Value, string Voice);
}
