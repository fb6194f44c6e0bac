using Microsoft.Extensions.Options;
using PublicHoliday;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Calendar;

/// <summary>When the month's issue goes out: by default the first weekday at 09:00, not in July, never on a holiday.</summary>
public sealed class MonthlySlot(ScheduleOptions options, TimeZoneInfo zone)
{
    // With the three eves that offices keep as holidays (semesterlag 1977:480, 3 a §): Midsummer Eve, Christmas Eve, New Year's Eve.
    private static readonly SwedenPublicHoliday SwedishHolidays = new();
    private readonly IReadOnlySet<int> skippedMonths = options.SkippedMonthNumbers();
    private readonly IReadOnlySet<DateOnly> closedDates = options.ClosedDates();

    public MonthlySlot(IOptions<ScheduleOptions> options, IOptions<SiteOptions> site) : this(options.Value, site.Value.Zone)
    {
    }

    /// <summary>The first slot later than <paramref name="after"/>, with the zone's offset at that time.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var month = FirstOfMonth(TimeZoneInfo.ConvertTime(after, zone));
        // A closed last weekday can move a slot into the month before, and closed days into the one after: start early.
        for (month = month.AddMonths(-1); ; month = month.AddMonths(1))
            if (In(month.Year, month.Month) is { } slot && slot > after)
                return slot;
    }

    /// <summary>The slot of one month, or null if that month is skipped.</summary>
    public DateTimeOffset? In(int year, int month)
    {
        if (skippedMonths.Contains(month)) return null;
        return LocalTime.Resolve(OpenDay(year, month), options.Time, zone) switch
        {
            LocalTime.At at => at.Instant,
            LocalTime.SkippedByClockChange skipped => skipped.Resumed,
            _ => throw new InvalidOperationException("LocalTime has a third case."),
        };
    }

    private DateOnly OpenDay(int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        if (options.Day == SlotDay.LastWeekday) return NearestOpen(first.AddMonths(1).AddDays(-1), -1);
        if (options.Day == SlotDay.FirstWeekday) return NearestOpen(first, +1);
        var wanted = DayOfWeek.Monday + (options.Day - SlotDay.FirstMonday);
        return NearestOpen(first.AddDays((wanted - first.DayOfWeek + 7) % 7), +1);
    }

    private DateOnly NearestOpen(DateOnly day, int step)
    {
        while (IsClosed(day)) day = day.AddDays(step);
        return day;
    }

    /// <summary>A weekend, a holiday or a day that the settings close.</summary>
    public bool IsClosed(DateOnly day) =>
        day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday
        || closedDates.Contains(day)
        || (options.Holidays == HolidayCalendar.Swedish && SwedishHolidays.IsPublicHoliday(day.ToDateTime(TimeOnly.MinValue)));

    private static DateOnly FirstOfMonth(DateTimeOffset time) => new(time.Year, time.Month, 1);
}
