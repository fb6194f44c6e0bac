using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Templates.Text;

/// <summary>
/// Lines of at most 72 columns. Only ASCII spaces break: an address, a slot or "10 000 kr" with its no-break space
/// is one word, and a word that is longer than the column stands on a line of its own, whole.
/// </summary>
internal sealed class TextColumn
{
    public const int Width = 72;

    private readonly StringBuilder _text = new();
    private int _gap;

    /// <summary>Empty lines before whatever comes next; of several calls the largest counts.</summary>
    public void Gap(int lines = 1) => _gap = _text.Length > 0 ? Math.Max(_gap, lines) : 0;

    /// <summary>As it is, never wrapped.</summary>
    public void Line(string line)
    {
        _text.Append('\n', _gap);
        _gap = 0;
        _text.Append(line.TrimEnd(' ')).Append('\n');
    }

    /// <summary>A line across. Quoted-printable writes "=" as three octets, so no rule is made of it.</summary>
    public void Rule() => Line(new string('_', Width));

    /// <summary>Wraps; "\n" in the text is a break that the author made.</summary>
    /// <param name="text">Words.</param>
    /// <param name="first">Before the first line, e.g. "- ".</param>
    /// <param name="rest">Before the others, e.g. two spaces.</param>
    public void Paragraph(string text, string first = "", string rest = "")
    {
        var prefix = first;
        foreach (var part in text.Split('\n'))
        {
            foreach (var line in Wrap(part, Width - Columns(rest)))
            {
                Line(prefix + line);
                prefix = rest;
            }
        }
    }

    /// <summary>A heading, underlined as far as its longest line.</summary>
    public void Heading(string heading)
    {
        var lines = Wrap(heading, Width).ToList();
        foreach (var line in lines) Line(line);
        Line(new string('-', Math.Min(Width, lines.Max(Columns))));
    }

    public override string ToString() => _text.ToString();

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && Columns(line) + 1 + Columns(word) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        if (line.Length > 0) yield return line;
    }

    // å may be written as a with a ring: one column all the same.
    private static int Columns(string text) => new StringInfo(text).LengthInTextElements;
}
