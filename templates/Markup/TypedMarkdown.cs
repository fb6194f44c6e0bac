using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>
/// Markdown as people type it, with what they meant put so that its readers see it. The browser's editor does the same
/// (src/editor/markdown/typed.js).
/// </summary>
internal static partial class TypedMarkdown
{
    public static string Meant(string markdown)
    {
        var closed = LinkWithBlank().Replace(markdown, link => TypedAddress.Mend(link.Groups["url"].Value) is { } url
            ? $"[{link.Groups["words"]}](<{url}>)"
            : link.Value);
        var whole = Address().Replace(closed, address => SignInAddress().Replace(address.Value, @"\$&"));
        return Product().Replace(whole, product => product.Value.Replace("*", @"\*", StringComparison.Ordinal));
    }

    // [Words](https://example.org/min fil.pdf): the first blank is found once, however many follow.
    [GeneratedRegex(
        """(?<!\\)\[(?<words>(?:\\.|[^\[\]\\\n])+)\]\((?<url>[^()<>"\n \t\u00a0]*[ \t\u00a0][^()<>"\n]*)\)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex LinkWithBlank();

    [GeneratedRegex("""(?:https?://|www\.)[^\s<>"”“\])]+""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    // https://example.org/_layouts_/a
    [GeneratedRegex(@"(?<=[\p{L}\p{N}/=&?.-])[*_](?=[\p{L}\p{N}/=&?.%-])", RegexOptions.CultureInvariant)]
    private static partial Regex SignInAddress();

    // 5*3*2
    [GeneratedRegex(@"(?<![\p{L}\p{N}*_\\])[0-9]+(?:\*[0-9]+)+(?![\p{L}\p{N}*_])", RegexOptions.CultureInvariant)]
    private static partial Regex Product();
}
