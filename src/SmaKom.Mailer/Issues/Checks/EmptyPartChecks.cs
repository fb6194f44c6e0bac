using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What the letter leaves out, since nothing is in it (<see cref="IssueContent.WithoutEmptyParts"/>).</summary>
internal static class EmptyPartChecks
{
    public static IEnumerable<IssueFlaw> Find(IssueContent content) =>
    [
        .. content.Sections.Index().Where(at => at.Item.Blocks.Count == 0).Select(at => IssueFlaw.Warn($"sections[{at.Index}].blocks", "SectionEmpty")),
        .. content.Sections.Index().Where(at => at.Item is { HasHeading: false, Blocks.Count: > 0 })
            .Select(at => IssueFlaw.Warn($"sections[{at.Index}].heading", "SectionWithoutHeading")),
        .. ContentPlaces.Blocks(content).Select(at => at.Block is TipsPair { Only: { } only } pair
            ? ReferenceEquals(only, pair.Left) ? Empty($"{at.Place}.right", pair.Right) : Empty($"{at.Place}.left", pair.Left)
            : null).OfType<IssueFlaw>(),
    ];

    private static IssueFlaw Empty(string place, Block half) => IssueFlaw.Warn($"{place}.{(half is EventItem ? "name" : "heading")}", "PairHalf");
}
