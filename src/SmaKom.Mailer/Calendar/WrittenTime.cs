using System.Globalization;
using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Calendar;

/// <summary>What people mean who write a time: "på tisdag kl 9", "1 dec 9.30", "2026-12-01 09:00", "tomorrow at 9".</summary>
public abstract partial record WrittenTime
{
    /// <summary>A day that comes round again and has just passed is not taken for next year's, this many days ahead or more.</summary>
    private const int TooFarToMean = 180;

    private WrittenTime() { }

    /// <param name="Day">Null: none was written.</param>
    /// <param name="Clock">Null: none was written.</param>
    public sealed record Understood(DateOnly? Day, TimeOnly? Clock) : WrittenTime;

    /// <param name="Words">The part that says nothing of a time, or says it a second time.</param>
    public sealed record NotUnderstood(string Words) : WrittenTime;

    /// <param name="Words">As "31 november".</param>
    public sealed record NoSuchDay(string Words) : WrittenTime;

    /// <param name="Words">As "25.00".</param>
    public sealed record NoSuchClock(string Words) : WrittenTime;

    public sealed record OtherWeekday(DateOnly Day, DayOfWeek Written) : WrittenTime;

    /// <param name="Passed">In this year, which was not written.</param>
    public sealed record YearMissing(DateOnly Passed) : WrittenTime;

    /// <summary>Swedish or English, in any order, a day of the month before its month where both are figures.</summary>
    /// <param name="today">Where it is written: "tisdag" is the next after this day, "nästa tisdag" the one of the week to come.</param>
    public static WrittenTime Read(string text, DateOnly today)
    {
        var rest = Filler().Replace(text.Replace('\u00A0', ' ').Replace('\u202F', ' '), " ").Trim();
        DateOnly? day = null;
        DayOfWeek? weekday = null;
        TimeOnly? clock = null;
        var nextWeek = false;
        while (rest.Length > 0)
        {
            if (ExplicitClock().Match(rest) is { Success: true } time && clock is null)
            {
                if (ReadClock(time) is not { } read) return new NoSuchClock(time.Groups["words"].Value);
                (clock, rest) = (read, After(time, rest));
            }
            else if (DateIn(rest) is { } date && day is null)
            {
                var found = ReadDay(date, today);
                if (found is not Understood { Day: { } read }) return found;
                (day, rest) = (read, After(date, rest));
            }
            else if (RelativeDay().Match(rest) is { Success: true } relative && day is null)
                (day, rest) = (today.AddDays(DaysAhead(relative)), After(relative, rest));
            else if (WeekdayName().Match(rest) is { Success: true } name && weekday is null && DayNames.Weekday(name.Groups["name"].Value) is { } read)
                (weekday, nextWeek, rest) = (read, name.Groups["next"].Success, After(name, rest));
            else if (BareClock().Match(rest) is { Success: true } bare && clock is null && ReadClock(bare) is { } hour)
                (clock, rest) = (hour, After(bare, rest));
            else
                return new NotUnderstood(rest);
        }

        if (day is { } dated && weekday is { } written && dated.DayOfWeek != written) return new OtherWeekday(dated, written);
        return new Understood(day ?? (weekday is { } coming ? Coming(coming, nextWeek, today) : null), clock);
    }

    private static Match? DateIn(string rest) =>
        new[] { Iso(), Figures(), DayAndMonth(), MonthAndDay() }.Select(form => form.Match(rest))
            .FirstOrDefault(match => match.Success && (!match.Groups["name"].Success || DayNames.Month(match.Groups["name"].Value) is not null));

    private static string After(Match match, string rest) => rest.AsSpan(match.Length).Trim().ToString();

    private static WrittenTime ReadDay(Match date, DateOnly today)
    {
        var day = Number(date, "day")!.Value;
        var month = Number(date, "month") ?? DayNames.Month(date.Groups["name"].Value)!.Value;
        if (Number(date, "year") is { } year) return DayNames.DayOf(year, month, day) is { } exact ? new Understood(exact, null) : NoDay(date);
        if (DayNames.DayOf(today.Year, month, day) is { } thisYear && thisYear >= today) return new Understood(thisYear, null);
        if (DayNames.DayOf(today.Year + 1, month, day) is { } next && next.DayNumber - today.DayNumber < TooFarToMean) return new Understood(next, null);
        return DayNames.DayOf(today.Year, month, day) is { } passed ? new YearMissing(passed) : NoDay(date);
    }

    private static NoSuchDay NoDay(Match date) => new(date.Value.Trim());

    private static TimeOnly? ReadClock(Match clock)
    {
        var (hour, minute) = (Number(clock, "hour")!.Value, Number(clock, "minute") ?? 0);
        if (clock.Groups["half"] is { Success: true } half)
        {
            if (hour is < 1 or > 12) return null;
            hour = hour % 12 + (half.Value[0] is 'p' or 'P' ? 12 : 0);
        }
        return hour <= 23 && minute <= 59 ? new(hour, minute) : null;
    }

    private static int DaysAhead(Match relative) => relative switch
    {
        _ when relative.Groups["twodays"].Success => 2,
        _ when relative.Groups["tomorrow"].Success => 1,
        _ => 0,
    };

    private static DateOnly Coming(DayOfWeek weekday, bool nextWeek, DateOnly today)
    {
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var thisWeek = monday.AddDays(((int)weekday + 6) % 7);
        return nextWeek || thisWeek <= today ? thisWeek.AddDays(7) : thisWeek;
    }

    private static int? Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : null;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const string End = @"(?=\s|$)";
    private const string HalfOfDay = @"(\s*(?<half>[ap])\.?m\.?)";
    private const string Figure = @"[0-9]{1,2}";

    [GeneratedRegex(@"(?<=[0-9])T(?=[0-9])|,|(?<!\S)(på|den|nu|on|the|this)(?!\S)|\s+", Options)]
    private static partial Regex Filler();

    [GeneratedRegex($@"^((kl\.?|klockan|at)\s*(?<words>(?<hour>{Figure})([.:]?(?<minute>[0-9][0-9])(:[0-9][0-9])?)?{HalfOfDay}?)"
        + $@"|(?<words>(?<hour>{Figure})[.:](?<minute>[0-9][0-9])(:[0-9][0-9])?{HalfOfDay}?)|(?<words>(?<hour>{Figure}){HalfOfDay})){End}", Options)]
    private static partial Regex ExplicitClock();

    [GeneratedRegex($@"^(?<words>(?<hour>{Figure})){End}", Options)]
    private static partial Regex BareClock();

    [GeneratedRegex($@"^(?<year>[0-9]{{4}})-(?<month>{Figure})-(?<day>{Figure}){End}", Options)]
    private static partial Regex Iso();

    [GeneratedRegex($@"^((?<day>{Figure})/(?<month>{Figure})([/\s]+(?<year>[12][0-9]{{3}}))?|(?<day>{Figure})\.(?<month>{Figure})\.(?<year>[12][0-9]{{3}})){End}",
        Options)]
    private static partial Regex Figures();

    [GeneratedRegex($@"^(?<day>{Figure})(:?[ae]|st|nd|rd|th)?\.?\s*(of\s+)?(?<name>\p{{L}}{{3,}})\.?(\s+(?<year>[12][0-9]{{3}}))?{End}", Options)]
    private static partial Regex DayAndMonth();

    [GeneratedRegex($@"^(?<name>\p{{L}}{{3,}})\.?\s+(?<day>{Figure})(st|nd|rd|th)?(\s+(?<year>[12][0-9]{{3}}))?{End}", Options)]
    private static partial Regex MonthAndDay();

    [GeneratedRegex($@"^((?<twodays>(i\s*)?övermorgon|day\s+after\s+tomorrow)|(?<tomorrow>i\s*morgon|tomorrow)|i\s*dag|today){End}", Options)]
    private static partial Regex RelativeDay();

    [GeneratedRegex($@"^((?<next>nästa|next)\s+)?(?<name>\p{{L}}{{3,}})\.?{End}", Options)]
    private static partial Regex WeekdayName();
}
