using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>
/// Subheadings within a text. Their level is set by the letter (one below the article's heading, whatever was typed), so what can go wrong
/// is that one stands over nothing, or is none but looks like one (WCAG 2.2, 1.3.1).
/// </summary>
internal static class HeadingChecks
{
    /// <summary>Characters. A bold paragraph that is longer is a text that somebody shouts.</summary>
    private const int LongestHeading = 80;

    public static IEnumerable<IssueFlaw> Find(IssueContent content) => ContentPlaces.Bodies(content).SelectMany(body =>
    {
        var blocks = BodyText.Blocks(body.Markdown);
        return blocks.Select((block, i) => (block, Next: blocks.ElementAtOrDefault(i + 1))).Select(at => at switch
        {
            { block.IsHeading: true, Next: null or { IsHeading: true } } =>
                IssueFlaw.Warn(body.Place, "HeadingAlone", IssueFlaw.Begin(at.block.Text)),
            { block: { IsHeading: false, IsBold: true, Text.Length: <= LongestHeading }, Next.IsHeading: false } when !at.block.Text.EndsWith('.') =>
                IssueFlaw.Warn(body.Place, "HeadingInBold", IssueFlaw.Begin(at.block.Text)),
            _ => null,
        }).OfType<IssueFlaw>();
    });
}
