using SmaKom.Mailer.Schedule;

namespace SmaKom.Mailer.Tests.Schedule;

public sealed class SwedishHolidaysTests
{
    // Easter Sundays of ten years, from the almanac.
    [TestCase(2019, "04-21")]
    [TestCase(2020, "04-12")]
    [TestCase(2021, "04-04")]
    [TestCase(2022, "04-17")]
    [TestCase(2023, "04-09")]
    [TestCase(2024, "03-31")]
    [TestCase(2025, "04-20")]
    [TestCase(2026, "04-05")]
    [TestCase(2027, "03-28")]
    [TestCase(2038, "04-25")]
    public void Easter_is_where_the_almanac_has_it(int year, string day) =>
        Assert.That(SwedishHolidays.EasterSunday(year).ToString("MM-dd"), Is.EqualTo(day));

    [TestCase("2026-04-03", "långfredagen")]
    [TestCase("2026-04-06", "annandag påsk")]
    [TestCase("2026-05-14", "Kristi himmelsfärdsdag")]
    [TestCase("2026-05-24", "pingstdagen")]
    [TestCase("2026-06-19", "midsommarafton")]
    [TestCase("2026-10-31", "alla helgons dag")]
    [TestCase("2025-11-01", "alla helgons dag")]
    [TestCase("2025-06-21", "midsommardagen")]
    public void A_moving_holiday_is_named(string day, string name) =>
        Assert.That(SwedishHolidays.In(DateOnly.Parse(day).Year)[DateOnly.Parse(day)], Is.EqualTo(name));

    [Test]
    public void Holidays_that_meet_on_a_day_do_not_lose_another() =>
        Assert.That(SwedishHolidays.In(2008), Has.Count.EqualTo(15), "Ascension Day was 1 May");

    [Test]
    public void Every_year_has_its_holidays() =>
        Assert.That(Enumerable.Range(2000, 300).Select(year => SwedishHolidays.In(year).Count), Has.All.InRange(15, 16));
}
