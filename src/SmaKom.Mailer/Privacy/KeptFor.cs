using Microsoft.Extensions.Localization;

namespace SmaKom.Mailer.Privacy;

/// <summary>A time of retention in words: days, and from three months on whole months.</summary>
internal static class KeptFor
{
    private const double DaysOfMonth = 365.25 / 12;

    public static string KeptForWords(this IStringLocalizer<PrivacyWords> words, TimeSpan time) => time.TotalDays < 90
        ? words["Days", (int)time.TotalDays]
        : words["Months", (int)Math.Round(time.TotalDays / DaysOfMonth)];
}
