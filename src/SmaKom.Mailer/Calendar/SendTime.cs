using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Calendar;

/// <summary>A time that someone asked for: either an instant, or the reason in words why it cannot be.</summary>
/// <param name="HappensTwice">Clocks go back that night, and the first of the two instants was taken.</param>
public sealed record SendTime(DateTimeOffset? At, bool HappensTwice, string? Problem);

/// <summary>Reads a date and a clock time as people in the site's zone mean them.</summary>
public sealed class SendTimeReader(IOptions<SiteOptions> site, DatabaseClock time, LocalText text, IStringLocalizer<CalendarWords> words)
{
    private const int FirstYear = 2000;
    private const int LastYear = 2100;

    /// <summary>As native date and time fields send them, or as written on a command line.</summary>
    public SendTime Read(string? date, string? clock)
    {
        if (string.IsNullOrWhiteSpace(date) || string.IsNullOrWhiteSpace(clock)) return Wrong("SendTime.Missing");
        if (!DateOnly.TryParseExact(date.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !TimeOnly.TryParseExact(clock.Trim().Replace('.', ':'), ["HH:mm", "HH:mm:ss", "H:mm"], CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var hour))
            return Wrong("SendTime.NotADate", $"{date} {clock}");
        // At the ends of the calendar a time with a zone is no instant any more.
        if (day.Year is < FirstYear or > LastYear) return Wrong("SendTime.OtherYear", FirstYear, LastYear);

        return LocalTime.Resolve(day, hour, site.Value.Zone) switch
        {
            LocalTime.SkippedByClockChange gap => Wrong("SendTime.Skipped", Clock(hour), text.Date(gap.Resumed), text.Clock(gap.Resumed)),
            LocalTime.At at when at.Instant <= time.GetUtcNow() => Wrong("SendTime.Passed", Capital(text.DateAndTime(at.Instant))),
            LocalTime.At at => new(at.Instant, at.HappensTwice, null),
            _ => throw new InvalidOperationException("LocalTime has a third case."),
        };
    }

    /// <summary><c>2026-12-01 09:00</c> or <c>2026-12-01T09:00</c>.</summary>
    public SendTime Read(string dateAndTime) => dateAndTime.Trim().Split([' ', 'T'], 2, StringSplitOptions.TrimEntries) is [var date, var clock]
        ? Read(date, clock)
        : Wrong("SendTime.NotADate", dateAndTime);

    private SendTime Wrong(string key, params object[] arguments) => new(null, false, words[key, arguments]);
    private static string Clock(TimeOnly clock) =>
        clock.ToString(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? "HH:mm" : "HH.mm", CultureInfo.InvariantCulture);
    private static string Capital(string sentence) => char.ToUpper(sentence[0], CultureInfo.CurrentUICulture) + sentence[1..];
}
