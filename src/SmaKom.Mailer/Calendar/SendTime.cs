using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Calendar;

/// <summary>A time that someone asked for: either an instant, or the reason in words why it cannot be.</summary>
/// <param name="HappensTwice">Clocks go back that night, and the first of the two instants was taken.</param>
public sealed record SendTime(DateTimeOffset? At, bool HappensTwice, string? Problem);

/// <summary>Reads a time as people in the site's zone write and mean it.</summary>
public sealed class SendTimeReader(
    IOptions<SiteOptions> site, IOptions<ScheduleOptions> schedule, DatabaseClock time, LocalText text, IStringLocalizer<CalendarWords> words)
{
    private const int FirstYear = 2000;
    private const int LastYear = 2100;

    /// <summary>
    /// As <see cref="WrittenTime"/>. A day alone is at the clock time of the monthly slot; a clock time alone is the next of that day or the day after.
    /// </summary>
    public SendTime Read(string? written)
    {
        if (string.IsNullOrWhiteSpace(written)) return Wrong("SendTime.Missing");
        var now = time.GetUtcNow();
        return WrittenTime.Read(written, DateOnly.FromDateTime(text.Local(now).DateTime)) switch
        {
            WrittenTime.Understood { Day: { } day, Clock: var clock } => At(day, clock ?? schedule.Value.Time, now),
            WrittenTime.Understood { Clock: { } clock } => Next(clock, now),
            WrittenTime.NoSuchDay none => Wrong("SendTime.NoSuchDay", Capital(none.Words)),
            WrittenTime.NoSuchClock none => Wrong("SendTime.NoSuchClock", none.Words),
            WrittenTime.OtherWeekday other => Wrong("SendTime.OtherWeekday", text.Day(other.Day), text.Weekday(other.Day.DayOfWeek), text.Weekday(other.Written)),
            WrittenTime.YearMissing missing => Wrong("SendTime.YearMissing", text.Day(missing.Passed), missing.Passed.Year + 1),
            WrittenTime.NotUnderstood not => Wrong("SendTime.NotUnderstood", UnicodeText.Shorten(not.Words, 40)),
            _ => Wrong("SendTime.Missing"),
        };
    }

    /// <summary>As <see cref="Read"/> reads it again, whatever the day is by then.</summary>
    public string Write(DateTimeOffset at) => text.Local(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private SendTime Next(TimeOnly clock, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(text.Local(now).DateTime);
        return At(today, clock, now) is { At: not null } still ? still : At(today.AddDays(1), clock, now);
    }

    private SendTime At(DateOnly day, TimeOnly clock, DateTimeOffset now)
    {
        // At the ends of the calendar a time with a zone is no instant any more.
        if (day.Year is < FirstYear or > LastYear) return Wrong("SendTime.OtherYear", FirstYear, LastYear);
        return LocalTime.Resolve(day, clock, site.Value.Zone) switch
        {
            LocalTime.SkippedByClockChange gap => Wrong("SendTime.Skipped", text.Clock(clock), text.Date(gap.Resumed), text.Clock(gap.Resumed)),
            LocalTime.At at when at.Instant <= now => Wrong("SendTime.Passed", Capital(text.DateAndTime(at.Instant))),
            LocalTime.At at => new(at.Instant, at.HappensTwice, null),
            _ => throw new InvalidOperationException("LocalTime has a third case."),
        };
    }

    private SendTime Wrong(string key, params object[] arguments) => new(null, false, words[key, arguments]);
    private static string Capital(string sentence) => char.ToUpper(sentence[0], CultureInfo.CurrentUICulture) + sentence[1..];
}
