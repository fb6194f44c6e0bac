using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Tests.Calendar;

public sealed class LocalTimeTests
{
    private static readonly TimeZoneInfo Stockholm = TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm");

    [TestCase("2026-12-01", "09:00", "2026-12-01T09:00:00+01:00")]
    [TestCase("2026-06-01", "09:00", "2026-06-01T09:00:00+02:00")]
    [TestCase("2026-03-29", "01:59", "2026-03-29T01:59:00+01:00")]
    [TestCase("2026-03-29", "03:00", "2026-03-29T03:00:00+02:00")]
    public void A_clock_time_is_one_instant(string date, string time, string instant) =>
        Assert.That(LocalTime.Resolve(DateOnly.Parse(date), TimeOnly.Parse(time), Stockholm),
            Is.EqualTo(new LocalTime.At(DateTimeOffset.Parse(instant), HappensTwice: false)));

    [TestCase("02:00")]
    [TestCase("02:30")]
    [TestCase("02:59")]
    public void A_time_that_clocks_skip_is_refused_with_the_gap(string time) =>
        Assert.That(LocalTime.Resolve(new(2026, 3, 29), TimeOnly.Parse(time), Stockholm),
            Is.EqualTo(new LocalTime.SkippedByClockChange(new(2, 0), DateTimeOffset.Parse("2026-03-29T03:00:00+02:00"))));

    [Test]
    public void Of_a_time_that_happens_twice_the_first_is_taken() =>
        Assert.That(LocalTime.Resolve(new(2026, 10, 25), new(2, 30), Stockholm),
            Is.EqualTo(new LocalTime.At(DateTimeOffset.Parse("2026-10-25T02:30:00+02:00"), HappensTwice: true)));
}
