using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What the letter leaves out, since nothing is in it (<see cref="IssueContent.WithoutEmptyParts"/>).</summary>
internal static class EmptyPartChecks
{
    public static IEnumerable<IssueFlaw> Find(IssueContent content) =>
    [
        .. content.Sections.Index().Where(at => at.Item.Blocks.Count == 0).Select(at => IssueFlaw.Warn($"sections[{at.Index}].blocks", "SectionEmpty")),
        .. ContentPlaces.Blocks(content).Select(at => at.Block is TipsPair { Only: { } only } pair
            ? IssueFlaw.Warn($"{at.Place}.{(only == pair.Left ? "right" : "left")}.heading", "PairHalf")
            : null).OfType<IssueFlaw>(),
    ];
}
