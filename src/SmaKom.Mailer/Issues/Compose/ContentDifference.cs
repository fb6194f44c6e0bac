using System.Text.Json;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>What happened to a part between two states of an issue.</summary>
public enum PartChange { Added, Removed, Changed, Moved, Reordered, Month }

/// <param name="Kind">Null: the issue as a whole.</param>
public sealed record Difference(PartChange Change, PartKind? Kind, string Title);

/// <summary>Compares two contents part by part, by their ids.</summary>
public static class ContentDifference
{
    public static IReadOnlyList<Difference> Between(IssueContent before, IssueContent after)
    {
        var (old, now) = (ById(before), ById(after));
        var found = new List<Difference>();
        if ((before.Year, before.Month) != (after.Year, after.Month)) found.Add(new(PartChange.Month, null, ""));
        // A section that came or went says it for what is in it.
        found.AddRange(now.Values.Where(part => !old.ContainsKey(part.Id) && !IsWithin(part, after, old)).Select(part => Of(PartChange.Added, part)));
        found.AddRange(old.Values.Where(part => !now.ContainsKey(part.Id) && !IsWithin(part, before, now))
            .Select(part => Of(PartChange.Removed, part)));
        found.AddRange(now.Values.Where(part => old.TryGetValue(part.Id, out var was) && Text(was) != Text(part))
            // Whose heading was emptied is known by the one it had.
            .Select(part => Of(PartChange.Changed, part.Title == "" ? old[part.Id] : part)));
        var moved = now.Values.Where(part => part.Block >= 0 && old.TryGetValue(part.Id, out var was)
            && SectionOf(was, before) != SectionOf(part, after)).ToList();
        found.AddRange(moved.Select(part => Of(PartChange.Moved, part)));
        if (moved.Count == 0 && !old.Keys.Where(now.ContainsKey).SequenceEqual(now.Keys.Where(old.ContainsKey)))
            found.Add(new(PartChange.Reordered, null, ""));
        return found;
    }

    /// <summary>Ids of the parts whose own text became another, those that are new or came back among them.</summary>
    public static string[] ChangedParts(IssueContent before, IssueContent after)
    {
        var old = ById(before);
        return [.. DraftPart.All(after).Where(part => !old.TryGetValue(part.Id, out var was) || Text(was) != Text(part)).Select(part => part.Id)];
    }

    private static Difference Of(PartChange change, DraftPart part) => new(change, part.Kind, part.Title);

    // In reading order.
    private static Dictionary<string, DraftPart> ById(IssueContent content) =>
        DraftPart.All(content).ToDictionary(part => part.Id, StringComparer.Ordinal);

    private static bool IsWithin(DraftPart part, IssueContent content, Dictionary<string, DraftPart> others) =>
        part.Block >= 0 && !others.ContainsKey(SectionOf(part, content));

    private static string SectionOf(DraftPart part, IssueContent content) => content.Sections[part.Section].Id!;

    /// <summary>The part's own text, without what has a version of its own.</summary>
    private static string Text(DraftPart part) => part.Value switch
    {
        IssueContent head => IssueContentJson.Serialize(head with { Sections = [], Contact = null, Year = 0, Month = 0 }),
        Section section => section.Heading,
        Block block => JsonSerializer.Serialize(block, IssueContentJson.Options),
        var contact => JsonSerializer.Serialize(contact, contact.GetType(), IssueContentJson.Options),
    };
}
