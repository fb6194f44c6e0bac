namespace SmaKom.Mailer.Calendar;

/// <summary>Which instant a person means by a date and a clock time.</summary>
public abstract record LocalTime
{
    private LocalTime() { }

    /// <param name="Instant">With the zone's offset at that instant.</param>
    /// <param name="HappensTwice">Clocks go back, and the first of the two instants was taken.</param>
    public sealed record At(DateTimeOffset Instant, bool HappensTwice) : LocalTime;

    /// <summary>Clocks go forward over this time: no clock ever shows it on that day.</summary>
    /// <param name="Skipped">First clock time that is skipped, as 02:00.</param>
    /// <param name="Resumed">The instant at which clocks go on, as 03:00.</param>
    public sealed record SkippedByClockChange(TimeOnly Skipped, DateTimeOffset Resumed) : LocalTime;

    public static LocalTime Resolve(DateOnly date, TimeOnly time, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(time);
        if (zone.IsInvalidTime(local)) return Gap(local, zone);
        if (!zone.IsAmbiguousTime(local)) return new At(new(local, zone.GetUtcOffset(local)), HappensTwice: false);

        // The first of two is the one further ahead of UTC: summer time, before clocks go back.
        return new At(new(local, zone.GetAmbiguousTimeOffsets(local).Max()), HappensTwice: true);
    }

    private static SkippedByClockChange Gap(DateTime local, TimeZoneInfo zone)
    {
        // Zones change their clocks at whole minutes.
        var first = new DateTime(local.Ticks - local.Ticks % TimeSpan.TicksPerMinute);
        while (zone.IsInvalidTime(first.AddMinutes(-1))) first = first.AddMinutes(-1);
        var resumed = first;
        while (zone.IsInvalidTime(resumed)) resumed = resumed.AddMinutes(1);
        return new(TimeOnly.FromDateTime(first), new(resumed, zone.GetUtcOffset(resumed)));
    }
}
