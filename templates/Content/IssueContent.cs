using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>
/// What one issue says: the whole of it is data, stored as JSONB and frozen when the issue starts.
/// Only <see cref="Article.Body"/> and <see cref="EventItem.Body"/> hold Markdown; everything else is plain text.
/// </summary>
public sealed record IssueContent
{
    /// <summary>Four digits.</summary>
    public required int Year { get; init; }

    /// <summary>1–12.</summary>
    public required int Month { get; init; }

    /// <summary>The mail's subject; the letter's one h1, too, where that has no words of its own.</summary>
    public required string Subject { get; init; }

    /// <summary>The letter's h1 where it is not the subject.</summary>
    public string? Headline { get; init; }

    /// <summary>The line an inbox shows after the subject, up to <see cref="PreheaderLimit"/> characters; visible in the letter, too.</summary>
    public required string Preheader { get; init; }

    /// <summary>BCP 47 tag of the language that the content is written in; the chrome around it follows the reader.</summary>
    public string Language { get; init; } = "sv";

    public Picture? LeadPicture { get; init; }

    public IReadOnlyList<Section> Sections { get; init; } = [];

    public ContactBlock? Contact { get; init; }

    /// <summary>STANDARDS: longer preheaders are cut by every inbox.</summary>
    public const int PreheaderLimit = 130;

    /// <summary>As it is rendered: without empty sections, and of a pair of tips with an empty half the other as an article.</summary>
    public IssueContent WithoutEmptyParts() => this with
    {
        Sections = [.. Sections.Where(section => section.Blocks.Count > 0)
            .Select(section => section with { Blocks = [.. section.Blocks.Select(WithoutEmptyHalf)] })],
    };

    private static Block WithoutEmptyHalf(Block block) => block switch
    {
        TipsPair { Only: Article only } pair => only with { Id = pair.Id, Layout = ArticleLayout.FullWidth },
        TipsPair { Only: { } only } pair => only with { Id = pair.Id },
        _ => block,
    };

    /// <summary>Structural faults, empty when the content can be rendered. Style and link checks are the editor's.</summary>
    public IReadOnlyList<ContentProblem> Problems() => ContentRules.Check(this);

    /// <summary>Every picture in reading order; what a copy of the issue must bring along.</summary>
    public IEnumerable<Picture> Pictures()
    {
        if (LeadPicture is not null) yield return LeadPicture;
        foreach (var picture in Halves().SelectMany(PicturesOf)) yield return picture;
        if (Contact?.Portrait is { } portrait) yield return portrait;
    }

    /// <summary>Every article in reading order, the halves of a tips pair included.</summary>
    public IEnumerable<Article> Articles() => Halves().OfType<Article>();

    /// <summary>Every event in reading order, those in a tips pair included; the same entries give the calendar file.</summary>
    public IEnumerable<EventItem> Events() => Halves().OfType<EventItem>();

    /// <summary>Every event that has a day, in order of time: what a <see cref="CalendarBlock"/> lists.</summary>
    public IEnumerable<EventItem> Calendar() => Events().Where(item => item.Start != default).OrderBy(item => item.Start)
        .ThenBy(item => item.StartTime ?? TimeOnly.MinValue);

    /// <summary>The letter's h1.</summary>
    [JsonIgnore]
    public string Title => string.IsNullOrWhiteSpace(Headline) ? Subject : Headline;

    // Every block, and of a pair both.
    private IEnumerable<Block> Halves() =>
        Sections.SelectMany(section => section.Blocks).SelectMany(block => block is TipsPair pair ? [pair.Left, pair.Right] : new[] { block });

    private static IEnumerable<Picture> PicturesOf(Block block) => block switch
    {
        Article { Signature.Portrait: { } portrait } article => article.Pictures.Append(portrait),
        Article article => article.Pictures,
        EventItem { Picture: { } picture } => [picture],
        _ => [],
    };
}
