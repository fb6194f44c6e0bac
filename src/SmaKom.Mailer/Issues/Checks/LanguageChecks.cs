using System.Text.RegularExpressions;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>How easily a text is read.</summary>
internal static partial class LanguageChecks
{
    /// <summary>Words. A screen of a telephone and a half; the style guides of Swedish authorities ask for far shorter ones.</summary>
    public const int LongestParagraph = 120;

    /// <summary>LIX (Björnsson, Läsbarhet, 1968): 40 to 50 is a newspaper, 50 to 60 the language of authorities, above that research.</summary>
    public const int HardestLix = 55;

    /// <summary>Words. A figure of fewer says little.</summary>
    public const int ShortestForLix = 100;

    /// <summary>Letters. A word of more is a long one to LIX.</summary>
    private const int LongWord = 6;

    public static IEnumerable<IssueFlaw> Find(IssueContent content) => ContentPlaces.Bodies(content).SelectMany(body =>
    {
        var blocks = BodyText.Blocks(body.Markdown);
        return blocks.Where(block => Words(block.Text) > LongestParagraph)
            .Select(block => IssueFlaw.Warn(body.Place, "ParagraphLong", IssueFlaw.Begin(block.Text), Words(block.Text), LongestParagraph))
            .Concat(Lix(blocks) is > HardestLix and var lix ? [IssueFlaw.Warn(body.Place, "LixHigh", lix, HardestLix)] : []);
    });

    /// <summary>Words / sentences + 100 × long words / words, rounded; 0 of a short text.</summary>
    public static int Lix(IReadOnlyList<BodyBlock> blocks)
    {
        var words = blocks.SelectMany(block => Word().Matches(block.Text)).Select(match => match.Value).ToList();
        // A heading or a line of a list without a full stop is a sentence, too.
        var sentences = blocks.Where(block => Word().IsMatch(block.Text)).Sum(block => Math.Max(1, Sentence().Count(block.Text)));
        return words.Count < ShortestForLix ? 0
            : (int)Math.Round((double)words.Count / sentences + 100.0 * words.Count(word => word.Count(char.IsLetter) > LongWord) / words.Count);
    }

    private static int Words(string text) => Word().Count(text);

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:[-’':.][\p{L}\p{N}]+)*")]
    private static partial Regex Word();

    // What ends before a capital or with the text: "bl.a. om" goes on.
    [GeneratedRegex(@"[.!?…]+[”""»)]*(?=\s+[\p{Lu}\p{N}”""»–]|\s*$)|(?<=[^.!?…”""»)\s])\s*$")]
    private static partial Regex Sentence();
}
