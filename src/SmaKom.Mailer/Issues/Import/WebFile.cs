using System.Globalization;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>A letter as a web page. AngleSharp reads it as a browser does, fetches nothing and runs nothing.</summary>
internal static class WebFile
{
    private const int LongestSubject = 150;
    private const string Dates = "meta[property='article:published_time'], meta[name='date'], meta[name='dcterms.date']";

    /// <exception cref="IssueFileException"/>
    public static IssueFile Read(string name, byte[] bytes, IssueFileFacts facts)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var page = new HtmlParser().ParseDocument(stream);
        // A time in the text is that of an event as often as that of the letter.
        return Make(page, facts, page.Title, null, () => MonthOf(page.QuerySelector(Dates)?.GetAttribute("content"))
            ?? WrittenMonth.In(Path.GetFileNameWithoutExtension(name)) ?? WrittenMonth.In(page.Title ?? "")
            ?? WrittenMonth.In(page.QuerySelector("h1")?.TextContent ?? "")
            ?? MonthOf(page.QuerySelector("time[datetime]")?.GetAttribute("datetime")), _ => null);
    }

    /// <summary>What a page says, as content: nothing of its markup is kept but what our Markdown has words for.</summary>
    /// <param name="subject">Where the caller gives none.</param>
    /// <param name="month">Asked where the caller gives none.</param>
    /// <param name="part">A picture that lies in the mail itself, by its <c>cid:</c>.</param>
    /// <exception cref="IssueFileException"/>
    public static IssueFile Make(
        IHtmlDocument page, IssueFileFacts facts, string? subject, DateTimeOffset? sentAt, Func<(int Year, int Month)?> month,
        Func<string, byte[]?> part)
    {
        var title = UnicodeText.OptionalLine(facts.Subject) ?? UnicodeText.OptionalLine(subject)
            ?? UnicodeText.OptionalLine(page.QuerySelector("h1")?.TextContent) ?? throw new IssueFileException(IssueFileFault.NoTitle);
        var letter = new PageReading(page, title, part);
        if (letter.Sections.Count == 0) throw new IssueFileException(IssueFileFault.NoText);
        var (year, number) = facts.Month ?? month() ?? throw new IssueFileException(IssueFileFault.NoMonth);
        var content = new IssueContent
        {
            Year = year,
            Month = number,
            Subject = UnicodeText.Shorten(title, LongestSubject),
            Preheader = UnicodeText.Shorten(letter.FirstWords, IssueContent.PreheaderLimit - 1),
            Language = facts.Language ?? (IsEnglish(page) ? "en" : "sv"),
            Sections = letter.Sections,
        };
        return new(content, letter.Pictures, sentAt, letter.PicturesLeftOut);
    }

    private static bool IsEnglish(IHtmlDocument page) =>
        page.DocumentElement.GetAttribute("lang")?.StartsWith("en", StringComparison.OrdinalIgnoreCase) is true;

    private static (int Year, int Month)? MonthOf(string? said) =>
        DateTimeOffset.TryParse(said, CultureInfo.InvariantCulture, out var at) && at.Year is >= 2000 and <= 2999 ? (at.Year, at.Month) : null;
}
