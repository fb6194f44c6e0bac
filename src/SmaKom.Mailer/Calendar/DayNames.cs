using System.Globalization;

namespace SmaKom.Mailer.Calendar;

/// <summary>Swedish and English names of months and days of the week, whole or cut off after three letters or more.</summary>
public static class DayNames
{
    private static readonly string[] Months =
    [
        "januari january", "februari february", "mars march", "april", "maj may", "juni june",
        "juli july", "augusti august", "september", "oktober october", "november", "december",
    ];

    // Swedish has "tisdagen" too.
    private static readonly string[] Weekdays =
    [
        "söndagen sunday", "måndagen monday", "tisdagen tuesday", "onsdagen wednesday", "torsdagen thursday", "fredagen friday", "lördagen saturday",
    ];

    /// <summary>1 to 12; null: no month is called so. Upper case is read too.</summary>
    public static int? Month(string name) => IndexOf(Months, name) is var found and >= 0 ? found + 1 : null;

    /// <summary>"son" is read as "sön": not every keyboard has the letter.</summary>
    /// <returns>Null: no day is called so.</returns>
    public static DayOfWeek? Weekday(string name) => IndexOf(Weekdays, name) is var found and >= 0 ? (DayOfWeek)found : null;

    /// <returns>Null: the calendar has no such day.</returns>
    public static DateOnly? DayOf(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new(year, month, day) : null;

    private static int IndexOf(string[] names, string name) => name.Length < 3 ? -1 : Array.FindIndex(names, known => known.Split(' ').Any(
        whole => CultureInfo.InvariantCulture.CompareInfo.IsPrefix(whole, name, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace)));
}
