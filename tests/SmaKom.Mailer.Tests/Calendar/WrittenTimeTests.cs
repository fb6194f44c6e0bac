using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Tests.Calendar;

/// <summary>Written on Monday 30 November 2026.</summary>
public sealed class WrittenTimeTests
{
    private static readonly DateOnly Today = new(2026, 11, 30);

    [TestCase("2026-12-01 09:00", "2026-12-01", "09:00")]
    [TestCase("2026-12-01T09:00", "2026-12-01", "09:00")]
    [TestCase(" 2026-12-01  9.05 ", "2026-12-01", "09:05")]
    [TestCase("tisdag 1 december 2026 kl. 09.00", "2026-12-01", "09:00")]
    [TestCase("Tuesday 1 December 2026 at 09:00", "2026-12-01", "09:00")]
    [TestCase("Tuesday, December 1, 2026 9 am", "2026-12-01", "09:00")]
    [TestCase("tisdagen den 1:a december klockan 9", "2026-12-01", "09:00")]
    [TestCase("1 dec 9.30", "2026-12-01", "09:30")]
    [TestCase("1 dec. 9", "2026-12-01", "09:00")]
    [TestCase("9.30 1 dec", "2026-12-01", "09:30")]
    [TestCase("1 dec", "2026-12-01", null)]
    [TestCase("1/12 kl 0930", "2026-12-01", "09:30")]
    [TestCase("1/12 2027", "2027-12-01", null)]
    [TestCase("1.12.2026", "2026-12-01", null)]
    [TestCase("the 1st of December at 930", "2026-12-01", "09:30")]
    [TestCase("Dec 1st 12:15 a.m.", "2026-12-01", "00:15")]
    [TestCase("12 pm tomorrow", "2026-12-01", "12:00")]
    [TestCase("5 jan", "2027-01-05", null)]
    [TestCase("29 feb 2028", "2028-02-29", null)]
    [TestCase("idag kl 23", "2026-11-30", "23:00")]
    [TestCase("I MORGON KL.9", "2026-12-01", "09:00")]
    [TestCase("i övermorgon", "2026-12-02", null)]
    [TestCase("day after tomorrow 7 p.m.", "2026-12-02", "19:00")]
    [TestCase("på tisdag kl 9", "2026-12-01", "09:00")]
    [TestCase("nu på tors, 8.15", "2026-12-03", "08:15")]
    [TestCase("måndag", "2026-12-07", null)]
    [TestCase("nästa tisdag", "2026-12-08", null)]
    [TestCase("next Sunday", "2026-12-13", null)]
    [TestCase("son", "2026-12-06", null)]
    [TestCase("9.30", null, "09:30")]
    [TestCase("kl 9", null, "09:00")]
    [TestCase("09:00:00", null, "09:00")]
    [TestCase("9", null, "09:00")]
    public void Is_understood(string written, string? day, string? clock) =>
        Assert.That(WrittenTime.Read(written, Today), Is.EqualTo(new WrittenTime.Understood(
            day is null ? null : DateOnly.Parse(day), clock is null ? null : TimeOnly.Parse(clock))));

    [TestCase("31 november", "31 november")]
    [TestCase("2027-02-29 09:00", "2027-02-29")]
    [TestCase("1/13 9.00", "1/13")]
    public void A_day_that_does_not_exist_is_named(string written, string words) =>
        Assert.That(WrittenTime.Read(written, Today), Is.EqualTo(new WrittenTime.NoSuchDay(words)));

    [TestCase("på tisdag kl 25", "25")]
    [TestCase("1 dec 9.75", "9.75")]
    [TestCase("1 dec 13 pm", "13 pm")]
    [TestCase("kl 24", "24")]
    public void A_clock_time_that_does_not_exist_is_named(string written, string words) =>
        Assert.That(WrittenTime.Read(written, Today), Is.EqualTo(new WrittenTime.NoSuchClock(words)));

    [TestCase("snart", "snart")]
    [TestCase("1.12 9.30", "9.30")]
    [TestCase("på tisdag efter lunch", "efter lunch")]
    [TestCase("1 dec 2 dec", "dec")]
    [TestCase("tisdag onsdag", "onsdag")]
    [TestCase("monkey", "monkey")]
    [TestCase("9 25", "25")]
    [TestCase("99999999999", "99999999999")]
    [TestCase("१ dec", "१ dec")]
    public void What_is_no_time_is_named(string written, string words) =>
        Assert.That(WrittenTime.Read(written, Today), Is.EqualTo(new WrittenTime.NotUnderstood(words)));

    [Test]
    public void A_weekday_that_does_not_match_its_date_is_not_passed_over() =>
        Assert.That(WrittenTime.Read("onsdag 1 december", Today), Is.EqualTo(new WrittenTime.OtherWeekday(new(2026, 12, 1), DayOfWeek.Wednesday)));

    [Test]
    public void A_day_that_has_just_been_is_not_taken_for_the_one_a_year_later() =>
        Assert.That(WrittenTime.Read("1 nov kl 9", Today), Is.EqualTo(new WrittenTime.YearMissing(new(2026, 11, 1))));
}
