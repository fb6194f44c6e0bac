using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What the letter leaves out, since nothing is in it (<see cref="IssueContent.WithoutEmptyParts"/>).</summary>
internal static class EmptyPartChecks
{
    public static IEnumerable<IssueFlaw> Find(IssueContent content) => content.Sections.SelectMany((section, s) => section.Blocks.Count == 0
        ? [IssueFlaw.Warn($"sections[{s}].blocks", "SectionEmpty")]
        : section.Blocks.Select((block, b) => block is TipsPair { Only: { } only } pair
            ? IssueFlaw.Warn($"sections[{s}].blocks[{b}].{(only == pair.Left ? "right" : "left")}.heading", "PairHalf")
            : null).OfType<IssueFlaw>());
}
