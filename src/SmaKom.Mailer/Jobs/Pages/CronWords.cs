using System.Globalization;
using Microsoft.Extensions.Localization;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>A cron expression as Hangfire reads it (seconds, minutes, hours, day of month, month, day of week) as a person says it.</summary>
public sealed class CronWords(IStringLocalizer<JobWords> words)
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>var 15:e sekund · varje dag kl. 03.00 · varje måndag kl. 06.00; what has no such words, as it is.</summary>
    public string Of(string cron)
    {
        var fields = cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6 || fields[4] is not "*") return Other(cron);
        var (second, minute, hour) = (fields[0], fields[1], fields[2]);
        if (!IsAny(fields[3]) || !IsAny(fields[5])) return AtClock(second, minute, hour) is { } clock && OnDays(fields[3], fields[5], clock)
            is { } days ? days : Other(cron);
        if (minute is "*" && hour is "*") return Step(second) is { } seconds ? Every("Second", seconds) : Number(second) is null ? Other(cron)
            : Every("Minute", 1);
        if (Number(second) is null) return Other(cron);
        if (hour is "*")
        {
            if (Step(minute) is { } minutes) return Every("Minute", minutes);
            return Number(minute) switch { null => Other(cron), 0 => Every("Hour", 1), var past => words["Cron.Past", past] };
        }

        if (Step(hour) is { } hours && Number(minute) is 0) return Every("Hour", hours);
        return AtClock(second, minute, hour) is { } time ? words["Cron.Daily", time] : Other(cron);
    }

    private string? OnDays(string ofMonth, string ofWeek, string clock)
    {
        if (IsAny(ofWeek)) return Number(ofMonth) is { } date ? words["Cron.Monthly", Ordinal(date), clock].Value : null;
        if (!IsAny(ofMonth)) return null;
        if (ofWeek is "MON-FRI" or "1-5") return words["Cron.Weekdays", clock];
        var day = Array.IndexOf(Days, ofWeek);
        if (day < 0 && Number(ofWeek) is >= 0 and <= 7 and var number) day = number % 7;
        return day < 0 ? null : words["Cron.Weekly", CultureInfo.CurrentUICulture.DateTimeFormat.DayNames[day], clock].Value;
    }

    private string Every(string unit, int count) => count == 1 ? words[$"Cron.Every{unit}"] : words[$"Cron.Every{unit}s", Ordinal(count)];

    private string Other(string cron) => words["Cron.Other", cron];

    private string? AtClock(string second, string minute, string hour) =>
        Number(second) is not null && Number(minute) is { } m
            && Number(hour) is { } h
            ? words["Cron.Clock", h.ToString("00", CultureInfo.InvariantCulture), m.ToString("00", CultureInfo.InvariantCulture)].Value : null;

    // Swedish counts in ordinals (var 15:e), English does not (every 15).
    private static string Ordinal(int number) =>
        CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? $"{number}"
            : $"{number}:{(number % 10 is 1 or 2 && number % 100 is not (11 or 12) ? "a" : "e")}";

    private static bool IsAny(string field) => field is "*" or "?";

    private static int? Number(string field) => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Step(string field) =>
        field is "*" ? 1 : field.StartsWith("0/", StringComparison.Ordinal)
        || field.StartsWith("*/", StringComparison.Ordinal) ? Number(field[2..]) : null;
}
