using System.Globalization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Calendar;

/// <summary>
/// Which day of its month an issue goes out. A closed day moves it to the next working day, or the one before for <see cref="LastWeekday"/>.
/// </summary>
public enum SlotDay { FirstWeekday, FirstMonday, FirstTuesday, FirstWednesday, FirstThursday, FirstFriday, LastWeekday }

/// <summary>Whose public holidays are closed days.</summary>
public enum HolidayCalendar { Swedish, None }

/// <summary>The monthly rhythm, and how closely the jobs are looked after (section <c>Schedule</c>).</summary>
public sealed class ScheduleOptions
{
    /// <summary><c>FirstWeekday</c>, <c>FirstMonday</c> to <c>FirstFriday</c>, or <c>LastWeekday</c>; a closed day moves it.</summary>
    public SlotDay Day { get; set; } = SlotDay.FirstWeekday;

    /// <summary>Clock time in the site's zone (<c>Site:TimeZone</c>), as <c>09:00</c>.</summary>
    public TimeOnly Time { get; set; } = new(9, 0);

    /// <summary>Months without an issue, as <c>7</c> or <c>7,8</c>; empty = none.</summary>
    public string SkippedMonths { get; set; } = "7";

    /// <summary><c>Swedish</c>: nothing goes out on a public holiday; or <c>None</c>.</summary>
    public HolidayCalendar Holidays { get; set; } = HolidayCalendar.Swedish;

    /// <summary>Further days on which nothing goes out, as <c>2026-12-23,2026-12-30</c>.</summary>
    public string ClosedDays { get; set; } = "";

    /// <summary>How often a worker looks for jobs whose time has come, and tries again while the database is away. 1 s to 1 min.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a worker says that it lives; what one runs that is silent for four times as long, and 5 s at least, is another's. 0.1 s to 1 min.
    /// </summary>
    public TimeSpan CheckInInterval { get; set; } = TimeSpan.FromSeconds(7.5);

    /// <summary>
    /// If no worker has lived for so long, an issue that was going out then, or that has been due for as long, goes on only when somebody has
    /// decided so: the machine may have been set back to a copy of before, and the letters gone out meanwhile. 10 min to 30 days.
    /// </summary>
    public TimeSpan LongestSleep { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long the history of jobs is kept. 1 day to 10 years.</summary>
    public TimeSpan KeepRuns { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a recurring run is kept that succeeded and had nothing to say: a job that runs each 15 s makes 5,760 such rows a day.
    /// The hourly counters go on showing it for <see cref="KeepRuns"/>. 1 hour to <see cref="KeepRuns"/>.
    /// </summary>
    public TimeSpan KeepQuietRuns { get; set; } = TimeSpan.FromDays(1);

    internal IReadOnlySet<int> SkippedMonthNumbers() =>
        Items(SkippedMonths).Select(month => int.Parse(month, CultureInfo.InvariantCulture)).ToHashSet();

    internal IReadOnlySet<DateOnly> ClosedDates() =>
        Items(ClosedDays).Select(day => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToHashSet();

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public sealed class Validation : IValidateOptions<ScheduleOptions>
    {
        public ValidateOptionsResult Validate(string? name, ScheduleOptions options)
        {
            var problems = new List<string>();
            if (Items(options.SkippedMonths)
                .FirstOrDefault(month => !int.TryParse(month, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 12) is { } badMonth)
                problems.Add(SettingWords.Say("Schedule.SkippedMonths", badMonth));
            else if (options.SkippedMonthNumbers().Count == 12)
                problems.Add(SettingWords.Say("Schedule.AllMonths"));
            if (Items(options.ClosedDays)
                .FirstOrDefault(day =>
                    !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) is { } badDay)
                problems.Add(SettingWords.Say("Schedule.ClosedDays", badDay));
            if (options.PollInterval < TimeSpan.FromSeconds(1) || options.PollInterval > TimeSpan.FromMinutes(1))
                problems.Add(SettingWords.Say("Schedule.PollInterval", options.PollInterval));
            if (options.CheckInInterval < TimeSpan.FromSeconds(0.1) || options.CheckInInterval > TimeSpan.FromMinutes(1))
                problems.Add(SettingWords.Say("Schedule.CheckInInterval", options.CheckInInterval));
            if (options.LongestSleep < TimeSpan.FromMinutes(10) || options.LongestSleep > TimeSpan.FromDays(30))
                problems.Add(SettingWords.Say("Schedule.LongestSleep", options.LongestSleep));
            if (options.KeepRuns < TimeSpan.FromDays(1) || options.KeepRuns > TimeSpan.FromDays(3660))
                problems.Add(SettingWords.Say("Schedule.KeepRuns", options.KeepRuns));
            if (options.KeepQuietRuns < TimeSpan.FromHours(1) || options.KeepQuietRuns > options.KeepRuns)
                problems.Add(SettingWords.Say("Schedule.KeepQuietRuns", options.KeepQuietRuns, options.KeepRuns));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
