using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Whether readers are at work, and not asleep, when the issue comes.</summary>
public static class SendingTimeChecks
{
    /// <summary>From this clock time in the site's zone, and until that one, it is night.</summary>
    public static readonly TimeOnly Night = new(21, 0), Morning = new(7, 0);

    /// <param name="local">In the site's zone.</param>
    public static IEnumerable<IssueFlaw> Find(DateTimeOffset local, MonthlySlot slot)
    {
        var (day, clock) = (DateOnly.FromDateTime(local.DateTime), TimeOnly.FromDateTime(local.DateTime));
        if (clock >= Night || clock < Morning) yield return IssueFlaw.Warn(null, "SentAtNight", clock);
        if (slot.IsClosed(day)) yield return IssueFlaw.Warn(null, "SentOnDayOff", day.DayOfWeek, day);
    }
}
