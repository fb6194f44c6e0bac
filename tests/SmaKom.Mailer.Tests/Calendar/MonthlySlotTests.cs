using FsCheck;
using FsCheck.Fluent;
using PublicHoliday;
using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Tests.Calendar;

public sealed class MonthlySlotTests
{
    private static readonly TimeZoneInfo Stockholm = TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm");

    [Test]
    public void Five_years_by_default()
    {
        // Checked against a Swedish almanac: 1 January is closed, 1 May is closed, Easter Monday was 1 April in 2024.
        string[] expected =
        [
            "2024-01-02", "2024-02-01", "2024-03-01", "2024-04-02", "2024-05-02", "2024-06-03", "2024-08-01", "2024-09-02", "2024-10-01",
            "2024-11-01", "2024-12-02",
            "2025-01-02", "2025-02-03", "2025-03-03", "2025-04-01", "2025-05-02", "2025-06-02", "2025-08-01", "2025-09-01", "2025-10-01",
            "2025-11-03", "2025-12-01",
            "2026-01-02", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-04", "2026-06-01", "2026-08-03", "2026-09-01", "2026-10-01",
            "2026-11-02", "2026-12-01",
            "2027-01-04", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-03", "2027-06-01", "2027-08-02", "2027-09-01", "2027-10-01",
            "2027-11-01", "2027-12-01",
            "2028-01-03", "2028-02-01", "2028-03-01", "2028-04-03", "2028-05-02", "2028-06-01", "2028-08-01", "2028-09-01", "2028-10-02",
            "2028-11-01", "2028-12-01",
        ];
        var slots = Slots(new(), DateTimeOffset.Parse("2024-01-01T00:00:00+01:00")).Take(expected.Length).ToList();

        Assert.That(slots.Select(slot => slot.ToString("yyyy-MM-dd")), Is.EqualTo(expected));
        Assert.That(slots.Select(slot => slot.TimeOfDay), Has.All.EqualTo(TimeSpan.FromHours(9)),
            "by the clock on the wall, in summer and in winter");
    }

    [Test]
    public void The_next_slot_is_later_than_now_open_and_at_the_time_of_day_always()
    {
        var slot = new MonthlySlot(new(), Stockholm);
        var holidays = new SwedenPublicHoliday();
        var minutes = Gen.Choose(0, 30 * 366 * 24 * 60).ToArbitrary();

        Prop.ForAll(minutes, minute =>
        {
            var after = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
            var next = slot.Next(after);
            return next > after
                && next - after < TimeSpan.FromDays(66)
                && next.TimeOfDay == TimeSpan.FromHours(9)
                && next.Month != 7
                && next.Offset == Stockholm.GetUtcOffset(next)
                && next.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
                && !holidays.IsPublicHoliday(next.Date);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_slot_is_not_its_own_next()
    {
        var slot = new MonthlySlot(new(), Stockholm);
        var december = DateTimeOffset.Parse("2026-12-01T09:00:00+01:00");

        Assert.That(slot.Next(december.AddTicks(-1)), Is.EqualTo(december));
        Assert.That(slot.Next(december), Is.EqualTo(DateTimeOffset.Parse("2027-01-04T09:00:00+01:00")));
    }

    [TestCase(SlotDay.FirstMonday, "2026-04-01", "2026-04-07", Description = "Easter Monday moves it to Tuesday")]
    [TestCase(SlotDay.FirstFriday, "2026-04-01", "2026-04-07", Description = "Good Friday moves it over Easter")]
    [TestCase(SlotDay.FirstThursday, "2026-01-01", "2026-01-02", Description = "New Year's Day")]
    [TestCase(SlotDay.LastWeekday, "2026-12-01", "2026-12-30", Description = "New Year's Eve moves it back")]
    [TestCase(SlotDay.LastWeekday, "2026-05-01", "2026-05-29", Description = "30 and 31 May are a weekend")]
    public void Another_day_of_the_month_can_be_chosen(SlotDay day, string after, string expected) =>
        Assert.That(Slots(new() { Day = day }, DateTimeOffset.Parse(after + "T00:00:00Z")).First().ToString("yyyy-MM-dd"), Is.EqualTo(expected));

    [Test]
    public void Settings_name_months_and_days_without_an_issue()
    {
        var options = new ScheduleOptions { SkippedMonths = "1, 7,8", ClosedDays = "2026-12-01,2026-12-02" };

        Assert.That(Slots(options, DateTimeOffset.Parse("2026-11-15T00:00:00Z")).Take(2).Select(slot => slot.ToString("yyyy-MM-dd")),
            Is.EqualTo(new[] { "2026-12-03", "2027-02-01" }));
    }

    [Test]
    public void A_slot_that_clocks_skip_waits_until_they_go_on()
    {
        // Cairo's clocks go forward at the midnight that begins the last Friday of April.
        var cairo = TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo");
        var slot = new MonthlySlot(
            new()
            {
                Day = SlotDay.LastWeekday,
                Time = new(0, 30),
                Holidays = HolidayCalendar.None,
                ClosedDays = "2026-04-27,2026-04-28,2026-04-29,2026-04-30"
            }, cairo);

        Assert.That(slot.In(2026, 4), Is.EqualTo(DateTimeOffset.Parse("2026-04-24T01:00:00+03:00")));
    }

    [TestCase("13", "", "Schedule:SkippedMonths nämner ”13”")]
    [TestCase("juli", "", "Schedule:SkippedMonths nämner ”juli”")]
    [TestCase("1,2,3,4,5,6,7,8,9,10,11,12", "", "alla tolv månader")]
    [TestCase("7", "2026-02-30", "Schedule:ClosedDays nämner ”2026-02-30”")]
    public void An_impossible_setting_is_named_at_start(string months, string days, string message) =>
        Assert.That(new ScheduleOptions.Validation().Validate(null, new() { SkippedMonths = months, ClosedDays = days }).FailureMessage,
            Does.Contain(message));

    private static IEnumerable<DateTimeOffset> Slots(ScheduleOptions options, DateTimeOffset after)
    {
        var slot = new MonthlySlot(options, Stockholm);
        for (var next = slot.Next(after); ; next = slot.Next(next)) yield return next;
    }
}
