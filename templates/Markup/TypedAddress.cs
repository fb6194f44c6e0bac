using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Templates.Markup;

/// <summary>Addresses as people write them, where they have one reading. The browser's editor reads the same (src/editor/address.js).</summary>
public static partial class TypedAddress
{
    /// <summary>
    /// "www.example.org", "anna@example.org", "0999-123 45" and "https://example.org/min fil.pdf" as what may be linked to.
    /// </summary>
    /// <returns>Null: nobody can tell where it leads.</returns>
    public static string? Mend(string typed)
    {
        var text = typed.Trim();
        if (LinkTarget.IsAllowed(text)) return text;
        if (Mailbox().IsMatch(text)) return "mailto:" + text;
        if (NumberIn(text) is { } number) return LinkTarget.Phone(number);
        var closed = Closed(text);
        if (LinkTarget.IsAllowed(closed)) return closed;
        var web = "https://" + closed;
        return Host().IsMatch(closed) && !File().IsMatch(closed) && LinkTarget.IsAllowed(web) ? web : null;
    }

    /// <summary>Bare addresses in a text, without the full stop that ends their sentence.</summary>
    public static IEnumerable<(int At, string Words, string Url)> In(string text)
    {
        foreach (Match match in Bare().Matches(text))
        {
            var words = Unpunctuated(match.Value);
            // "t.ex." is no address: only what begins as nothing else does is one.
            if (Beginning().IsMatch(words) && Mend(words) is { } url) yield return (match.Index, words, url);
        }
    }

    private static string? NumberIn(string text) =>
        text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) && AnyNumber().IsMatch(text["tel:".Length..]) ? text["tel:".Length..]
        : Number().IsMatch(text) ? text
        : null;

    // A blank in a host is no slip of the hand, and is left.
    private static string Closed(string text)
    {
        if (MailTo().Match(text) is { Success: true } mail) return $"mailto:{mail.Groups["to"]}{Coded(mail.Groups["query"].Value)}";
        return Web().Match(text) is { Success: true } web ? web.Groups["host"] + Coded(web.Groups["rest"].Value) : text;
    }

    private static string Coded(string text) => Blank().Replace(text, "%20");

    private static string Unpunctuated(string words)
    {
        var (end, unopened) = (words.Length, words.Count(sign => sign == ')') - words.Count(sign => sign == '('));
        while (end > 0 && (".,;:!?'’*_".Contains(words[end - 1], StringComparison.Ordinal) || (words[end - 1] == ')' && unopened-- > 0))) end--;
        return words[..end];
    }

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"^[^\s@,;:<>()""/\\]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$", Plain)]
    private static partial Regex Mailbox();

    [GeneratedRegex(@"^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}([/?#:]\S*)?$", Plain)]
    private static partial Regex Host();

    // "protokoll.pdf" is a file of somebody's, not a place of that name.
    [GeneratedRegex(@"^[^/?#:]*\.(docx?|xlsx?|pptx?|od[tsp]|pdf|rtf|txt|csv|ics|zip|html?|jpe?g|png|gif|svg|webp)$", Plain)]
    private static partial Regex File();

    [GeneratedRegex("^\\+?[0-9][0-9 ()\u00a0–-]{5,}[0-9]$", Plain)]
    private static partial Regex AnyNumber();

    // "2026-11-30" is none.
    [GeneratedRegex("^(\\+[0-9]|0)[0-9 ()\u00a0–-]{5,}[0-9]$", Plain)]
    private static partial Regex Number();

    [GeneratedRegex(@"^mailto:\s*(?<to>[^\s?]+)\s*(?<query>\?.*)?$", Plain | RegexOptions.Singleline)]
    private static partial Regex MailTo();

    [GeneratedRegex(@"^(?<host>(https?://)?[^\s/?#]+)(?<rest>[/?#].*)$", Plain | RegexOptions.Singleline)]
    private static partial Regex Web();

    [GeneratedRegex("[ \t\u00a0]")]
    private static partial Regex Blank();

    [GeneratedRegex(@"^(https?://|www\.|mailto:|[^@/]+@)", Plain)]
    private static partial Regex Beginning();

    // A mailbox begins where its word does: to look from each of its letters anew would take a long word's length squared.
    [GeneratedRegex(
        """(?<![\p{L}\p{N}])(?:https?://|www\.)[^\s<>"”“]+|(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+""", Plain)]
    private static partial Regex Bare();
}
