using PublicHoliday;
using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Tests.Calendar;

/// <summary>The days that the almanac has; with a newer version of the package, an issue still goes out on none of them.</summary>
public sealed class SwedishHolidaysTests
{
    // Easter Sundays of ten years, from the almanac.
    [TestCase("2019-04-21")]
    [TestCase("2020-04-12")]
    [TestCase("2021-04-04")]
    [TestCase("2022-04-17")]
    [TestCase("2023-04-09")]
    [TestCase("2024-03-31")]
    [TestCase("2025-04-20")]
    [TestCase("2026-04-05")]
    [TestCase("2027-03-28")]
    [TestCase("2038-04-25")]
    public void Easter_is_where_the_almanac_has_it(string day) =>
        Assert.That(DateOnly.FromDateTime(SwedenPublicHoliday.Easter(DateOnly.Parse(day).Year)), Is.EqualTo(DateOnly.Parse(day)));

    [TestCase("2026-01-01", Description = "nyårsdagen")]
    [TestCase("2026-01-06", Description = "trettondedag jul")]
    [TestCase("2026-04-03", Description = "långfredagen")]
    [TestCase("2026-04-06", Description = "annandag påsk")]
    [TestCase("2026-05-01", Description = "första maj")]
    [TestCase("2026-05-14", Description = "Kristi himmelsfärdsdag")]
    [TestCase("2025-06-06", Description = "nationaldagen")]
    [TestCase("2026-06-19", Description = "midsommarafton")]
    [TestCase("2026-12-24", Description = "julafton")]
    [TestCase("2026-12-25", Description = "juldagen")]
    [TestCase("2025-12-26", Description = "annandag jul")]
    [TestCase("2026-12-31", Description = "nyårsafton")]
    [TestCase("2008-05-01", Description = "första maj och Kristi himmelsfärdsdag")]
    public void No_issue_goes_out_on_it(string holiday)
    {
        var day = DateOnly.Parse(holiday);

        Assert.That(Slot(day, HolidayCalendar.None), Is.EqualTo(day));
        Assert.That(Slot(day, HolidayCalendar.Swedish), Is.Not.EqualTo(day));
    }

    [TestCase("2026-04-02", Description = "skärtorsdagen")]
    [TestCase("2026-05-25", Description = "annandag pingst, a holiday until 2004")]
    [TestCase("2026-10-30", Description = "alla helgons afton")]
    [TestCase("2026-01-05", Description = "trettondagsafton")]
    public void A_day_on_which_offices_are_open_is_no_holiday(string open)
    {
        var day = DateOnly.Parse(open);

        Assert.That(Slot(day, HolidayCalendar.Swedish), Is.EqualTo(day));
    }

    /// <summary>The day of the month's issue when all days before this one are closed.</summary>
    private static DateOnly Slot(DateOnly day, HolidayCalendar holidays)
    {
        var before = Enumerable.Range(1, day.Day - 1).Select(number => $"{new DateOnly(day.Year, day.Month, number):yyyy-MM-dd}");
        var slot = new MonthlySlot(new() { Holidays = holidays, ClosedDays = string.Join(',', before) }, TimeZoneInfo.Utc);
        return DateOnly.FromDateTime(slot.In(day.Year, day.Month)!.Value.Date);
    }
}
