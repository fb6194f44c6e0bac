namespace SmaKom.Mailer.Schedule;

/// <summary>
/// Sweden's public holidays (lag 1989:253 om allmänna helgdagar), and the three eves that offices keep as holidays
/// (semesterlag 1977:480, 3 a §): Midsummer Eve, Christmas Eve, New Year's Eve.
/// </summary>
public static class SwedishHolidays
{
    /// <summary>All closed days of a year that are not already Sundays by rule, by date.</summary>
    public static IReadOnlyDictionary<DateOnly, string> In(int year)
    {
        var easter = EasterSunday(year);
        var midsummerDay = FirstSaturdayFrom(new(year, 6, 20));
        return new Dictionary<DateOnly, string>
        {
            [new(year, 1, 1)] = "nyårsdagen",
            [new(year, 1, 6)] = "trettondedag jul",
            [easter.AddDays(-2)] = "långfredagen",
            [easter] = "påskdagen",
            [easter.AddDays(1)] = "annandag påsk",
            [easter.AddDays(49)] = "pingstdagen",
            [midsummerDay.AddDays(-1)] = "midsommarafton",
            [midsummerDay] = "midsommardagen",
            [FirstSaturdayFrom(new(year, 10, 31))] = "alla helgons dag",
            [new(year, 12, 24)] = "julafton",
            [new(year, 12, 25)] = "juldagen",
            [new(year, 12, 26)] = "annandag jul",
            [new(year, 12, 31)] = "nyårsafton",
            // These can fall on one day with the others or with each other, as Ascension Day and 1 May did in 2008.
            [new(year, 6, 6)] = "nationaldagen",
            [new(year, 5, 1)] = "första maj",
            [easter.AddDays(39)] = "Kristi himmelsfärdsdag",
        };
    }

    /// <summary>Easter Sunday of the Gregorian calendar (the "anonymous" computus of 1876).</summary>
    public static DateOnly EasterSunday(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var (d, e) = (b / 4, b % 4);
        var g = (8 * b + 13) / 25;
        var h = (19 * a + b - d - g + 15) % 30;
        var (i, k) = (c / 4, c % 4);
        var l = (32 + 2 * e + 2 * i - h - k) % 7;
        var m = (a + 11 * h + 19 * l) / 433;
        var month = (h + l - 7 * m + 90) / 25;
        return new(year, month, (h + l - 7 * m + 33 * month + 19) % 32);
    }

    private static DateOnly FirstSaturdayFrom(DateOnly day) => day.AddDays(((int)DayOfWeek.Saturday - (int)day.DayOfWeek + 7) % 7);
}
