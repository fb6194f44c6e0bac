using System.Globalization;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Reads a Date header (RFC 5322 §3.3, with the obsolete zones and years of §4.3).</summary>
internal static class MailDate
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Null when it is no date.</summary>
    public static DateTimeOffset? Read(string? raw)
    {
        var words = (raw ?? "").Split('(')[0].Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && !char.IsAsciiDigit(words[0][0]))
            words = words[1..]; // the weekday
        if (words.Length < 4 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            || words[1].Length < 3 || Array.IndexOf(Months, words[1][..3].ToLowerInvariant()) is var month && month < 0
            || !int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !TimeSpan.TryParse(words[3], CultureInfo.InvariantCulture, out var time))
            return null;
        year += year < 50 ? 2000 : year < 1000 ? 1900 : 0;
        var offset = Offset(words.Length > 4 ? words[4] : "");
        if (year > 9998 || day < 1 || day > DateTime.DaysInMonth(year, month + 1) || time < TimeSpan.Zero || time >= TimeSpan.FromDays(1))
            return null;
        return new DateTimeOffset(new DateTime(year, month + 1, day, 0, 0, 0, DateTimeKind.Unspecified) + time, offset);
    }

    private static TimeSpan Offset(string zone)
    {
        var hours = zone.ToUpperInvariant() switch
        {
            "EDT" => -4,
            "EST" or "CDT" => -5,
            "CST" or "MDT" => -6,
            "MST" or "PDT" => -7,
            "PST" => -8,
            _ => 0,
        };
        if (zone.Length != 5 || zone[0] is not ('+' or '-') || !int.TryParse(zone.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits))
            return TimeSpan.FromHours(hours);
        var offset = new TimeSpan(digits / 100, digits % 100, 0);
        return offset > TimeSpan.FromHours(14) ? TimeSpan.Zero : zone[0] == '-' ? -offset : offset;
    }
}
