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

    /// <summary>Section by section, each text as if it had been typed into its field.</summary>
    /// <param name="usual">Heading of a section that has none in the document.</param>
    /// <param name="last">Its contact is kept; null: there is none.</param>
    /// <param name="size">Of the pictures that the document names.</param>
    public static IssueContent FromDocument(WordDocument document, string usual, IssueContent? last, PictureSize size)
    {
        var content = Filled(FromSkeleton([], last), FieldsOf(document), size);
        foreach (var section in document.Sections)
        {
            content = ContentEdits.AddSection(content, PartFields.Line(section.Heading) is { Length: > 0 } heading ? heading : usual);
            var id = content.Sections[^1].Id!;
            foreach (var article in section.Articles)
                content = ContentEdits.AddBlock(content, id, Filled(ContentEdits.New(NewBlock.Article), FieldsOf(article), size))!;
        }

        return content;
    }

    private static T Filled<T>(T part, Dictionary<string, string> fields, PictureSize size) where T : notnull =>
        (T)PartFields.Apply(part, fields, size).Part;

    private static Dictionary<string, string> FieldsOf(WordDocument document)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["subject"] = document.Subject, ["preheader"] = document.Preheader };
        if (document.Lead is { } lead) Write(fields, "leadPicture", lead);
        return fields;
    }

    private static Dictionary<string, string> FieldsOf(WordArticle article)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["heading"] = article.Heading, ["body"] = article.Body };
        for (var i = 0; i < article.Pictures.Count; i++) Write(fields, $"pictures[{i}]", article.Pictures[i]);
        return fields;
    }

    private static void Write(Dictionary<string, string> fields, string name, WordPicture picture) =>
        (fields[$"{name}.mediaId"], fields[$"{name}.alt"], fields[$"{name}.caption"], fields[$"{name}.decorative"]) =
            (picture.Id, picture.Alt, picture.Caption, picture.Decorative ? PartFields.Yes : "");

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
            Headline = null,
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
        TipsPair pair => pair with
        {
            Id = DraftPart.NewId(),
            Left = EmptiedHalf(pair.Left, recurring, today),
            Right = EmptiedHalf(pair.Right, recurring, today),
        },
        EventItem item => (item.End ?? item.Start) >= today ? item with { Id = DraftPart.NewId() } : null,
        CalendarBlock => block with { Id = DraftPart.NewId() },
        _ => null,
    };

    private static Block EmptiedHalf(Block half, HashSet<(string, string)> recurring, DateOnly today) =>
        Emptied(half, recurring, today) is { } kept ? kept with { Id = half.Id } : new EventItem { Name = "", Start = default };

    private static Article Emptied(Article article, HashSet<(string, string)> recurring) =>
        article.Body.Length > 0 && recurring.Contains((article.Heading, article.Body))
            ? article
            : new() { Heading = "", Body = "", Layout = article.Layout, Signature = article.Signature };
}
