using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What a new block is to be.</summary>
public enum NewBlock { Article, Box, Tips, Event, Calendar }

/// <summary>
/// Changes of a content's order, as functions from one content to the next; null: there is no such part, or it cannot be done to it.
/// </summary>
internal static class ContentEdits
{
    public static IssueContent AddSection(IssueContent content, string heading) =>
        content with { Sections = [.. content.Sections, new Section { Id = DraftPart.NewId(), Heading = heading }] };

    /// <summary>At the end of the section.</summary>
    public static IssueContent? AddBlock(IssueContent content, string section, Block block) =>
        DraftPart.Find(content, section) is { Kind: PartKind.Section, Section: var s } ? WithBlocks(content, s, blocks => [.. blocks, block]) : null;

    public static IssueContent? AddAfter(IssueContent content, string part, Block block) =>
        DraftPart.Find(content, part) is { Block: >= 0 and var b, Section: var s } ? WithBlocks(content, s, blocks => Inserted(blocks, b + 1, block))
            : null;

    public static Block New(NewBlock kind) => kind switch
    {
        NewBlock.Box => new Article { Id = DraftPart.NewId(), Heading = "", Body = "", Layout = ArticleLayout.Box },
        NewBlock.Tips => new TipsPair { Id = DraftPart.NewId(), Left = Blank, Right = Blank },
        NewBlock.Event => new EventItem { Id = DraftPart.NewId(), Name = "", Start = default },
        NewBlock.Calendar => new CalendarBlock { Id = DraftPart.NewId() },
        _ => new Article { Id = DraftPart.NewId(), Heading = "", Body = "" },
    };

    private static Article Blank => new() { Heading = "", Body = "" };

    public static IssueContent? Duplicate(IssueContent content, string id) => DraftPart.Find(content, id) switch
    {
        { Value: Section section, Section: var s } => content with
        {
            Sections = Inserted(content.Sections, s + 1,
                section with { Id = DraftPart.NewId(), Blocks = [.. section.Blocks.Select(DraftPart.Copy)] }),
        },
        { Value: Block block } => AddAfter(content, id, DraftPart.Copy(block)),
        _ => null,
    };

    public static IssueContent? Remove(IssueContent content, string id) => DraftPart.Find(content, id) switch
    {
        { Kind: PartKind.Contact } => content with { Contact = null },
        { Kind: PartKind.Section, Section: var s } => content with { Sections = Without(content.Sections, s) },
        { Block: >= 0 and var b, Section: var s } => WithBlocks(content, s, blocks => Without(blocks, b)),
        _ => null,
    };

    /// <summary>Puts a part that was removed back where it stood in <paramref name="before"/>, or as near as there still is a place.</summary>
    public static IssueContent? PutBack(IssueContent content, IssueContent before, string id)
    {
        if (DraftPart.Find(content, id) is not null || content.Sections.Count == 0 && DraftPart.Find(before, id) is { Block: >= 0 }) return null;
        return DraftPart.Find(before, id) switch
        {
            { Kind: PartKind.Contact } => content with { Contact = before.Contact },
            { Value: Section section, Section: var s } =>
                content with { Sections = Inserted(content.Sections, Math.Min(s, content.Sections.Count), Absent(section, content)) },
            { Value: Block block, Section: var s, Block: var b } =>
                WithBlocks(content, SectionLike(content, before.Sections[s].Id!, s), blocks => Inserted(blocks, Math.Min(b, blocks.Count), block)),
            _ => null,
        };
    }

    /// <summary>One step. A block at the end of its section goes on into the next one.</summary>
    public static IssueContent? Move(IssueContent content, string id, int step) => DraftPart.Find(content, id) switch
    {
        { Kind: PartKind.Section, Section: var s } when s + step >= 0 && s + step < content.Sections.Count =>
            content with { Sections = Swapped(content.Sections, s, s + step) },
        { Block: >= 0 and var b, Section: var s } when b + step >= 0 && b + step < content.Sections[s].Blocks.Count =>
            WithBlocks(content, s, blocks => Swapped(blocks, b, b + step)),
        { Block: >= 0, Section: var s, Value: Block block } when s + step >= 0 && s + step < content.Sections.Count =>
            WithBlocks(Remove(content, id)!, s + step, blocks => step < 0 ? [.. blocks, block] : [block, .. blocks]),
        _ => null,
    };

    /// <summary>To the end of another section.</summary>
    public static IssueContent? MoveTo(IssueContent content, string id, string section) =>
        DraftPart.Find(content, id) is { Value: Block block } && DraftPart.Find(content, section) is { Kind: PartKind.Section }
            ? AddBlock(Remove(content, id)!, section, block)
            : null;

    /// <summary>An article or event and the one after it become a pair.</summary>
    public static IssueContent? Pair(IssueContent content, string id) =>
        DraftPart.Find(content, id) is { Section: var s, Block: >= 0 and var b } && CanPair(content, s, b)
            && content.Sections[s].Blocks is var all && (all[b], all[b + 1]) is var (left, right)
            ? WithBlocks(content, s,
                blocks => Inserted(Without(Without(blocks, b + 1), b), b, new TipsPair { Id = DraftPart.NewId(), Left = left, Right = right }))
            : null;

    /// <summary>Whether a block and the one after it may stand side by side.</summary>
    public static bool CanPair(IssueContent content, int section, int block) =>
        content.Sections[section].Blocks is var all && all[block] is Article or EventItem
            && all.ElementAtOrDefault(block + 1) is Article or EventItem;

    /// <summary>A pair becomes two blocks again.</summary>
    public static IssueContent? Split(IssueContent content, string id) =>
        DraftPart.Find(content, id) is { Value: TipsPair pair, Section: var s, Block: var b }
            ? WithBlocks(content, s,
                blocks => Inserted(Inserted(Without(blocks, b), b, Again(pair.Left, content)), b + 1, Again(pair.Right, content)))
            : null;

    /// <summary>With the part's value in its place.</summary>
    public static IssueContent Replace(IssueContent content, DraftPart part, object value) => value switch
    {
        IssueContent head => head with { Sections = content.Sections, Contact = content.Contact, Year = content.Year, Month = content.Month },
        ContactBlock contact => content with { Contact = contact },
        Section section => content with { Sections = Changed(content.Sections, part.Section, old => old with { Heading = section.Heading }) },
        _ => WithBlocks(content, part.Section, blocks => Changed(blocks, part.Block, _ => (Block)value)),
    };

    private static IssueContent WithBlocks(IssueContent content, int section, Func<IReadOnlyList<Block>, IReadOnlyList<Block>> edit) =>
        content with { Sections = Changed(content.Sections, section, old => old with { Blocks = edit(old.Blocks) }) };

    private static int SectionLike(IssueContent content, string id, int place) =>
        DraftPart.Find(content, id) is { Kind: PartKind.Section, Section: var there } ? there : Math.Min(place, content.Sections.Count - 1);

    // What was moved out of the section before it was removed stays where it is now.
    private static Section Absent(Section section, IssueContent content) =>
        section with { Blocks = [.. section.Blocks.Where(block => DraftPart.Find(content, block.Id) is null)] };

    private static Block Again(Block half, IssueContent content) =>
        half.Id is { } id && DraftPart.Find(content, id) is null ? half : half with { Id = DraftPart.NewId() };

    private static List<T> Inserted<T>(IReadOnlyList<T> list, int at, T item)
    {
        var copy = list.ToList();
        copy.Insert(at, item);
        return copy;
    }

    private static List<T> Without<T>(IReadOnlyList<T> list, int at)
    {
        var copy = list.ToList();
        copy.RemoveAt(at);
        return copy;
    }

    private static List<T> Swapped<T>(IReadOnlyList<T> list, int one, int other)
    {
        var copy = list.ToList();
        (copy[one], copy[other]) = (copy[other], copy[one]);
        return copy;
    }

    private static List<T> Changed<T>(IReadOnlyList<T> list, int at, Func<T, T> change)
    {
        var copy = list.ToList();
        copy[at] = change(copy[at]);
        return copy;
    }
}
