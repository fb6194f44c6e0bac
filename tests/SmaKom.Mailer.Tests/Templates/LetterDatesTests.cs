using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class LetterDatesTests
{
    [TestCase("2026-12-01", null, null, null, "Tisdag 1 december 2026", "Tuesday 1 December 2026")]
    [TestCase("2026-12-01", null, "09:00", null, "Tisdag 1 december 2026 kl. 09.00", "Tuesday 1 December 2026, 09:00")]
    [TestCase("2026-12-01", null, "09:00", "10:30", "Tisdag 1 december 2026 kl. 09.00–10.30", "Tuesday 1 December 2026, 09:00–10:30")]
    [TestCase("2026-12-01", "2026-12-02", null, null, "Tisdag 1 – onsdag 2 december 2026", "Tuesday 1 – Wednesday 2 December 2026")]
    [TestCase("2026-11-30", "2026-12-02", null, null, "Måndag 30 november – onsdag 2 december 2026",
        "Monday 30 November – Wednesday 2 December 2026")]
    [TestCase("2026-12-21", "2027-01-06", null, null, "Måndag 21 december 2026 – onsdag 6 januari 2027",
        "Monday 21 December 2026 – Wednesday 6 January 2027")]
    [TestCase("2026-12-01", "2026-12-02", "10:00", "14:00", "Tisdag 1 december kl. 10.00 – onsdag 2 december 2026 kl. 14.00",
        "Tuesday 1 December, 10:00 – Wednesday 2 December 2026, 14:00")]
    public void An_event_says_when_in_whole_words(string start, string? end, string? from, string? to, string swedish, string english)
    {
        var item = new EventItem
        {
            Name = "Möte",
            Start = DateOnly.Parse(start),
            End = end is null ? null : DateOnly.Parse(end),
            StartTime = from is null ? null : TimeOnly.Parse(from),
            EndTime = to is null ? null : TimeOnly.Parse(to),
        };
        Assert.That(new LetterDates("sv").When(item).Replace('\u00A0', ' '), Is.EqualTo(swedish));
        Assert.That(new LetterDates("en").When(item), Is.EqualTo(english));
    }
}
