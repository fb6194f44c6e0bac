using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates;

/// <summary>What every part of a letter needs to set itself; cascades through the components.</summary>
/// <param name="Context">Surface, theme, links.</param>
/// <param name="Chrome">Words of the frame, in the reader's language.</param>
/// <param name="Words">Words inside the content ("Plats", "Kontakt"), in the content's language.</param>
/// <param name="Dates">In the content's language.</param>
/// <param name="Calendar">The events in order of time; empty where no calendar lists them.</param>
public sealed record Typesetting(
    LetterContext Context, LetterWords Chrome, LetterWords Words, LetterDates Dates, IReadOnlyList<EventItem> Calendar)
{
    public static Typesetting For(IssueContent content, LetterContext context) => new(
        context, new LetterWords(context.Language), new LetterWords(content.Language), new LetterDates(content.Language),
        content.Sections.SelectMany(section => section.Blocks).OfType<CalendarBlock>().Any() ? [.. content.Calendar()] : []);

    /// <summary>"Nyhetsbrev · november 2026"</summary>
    public string MonthMark(IssueContent content) =>
        $"{Context.ListName ?? Context.Theme.NewsletterName} · {Dates.Month(content.Year, content.Month)}";

    /// <summary>Which of the two reasons in Letter.resx.</summary>
    public string ReasonKey => Context.Reason == RecipientReason.MemberRepresentative ? "WhyMember" : "WhySignedUp";

    /// <summary>The reason in the reader's language, with the list where it is not the newsletter.</summary>
    public string Why => Context.ListName is { } list
        ? Chrome.With($"{ReasonKey}List", Context.Sender.Organisation, list)
        : Chrome.With(ReasonKey, Context.Sender.Organisation);

    /// <summary>"Foto: Karin Lind"; as it is where it says itself what it credits. Null: nobody is credited.</summary>
    public string? CreditOf(Picture picture) =>
        picture.Credit is not { } credit || credit.Contains(':', StringComparison.Ordinal) ? picture.Credit : Words.With("Photo", credit);

    /// <summary>Id of an event's place on a page, for the calendar's links to it; null where no calendar lists it.</summary>
    public string? PlaceOf(EventItem item)
    {
        // Two events may be the same word for word.
        var at = Calendar.TakeWhile(other => !ReferenceEquals(other, item)).Count();
        return at < Calendar.Count ? $"handelse-{at + 1}" : null;
    }

    /// <summary>The words of an event's link name the event: "Program och anmälan: Höstmötet".</summary>
    public string LinkTextOf(EventItem item) => item.LinkText ?? Words.With("EventLink", item.Name);
}
