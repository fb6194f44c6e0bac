using System.Security.Cryptography;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>
/// Goes through a page in the order in which it is read. Its highest headings become sections, those below them articles; tables that were there for
/// the look fall apart into what stands in them.
/// </summary>
internal sealed class PageReading
{
    // Between the highest and the lowest: a line that is a heading by its look alone.
    private const int BoldLevel = 7;
    private const int LongestHeading = 200;

    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "script", "style", "head", "template", "noscript", "svg", "math", "object", "embed", "iframe", "form", "input", "select", "textarea",
        "button", "audio", "video", "canvas", "map",
    };

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "center", "table", "tbody", "thead", "tfoot", "tr", "td", "th",
        "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "figure", "figcaption", "pre", "address", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "body",
    };

    private readonly string title;
    private readonly Func<string, byte[]?> part;
    private readonly Dictionary<string, byte[]> pictures = new(StringComparer.Ordinal);
    private readonly List<Found> found = [];
    private readonly PhrasingText phrase = new();

    /// <param name="title">A heading that only says it again is left out.</param>
    /// <param name="part">A picture that lies in the mail itself, by its <c>cid:</c>.</param>
    public PageReading(IHtmlDocument page, string title, Func<string, byte[]?> part)
    {
        (this.title, this.part) = (title, part);
        if (page.Body is { } body) Walk(body, "");
        EndParagraph("");
        Sections = Arrange();
    }

    public IReadOnlyList<Section> Sections { get; }

    /// <summary>As they lie in the file, by the name that <see cref="Sections"/> call them.</summary>
    public IReadOnlyDictionary<string, byte[]> Pictures => pictures;

    public int PicturesLeftOut { get; private set; }

    /// <summary>The first paragraph as plain text.</summary>
    public string FirstWords { get; private set; } = "";

    private void Walk(INode node, string before)
    {
        foreach (var child in node.ChildNodes)
        {
            switch (child)
            {
                case IText text: phrase.Text(text.Data); break;
                case IElement element when !IsLeftOut(element): Element(element, before); break;
            }
        }
    }

    private void Element(IElement element, string before)
    {
        switch (element.LocalName)
        {
            case "br": phrase.Break(); break;
            case "img": Picture((IHtmlImageElement)element, before); break;
            case "a": phrase.Link(element.GetAttribute("href") ?? "", () => Walk(element, before)); break;
            case "b" or "strong": phrase.Marked("**", () => Walk(element, before)); break;
            case "i" or "em": phrase.Marked("*", () => Walk(element, before)); break;
            case "li": Within(element, before, before + (element.ParentElement?.LocalName == "ol" ? "1. " : "- ")); break;
            case "blockquote": Within(element, before, before + "> "); break;
            case ['h', >= '1' and <= '6'] heading: Heading(element, heading[1] - '0', before); break;
            case var name when Blocks.Contains(name): Within(element, before, before); break;
            default: Walk(element, before); break;
        }
    }

    private void Within(IElement element, string outside, string inside)
    {
        EndParagraph(outside);
        Walk(element, inside);
        EndParagraph(inside);
    }

    private void Heading(IElement element, int level, string before)
    {
        EndParagraph(before);
        // A picture in a heading is one beside it.
        foreach (var picture in element.QuerySelectorAll<IHtmlImageElement>("img")) Picture(picture, before);
        var text = UnicodeText.Truncate(UnicodeText.Line(element.TextContent), LongestHeading);
        if (text.Length > 0 && !(level == 1 && text == title)) found.Add(new(level, text, null));
    }

    private void EndParagraph(string before)
    {
        var (markdown, plain, isBold, isFarewell) = phrase.Take();
        if (plain.Length == 0 || isFarewell) return;
        if (isBold && before.Length == 0 && plain.Length <= 80 && plain[^1] is not ('.' or ':' or ',' or '!'))
        {
            if (plain != title) found.Add(new(BoldLevel, plain, null));
            return;
        }

        if (FirstWords.Length == 0) FirstWords = plain;
        // Of a list or quote the lines that follow are further in.
        var rest = string.Concat(before.Select(sign => sign == '>' ? '>' : ' '));
        found.Add(new(null, before + markdown.Replace("\n", "\n" + rest, StringComparison.Ordinal), null, before));
    }

    private void Picture(IHtmlImageElement element, string before)
    {
        // What measures who reads, or only holds a distance.
        if (Pixels(element, "width") is <= 2 || Pixels(element, "height") is <= 2) return;
        if (Octets(element.GetAttribute("src") ?? "") is not { } octets || PictureFile.Read(octets).Picture is not { } file)
        {
            PicturesLeftOut++;
            return;
        }

        EndParagraph(before);
        var name = Convert.ToHexStringLower(SHA256.HashData(octets));
        pictures[name] = octets;
        var alt = UnicodeText.Line(element.GetAttribute("alt") ?? "");
        found.Add(new(null, "", new() { MediaId = name, Alt = alt, Decorative = alt.Length == 0, Width = file.Width, Height = file.Height }));
    }

    private byte[]? Octets(string address)
    {
        if (address.StartsWith("cid:", StringComparison.OrdinalIgnoreCase)) return part(Uri.UnescapeDataString(address[4..]));
        const string inside = ";base64,";
        var at = address.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
            ? address.IndexOf(inside, StringComparison.OrdinalIgnoreCase) : -1;
        if (at < 0) return null;
        var text = address.AsSpan(at + inside.Length);
        var octets = new byte[(text.Length / 4 + 1) * 3];
        return Convert.TryFromBase64Chars(text, octets, out var length) ? octets.AsSpan(0, length).ToArray() : null;
    }

    private static int? Pixels(IElement element, string name) =>
        int.TryParse(element.GetAttribute(name), System.Globalization.CultureInfo.InvariantCulture, out var pixels) ? pixels : null;

    private static bool IsLeftOut(IElement element) =>
        Left.Contains(element.LocalName) || element.HasAttribute("hidden")
        || element.GetAttribute("style")?.Replace(" ", "", StringComparison.Ordinal)
            .Contains("display:none", StringComparison.OrdinalIgnoreCase) is true;

    private List<Section> Arrange()
    {
        var levels = found.Where(one => one.Level is not null).Select(one => one.Level!.Value).Distinct().Order().ToList();
        // With one kind of headings they are articles; what stands before the first has none.
        var top = levels.Count > 1 ? levels[0] : 0;
        var sections = new List<Section>();
        var (section, article, text, shown) = ("", "", new List<Found>(), new List<Picture>());
        var blocks = new List<Block>();
        foreach (var one in found)
        {
            if (one.Picture is { } picture) shown.Add(picture);
            else if (one.Level is null) text.Add(one);
            else
            {
                EndArticle();
                article = one.Text;
                if (one.Level != top) continue;
                EndSection();
                (section, article) = (one.Text, "");
            }
        }

        EndArticle();
        EndSection();
        return sections;

        void EndArticle()
        {
            if (text.Count > 0 || shown.Count > 0 || article.Length > 0)
                blocks.Add(new Article { Heading = article, Body = Joined(text), Pictures = [.. shown] });
            (article, text, shown) = ("", [], []);
        }

        void EndSection()
        {
            if (blocks.Count > 0) sections.Add(new() { Heading = section, Blocks = [.. blocks] });
            else if (section.Length > 0) sections.Add(new() { Heading = section, Blocks = [new Article { Heading = "", Body = "" }] });
            (section, blocks) = ("", []);
        }
    }

    // Lines of one list follow each other; all else stands apart.
    private static string Joined(List<Found> text) => string.Concat(text.Select((one, n) =>
        (n == 0 ? "" : IsListed(one) && one.Before == text[n - 1].Before ? "\n" : "\n\n") + one.Text));

    private static bool IsListed(Found one) => one.Before.Length > 0 && !one.Before.EndsWith("> ", StringComparison.Ordinal);

    /// <param name="Level">Of a heading; null: it is none.</param>
    /// <param name="Text">Markdown; of a heading, plain.</param>
    private sealed record Found(int? Level, string Text, Picture? Picture, string Before = "");
}
