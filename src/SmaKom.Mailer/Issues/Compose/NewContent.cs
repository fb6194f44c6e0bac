using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What a new issue begins as.</summary>
public enum NewIssueFrom
{
    /// <summary>The association's usual sections, empty.</summary>
    Skeleton,
    /// <summary>The last one's sections, contact and recurring texts; its articles emptied.</summary>
    Last,
    /// <summary>All of another one.</summary>
    Copy,
}

/// <summary>The content that a new issue begins with.</summary>
internal static class NewContent
{
    /// <param name="last">Its contact is kept; null: there is none.</param>
    public static IssueContent FromSkeleton(IReadOnlyList<string> headings, IssueContent? last) => new()
    {
        Year = 0,
        Month = 0,
        Subject = "",
        Preheader = "",
        Language = last?.Language ?? "sv",
        Sections = [.. headings.Select(heading => new Section { Id = DraftPart.NewId(), Heading = heading })],
        Contact = last?.Contact,
    };

    /// <summary>
    /// The same order with nothing in it: each article keeps its layout and who signs it, events that have passed go. A text that stood word for word
    /// in the issue before, too, is one that recurs, and stays.
    /// </summary>
    /// <param name="before">The one before <paramref name="last"/>; null: there is none.</param>
    /// <param name="today">In the site's zone.</param>
    public static IssueContent LikeLast(IssueContent last, IssueContent? before, DateOnly today)
    {
        var recurring = (before?.Articles() ?? []).Select(article => (article.Heading, article.Body)).ToHashSet();
        return last with
        {
            Subject = "",
            Preheader = "",
            LeadPicture = null,
            Sections = [.. last.Sections.Select(section =>
                section with { Id = DraftPart.NewId(),
                    Blocks = [.. section.Blocks.Select(block => Emptied(block, recurring, today)).OfType<Block>()] })],
        };
    }

    private static Block? Emptied(Block block, HashSet<(string, string)> recurring, DateOnly today) => block switch
    {
        Article article => Emptied(article, recurring) with { Id = DraftPart.NewId() },
        TipsPair pair => pair with { Id = DraftPart.NewId(), Left = Emptied(pair.Left, recurring), Right = Emptied(pair.Right, recurring) },
        EventItem item => (item.End ?? item.Start) >= today ? item with { Id = DraftPart.NewId() } : null,
        _ => null,
    };

    private static Article Emptied(Article article, HashSet<(string, string)> recurring) =>
        article.Body.Length > 0 && recurring.Contains((article.Heading, article.Body))
            ? article
            : new() { Heading = "", Body = "", Layout = article.Layout, Signature = article.Signature };
}
