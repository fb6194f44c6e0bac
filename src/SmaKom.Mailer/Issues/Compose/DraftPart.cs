using System.Security.Cryptography;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What a part of an issue is; each is written in a form of its own.</summary>
public enum PartKind { Head, Section, Article, Tips, Event, Calendar, Contact }

/// <summary>A part of a draft, with a version of its own.</summary>
/// <param name="Id">Unique in the issue.</param>
/// <param name="Value">What the content holds: <see cref="IssueContent"/> of the head, else <see cref="Section"/>, <see cref="Block"/> or
/// <see cref="ContactBlock"/>.</param>
/// <param name="Section">Place of its section, or its own; -1 of head and contact.</param>
/// <param name="Block">Place in its section; -1 of everything but a block.</param>
public sealed record DraftPart(string Id, PartKind Kind, object Value, int Section = -1, int Block = -1)
{
    /// <summary>Subject, line after it, lead picture.</summary>
    public const string Head = "brevhuvud";
    public const string Contact = "kontakt";

    /// <summary>The part's own words, empty where nobody has written any yet.</summary>
    public string Title => Value switch
    {
        IssueContent head => head.Subject,
        Templates.Content.Section section => section.Heading,
        Article or EventItem => TitleOf((Block)Value),
        TipsPair pair => string.Join(" · ", new[] { TitleOf(pair.Left), TitleOf(pair.Right) }.Where(heading => heading.Length > 0)),
        ContactBlock contact => contact.Name,
        _ => "",
    };

    private static string TitleOf(Block block) => block switch
    {
        Article article => article.Heading,
        EventItem item => item.Name,
        _ => "",
    };

    /// <summary>In reading order. Of content with <see cref="WithIds"/>.</summary>
    public static IEnumerable<DraftPart> All(IssueContent content)
    {
        yield return new(Head, PartKind.Head, content);
        for (var s = 0; s < content.Sections.Count; s++)
        {
            var section = content.Sections[s];
            yield return new(section.Id!, PartKind.Section, section, s);
            for (var b = 0; b < section.Blocks.Count; b++)
                yield return new(section.Blocks[b].Id!, KindOf(section.Blocks[b]), section.Blocks[b], s, b);
        }

        if (content.Contact is { } contact) yield return new(Contact, PartKind.Contact, contact);
    }

    public static DraftPart? Find(IssueContent content, string? id) => All(content).FirstOrDefault(part => part.Id == id);

    /// <summary>
    /// Content in which every section and block has an id. One that has none gets it by its place, the same each time, so that a page and the
    /// command that comes from it agree before anything is stored.
    /// </summary>
    public static IssueContent WithIds(IssueContent content)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return content with { Sections = [.. content.Sections.Select((section, s) => Named(section, $"a{s + 1}", taken))] };
    }

    /// <summary>For a part that is new.</summary>
    public static string NewId() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 10);

    /// <summary>The same block as another one.</summary>
    public static Block Copy(Block block) => block switch
    {
        TipsPair pair => pair with { Id = NewId(), Left = pair.Left with { Id = null }, Right = pair.Right with { Id = null } },
        _ => block with { Id = NewId() },
    };

    private static Section Named(Section section, string place, HashSet<string> taken)
    {
        var id = Free(section.Id, place, taken);
        return section with
        {
            Id = id,
            Blocks = [.. section.Blocks.Select((block, b) => block with { Id = Free(block.Id, $"{place}b{b + 1}", taken) })]
        };
    }

    private static string Free(string? id, string place, HashSet<string> taken)
    {
        if (id is not null && taken.Add(id)) return id;
        while (!taken.Add(place)) place += "x";
        return place;
    }

    private static PartKind KindOf(Block block) => block switch
    {
        TipsPair => PartKind.Tips,
        EventItem => PartKind.Event,
        CalendarBlock => PartKind.Calendar,
        _ => PartKind.Article,
    };
}
