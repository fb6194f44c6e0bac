using System.Text;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>One paragraph on its way from HTML to our Markdown: text, links, bold and italic. Whatever else was there is its text.</summary>
internal sealed partial class PhrasingText
{
    private readonly StringBuilder markdown = new();
    private readonly StringBuilder plain = new();
    private readonly List<OpenMark> open = [];
    private string mark = "";
    private bool inLink;
    private int bold;
    private bool isFarewell;
    private int taken;

    public void Text(string text)
    {
        var words = Address().Replace(Blank().Replace(text, " "), address => Untracked(address.Value));
        if (words.Length == 0) return;
        if (plain.Length == 0 || plain[^1] is ' ' or '\n') words = words.TrimStart(' ');
        plain.Append(words);
        if (mark == "**") bold += words.Count(c => !char.IsWhiteSpace(c));
        markdown.Append(Sign().Replace(words, @"\$&"));
    }

    public void Break()
    {
        if (plain.Length == 0) return;
        plain.Append('\n');
        // Not within marks: they would stand open at the line's end.
        markdown.Append(mark.Length == 0 && !inLink ? "\\\n" : " ");
    }

    /// <param name="with">"**" or "*"; one inside the other is the outer one.</param>
    public void Marked(string with, Action content)
    {
        if (mark.Length > 0)
        {
            content();
            return;
        }

        mark = with;
        Around(content, words => with + words + with);
        mark = "";
    }

    public void Link(string address, Action content)
    {
        var target = Untracked(address.Trim());
        if (inLink || !LinkTarget.IsAllowed(target))
        {
            content();
            return;
        }

        inLink = true;
        var (before, paragraph) = (plain.Length, taken);
        Around(content, words => $"[{words}](<{target}>)");
        inLink = false;
        isFarewell |= Farewell().IsMatch(address) || Farewell().IsMatch(plain.ToString()[(paragraph == taken ? before : 0)..]);
    }

    /// <summary>The paragraph, and begins another.</summary>
    public (string Markdown, string Plain, bool IsBold, bool IsFarewell) Take()
    {
        // A block or a picture within a link ends the paragraph, and the link goes on in the next.
        foreach (var around in Enumerable.Reverse(open))
        {
            Close(around);
            around.From = 0;
        }

        var words = UnicodeText.Line(plain.ToString());
        var text = LineStart().Replace(Breaks().Replace(markdown.ToString(), "").Trim(), @"$1\$2");
        // Of whoever reads the archive nobody is to open what is one reader's, also where its address stands bare.
        isFarewell |= words.Contains("://", StringComparison.Ordinal) && Farewell().IsMatch(words);
        var paragraph = (text, words, bold > 0 && bold == words.Count(c => !char.IsWhiteSpace(c)), isFarewell);
        markdown.Clear();
        plain.Clear();
        (bold, isFarewell) = (0, false);
        taken++;
        return paragraph;
    }

    private void Around(Action content, Func<string, string> marked)
    {
        var around = new OpenMark(markdown.Length, marked);
        open.Add(around);
        content();
        open.Remove(around);
        Close(around);
    }

    // Blanks stand outside of what is marked (CommonMark 6.2); what is empty is not marked at all.
    private void Close(OpenMark around)
    {
        var words = markdown.ToString(around.From, markdown.Length - around.From);
        var trimmed = words.Trim();
        if (trimmed.Length == 0) return;
        markdown.Length = around.From;
        var lead = words.Length - words.TrimStart().Length;
        markdown.Append(words, 0, lead).Append(around.Marked(trimmed)).Append(words.AsSpan(lead + trimmed.Length));
    }

    // Who followed a link is nobody's business, least of all that of everybody who reads the archive.
    private static string Untracked(string address) =>
        Tracking().Replace(address, "").Replace("?#", "#", StringComparison.Ordinal).Replace("&#", "#", StringComparison.Ordinal).TrimEnd('?', '&');

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    // Blanks, and what is no character to be shown.
    [GeneratedRegex(@"[\p{Cc} \u200b\ufeff\ufffe\uffff]+", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();

    [GeneratedRegex(@"[\\*_\[\]<>`]", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    // What would begin a list, a heading or a quote.
    [GeneratedRegex(@"^( *(?:\d{1,9}(?=[.)])|))([#+>.)-])", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LineStart();

    [GeneratedRegex(@"(?:\\\n|\s)+$", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();

    [GeneratedRegex(
        @"unsubscri|avregistrer|avprenumerer|avsluta (?:din )?prenumeration|opt-?out|uppdatera (?:dina )?(?:inställningar|uppgifter)|"
        + @"update (?:your )?preferences|/profile\?|i (?:din )?webbläsare|in (?:your )?browser|/(?:avsluta|uppgifter|brev)/[\w-]{20,}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Farewell();

    [GeneratedRegex(@"(?<=[?&])(?:utm_\w+|mc_\w+|_hs\w+|e|email|epost|uid|subscriber|token)=[^&#]*(?:&|(?=#)|$)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Tracking();

    private sealed class OpenMark(int from, Func<string, string> marked)
    {
        public int From { get; set; } = from;
        public Func<string, string> Marked { get; } = marked;
    }
}
