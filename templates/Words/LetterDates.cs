using System.Globalization;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Templates.Words;

/// <summary>
/// Dates as people write them: "tisdag 1 december 2026 kl. 09.00". The patterns are our own, so that
/// a letter does not change when the system's culture data does.
/// </summary>
public sealed class LetterDates(string language)
{
    // Of the country that is meant where a language alone would be another's: "en" is the United States'.
    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language switch { "en" => "en-GB", "sv" => "sv-SE", _ => language });
    private readonly LetterWords _words = new(language);

    /// <summary>november 2026</summary>
    public string Month(int year, int month) => new DateOnly(year, month, 1).ToString("MMMM yyyy", _culture);

    /// <summary>tisdag 1 december 2026</summary>
    public string Day(DateOnly day) => day.ToString("dddd d MMMM yyyy", _culture);

    /// <summary>tisdag 1 december 2026 kl. 09.00</summary>
    public string DayAndTime(DateTime at) => Day(DateOnly.FromDateTime(at)) + At(TimeOnly.FromDateTime(at));

    /// <summary>1 or 1–2: the big figures of the calendar leaf.</summary>
    public string LeafDays(EventItem item)
    {
        var end = item.End ?? item.Start;
        return end == item.Start || end.Month != item.Start.Month || end.Year != item.Start.Year
            ? item.Start.ToString("%d", _culture)
            : string.Create(_culture, $"{item.Start.Day}–{end.Day}");
    }

    /// <summary>dec</summary>
    public string LeafMonth(EventItem item) => item.Start.ToString("MMMM", _culture)[..3];

    /// <summary>The whole span with its clock times, local, as a line of its own: "Tisdag 1 december 2026 kl. 09.00–10.30".</summary>
    public string When(EventItem item)
    {
        var end = item.End ?? item.Start;
        var when = end == item.Start ? Day(item.Start) + Span(item) : Days(item, end);
        return _culture.TextInfo.ToUpper(when[0]) + when[1..];
    }

    private string Days(EventItem item, DateOnly end)
    {
        if (item.StartTime is null)
        {
            var pattern = end.Year != item.Start.Year ? "dddd d MMMM yyyy" : end.Month != item.Start.Month ? "dddd d MMMM" : "dddd d";
            return $"{item.Start.ToString(pattern, _culture)} – {Day(end)}";
        }

        var start = item.Start.ToString(end.Year != item.Start.Year ? "dddd d MMMM yyyy" : "dddd d MMMM", _culture);
        return $"{start}{At(item.StartTime)} – {Day(end)}{At(item.EndTime)}";
    }

    private string Span(EventItem item) => (item.StartTime, item.EndTime) switch
    {
        (null, _) => "",
        (_, null) => At(item.StartTime),
        var (from, to) => $"{At(from)}–{Clock(to.Value)}",
    };

    // With a no-break space: "kl." at a line's end says nothing.
    private string At(TimeOnly? time) => time is { } clock ? _words.With("ClockAfterDay", Clock(clock)) : "";

    private string Clock(TimeOnly time) => time.ToString(_words["Clock"], CultureInfo.InvariantCulture);
}
