using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What was found, in the language of whoever asks.</summary>
public sealed class FlawWords(IStringLocalizer<IssueWords> words, LocalText text)
{
    public IssueFinding Say(IssueFlaw flaw) =>
        new(flaw.Blocks, flaw.Place, words[flaw.Kind, [.. flaw.Facts.Select(Told)]], flaw.Kind);

    private object Told(object fact) => fact switch
    {
        int number => text.Number(number),
        DateOnly day => text.Day(day),
        DayOfWeek weekday => CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName(weekday),
        TimeOnly clock => text.Clock(clock),
        DateTimeOffset at => text.Short(at),
        MonthOfIssue month => text.Month(month.Year, month.Month),
        _ => fact,
    };
}
