using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>
/// Texts as people and other programs write Markdown: every sign for a list, bold by stars and underscores, headings of six levels, breaks by
/// blanks and backslashes, references, escapes, lists with and without air, nested. What the editor makes one of on purpose (bold italic, two
/// lists of a kind in a row, empty blocks) is left out.
/// </summary>
/// <param name="random">Seeded: a test that fails does so again.</param>
internal sealed class RandomMarkdown(Random random)
{
    private static readonly string[] Words =
    [
        "ord", "Åsa", "kommunen", "10\u00a0000\u00a0kr", "2026", "möte", "x", "é", "3.5", "a_b", "snake_case_ord", "2\\*3", "R&D", "&amp;",
        "&lt;b&gt;", "&copy;", "&ouml;", "<b>fet</b>", "`kod`", "~~~", "```", "#hash", "C#", "50 %", "5 < 6", "ja!", "nej?", "”sagt”", "\"sagt\"",
        "(inom)", "slut.", "ett,", "två;", "–", "-", "+", "=", "===", "...", "😀", "🇸🇪", "\\*", "\\_", "\\[x\\]", "\\#", "\\\\", "[x]", "[ ]", "]",
        "[", "!", "a\\.b", "1\\.", "www.example.org", "https://example.org/a_b_c?x=1&y=2", "anna@example.org", "_", "*", "**", "__", "|", "$1", "^",
        "&", "&nbsp", "&#39;", "§", "€", "½",
    ];

    private static readonly string[] Plain =
    [
        "ord", "Åsa", "kommunen", "2026", "möte", "två ord", "tre små ord", "é", "a_b", "R&D", "C#", "ja!", "”sagt”", "slut.",
    ];

    private static readonly string[] Letters = ["ord", "Åsa", "é", "2026", "x"];

    private static readonly string[] Targets =
    [
        "https://example.org", "https://example.org/a_b(c)?x=1&copy=2", "mailto:anna@example.org", "tel:+46999123", "<https://example.org/a*b>",
        "http://example.org \"Titel\"", "https://example.org/å", "https://example.org/?q=%C3%A5&amp;b=1#del",
    ];

    private int references;

    public string Text()
    {
        references = 0;
        var text = Blocks(0, random.Next(1, 6));
        for (var i = 0; i < references; i++) text += $"\n\n[ref{i}]: https://example.org/{i}";
        return text;
    }

    private string Blocks(int depth, int count)
    {
        var blocks = new StringBuilder();
        var last = -1;
        for (var i = 0; i < count; i++)
        {
            var kind = Kind(depth, last);
            if (i > 0) blocks.Append("\n\n").Append('\n', random.Next(8) == 0 ? 1 : 0);
            blocks.Append(Block(kind, depth));
            last = kind;
        }

        return blocks.ToString();
    }

    // 0–3: paragraph, 4: heading, 5: quote, 6: bullets, 7: numbers; never two lists of a kind in a row.
    private int Kind(int depth, int last)
    {
        int kind;
        do kind = random.Next(depth < 3 ? 8 : 5);
        while (kind >= 6 && kind == last);
        return kind;
    }

    private string Block(int kind, int depth) => kind switch
    {
        4 => $"{new string('#', random.Next(1, 7))} {Line(false)}{(random.Next(4) == 0 ? " ##" : "")}",
        5 => Prefixed(Blocks(depth + 1, random.Next(1, 3)), "> ", "> "),
        6 => Items(depth, Pick("-", "*", "+"), 0),
        7 => Items(depth, Pick(".", ")"), random.Next(3) == 0 ? random.Next(0, 120) : 1),
        _ => Paragraph(),
    };

    private string Items(int depth, string sign, int start)
    {
        var isLoose = random.Next(3) == 0;
        var isOrdered = sign is "." or ")";
        var items = Enumerable.Range(0, random.Next(1, 5)).Select(i =>
        {
            var marker = (isOrdered ? (start + i).ToString(CultureInfo.InvariantCulture) : "") + sign + " ";
            return Prefixed(Item(depth, isLoose), marker, new string(' ', marker.Length));
        });
        return string.Join(isLoose ? "\n\n" : "\n", items);
    }

    private string Item(int depth, bool isLoose)
    {
        var text = random.Next(12) == 0 ? $"### {Line(false)}" : Line(true);
        if (isLoose && random.Next(3) == 0) text += "\n\n" + Blocks(depth + 1, 1);
        else if (depth < 2 && random.Next(4) == 0) text += (isLoose ? "\n\n" : "\n") + Items(depth + 1, Pick("-", "*", "+", ".", ")"), 1);
        return text;
    }

    private static string Prefixed(string text, string first, string next)
    {
        var lines = text.Split('\n');
        return string.Join('\n', lines.Select((line, i) => i == 0 ? first + line : line == "" ? next.TrimEnd() : next + line));
    }

    private string Paragraph() =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(i => (i == 0 ? "" : Pick("\n", "  \n", "\\\n", "   \n")) + Line(true)));

    // The first word of a line is one that begins nothing but a text.
    private string Line(bool canBegin)
    {
        var line = new StringBuilder(canBegin && random.Next(3) > 0 ? Piece(Pick(Plain)) : Pick(Plain));
        for (var count = random.Next(7); count > 0; count--)
            line.Append(random.Next(20) == 0 ? "  " : " ").Append(Piece(Pick(random.Next(2) == 0 ? Plain : Words)));
        return line.Append(" ord").ToString();
    }

    private string Piece(string word) => random.Next(12) switch
    {
        0 => $"**{Pick(Plain)}**",
        1 => $"*{Pick(Plain)}*",
        2 => Around(Pick(Plain), Pick("__", "_")),
        3 => $"[{Inner()}]({Pick(Targets)})",
        4 => $"[{Pick(Plain)}]({Pick("javascript:alert(1)", "/relativ", "ftp://example.org")})",
        5 when random.Next(3) == 0 => $"[{Pick(Plain)}][ref{references++}]",
        6 when random.Next(3) == 0 => $"**{Pick("a", "å")}** och **[{Pick(Plain)}]({Targets[0]}) mer**",
        // Within a word only stars can stand.
        7 => $"{Pick(Letters)}{Around(Pick(Letters), Pick("**", "*"))}{Pick(Letters)}",
        8 => $"{Pick(Letters)}[{Pick(Letters)}]({Pick(Targets)}){Pick(Letters)}",
        9 => $"”{Around(Pick(Plain), Pick("**", "*"))}”, ({Around(Pick(Plain), Pick("**", "*"))})",
        _ => word,
    };

    private static string Around(string words, string sign) => $"{sign}{words}{sign}";

    private string Inner() => random.Next(4) switch
    {
        0 => $"**{Pick(Plain)}**",
        1 => $"{Pick(Plain)} *{Pick(Plain)}*",
        _ => Pick(Plain),
    };

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
