using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Text that readers had in the issue before, as is left when one began with a copy.</summary>
public static class RepeatChecks
{
    /// <summary>Characters of a paragraph. Shorter ones recur by themselves: "Välkommen att höra av dig till kansliet."</summary>
    public const int ShortestParagraph = 120;

    /// <param name="earlier">The issues before, newest first. What stood in both is a text that recurs each month, and is meant to.</param>
    public static IEnumerable<IssueFlaw> Find(IssueContent content, IReadOnlyList<IssueContent> earlier)
    {
        if (earlier.Count == 0) return [];
        var last = Paragraphs(earlier[0]);
        if (earlier.Count > 1) last.ExceptWith(Paragraphs(earlier[1]));
        return ContentPlaces.Bodies(content).SelectMany(body => Long(body.Markdown)
            .Where(text => last.Contains(PlainText.Key(text)))
            .Select(text => IssueFlaw.Warn(body.Place, "TextRepeats", IssueFlaw.Begin(text), new MonthOfIssue(earlier[0].Year, earlier[0].Month))));
    }

    private static HashSet<string> Paragraphs(IssueContent content) =>
        ContentPlaces.Bodies(content).SelectMany(body => Long(body.Markdown)).Select(PlainText.Key).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Long(string markdown) =>
        BodyText.Blocks(markdown).Select(block => block.Text).Where(text => text.Length >= ShortestParagraph);
}

/// <summary>A fact of a flaw, told as "november 2026".</summary>
public sealed record MonthOfIssue(int Year, int Month);
