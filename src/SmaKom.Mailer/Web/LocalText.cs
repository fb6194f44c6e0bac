using System.Globalization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Web;

/// <summary>Dates, times and numbers as people read them, in the language of the page and the site's zone.</summary>
public sealed class LocalText(IOptions<SiteOptions> site)
{
    private const char NarrowNoBreakSpace = '\u202F';

    /// <summary>tisdag 1 december 2026 kl. 09.00 · Tuesday 1 December 2026 at 09:00</summary>
    public string DateAndTime(DateTimeOffset at) => After(Date(at), Clock(at));

    /// <summary>tisdag 1 december 2026 · Tuesday 1 December 2026</summary>
    public string Date(DateTimeOffset at) => Local(at).ToString("dddd d MMMM yyyy", Culture);

    /// <summary>For lists: 1 dec. kl. 09.00 · 1 Dec at 09:00</summary>
    public string Short(DateTimeOffset at) => After(Local(at).ToString("d MMM", Culture), Clock(at));

    /// <summary>09.00 · 09:00</summary>
    public string Clock(DateTimeOffset at) => Local(at).ToString(Word("Clock"), Culture);

    /// <summary>The same of a clock time by itself.</summary>
    public string Clock(TimeOnly clock) => clock.ToString(Word("Clock"), Culture);

    /// <summary>1 december 2026 · 1 December 2026</summary>
    public string Day(DateOnly day) => day.ToString("d MMMM yyyy", Culture);

    /// <summary>tisdag · Tuesday</summary>
    public string Weekday(DayOfWeek day) => Culture.DateTimeFormat.GetDayName(day);

    /// <summary>november 2026 · November 2026</summary>
    public string Month(int year, int month) => $"{Culture.DateTimeFormat.GetMonthName(month)} {year.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>1 204, with a narrow space that does not break.</summary>
    public string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', NarrowNoBreakSpace);

    /// <summary>For the <c>datetime</c> attribute.</summary>
    public string Machine(DateTimeOffset at) => Local(at).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>2026-12-02 09:10:05, as spreadsheets read a time.</summary>
    public string Cell(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, site.Value.Zone);

    private static CultureInfo Culture => CultureInfo.CurrentUICulture;

    private static string After(string day, string clock) => string.Format(CultureInfo.InvariantCulture, Word("ClockAfterDay"), day, clock);

    private static string Word(string key) => WebWords.Of(key, Culture)!;
}
