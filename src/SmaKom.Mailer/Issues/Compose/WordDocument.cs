using System.Text.Json;
using System.Text.Json.Serialization;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>
/// What the browser read in a Word document (<c>word.js</c>), as it is posted. It is a form like any other: nothing in it is believed, and it becomes
/// content only by the same functions as what people type.
/// </summary>
/// <param name="Subject">At most <see cref="LongestSubject"/> characters.</param>
/// <param name="Preheader">At most <see cref="IssueContent.PreheaderLimit"/> characters.</param>
/// <param name="Lead">Null: the letter has no picture of its own.</param>
public sealed record WordDocument(string Subject, string Preheader, WordPicture? Lead, IReadOnlyList<WordSection> Sections)
{
    /// <summary>In octets, as JSON.</summary>
    public const int Heaviest = 1 << 20;

    /// <summary>Sections and articles together.</summary>
    public const int MostParts = 200;

    /// <summary>UTF-16 code units: more than this in one article no form of the composer could save again.</summary>
    public const int LongestBody = 40_000;

    private const int LongestSubject = 150, LongestHeading = 200, LongestLine = 500, LongestId = 64;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
    };

    [JsonIgnore]
    internal IEnumerable<WordPicture> Pictures =>
        [.. Lead is null ? [] : new[] { Lead }, .. Sections.SelectMany(section => section.Articles).SelectMany(article => article.Pictures)];

    /// <summary>Null: it is not of this shape, or larger than a draft may be.</summary>
    public static WordDocument? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<WordDocument>(json, Strict) is { } read && read.IsWithinLimits() ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool IsWithinLimits() =>
        Subject.Length <= LongestSubject && (Lead is null || IsWithinLimits(Lead)) && Preheader.Length <= IssueContent.PreheaderLimit
        && Sections.Count > 0 && Sections.All(section => section is not null) && Sections.Sum(section => 1 + section.Articles.Count) <= MostParts
        && Sections.All(section => section.Heading.Length <= LongestHeading && section.Articles.All(IsWithinLimits))
        && Texts().All(ReadableInput.IsText);

    private static bool IsWithinLimits(WordArticle? article) =>
        article is not null && article.Heading.Length <= LongestHeading && article.Body.Length <= LongestBody
        && article.Pictures.Count <= PartFields.MostInList && article.Pictures.All(IsWithinLimits);

    private static bool IsWithinLimits(WordPicture? picture) =>
        picture is not null && picture.Id.Length <= LongestId && picture.Alt.Length <= LongestLine && picture.Caption.Length <= LongestLine;

    private IEnumerable<string> Texts() =>
    [
        Subject, Preheader, .. Sections.Select(section => section.Heading),
        .. Sections.SelectMany(section => section.Articles).SelectMany(article => new[] { article.Heading, article.Body }),
        .. Pictures.SelectMany(picture => new[] { picture.Id, picture.Alt, picture.Caption }),
    ];
}

/// <param name="Heading">Empty: the document has no such heading.</param>
public sealed record WordSection(string Heading, IReadOnlyList<WordArticle> Articles);

/// <param name="Body">Markdown.</param>
public sealed record WordArticle(string Heading, string Body, IReadOnlyList<WordPicture> Pictures);

/// <param name="Id">Of a stored picture.</param>
public sealed record WordPicture(string Id, string Alt, string Caption, bool Decorative);
