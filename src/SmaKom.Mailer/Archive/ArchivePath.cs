using System.Globalization;

namespace SmaKom.Mailer.Archive;

/// <summary>
/// <c>2026-11-extra</c> ⇄ <c>/arkiv/2026/november-extra</c>. The month is named in Swedish, in every language: letters carry the address.
/// </summary>
public static class ArchivePath
{
    private static readonly string[] Months =
        ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"];

    public static string Of(string slug) =>
        $"/arkiv/{slug[..4]}/{Months[int.Parse(slug.AsSpan(5, 2), CultureInfo.InvariantCulture) - 1]}{slug[7..]}";

    /// <summary><c>/arkiv/2026</c></summary>
    public static string OfYear(int year) => string.Create(CultureInfo.InvariantCulture, $"/arkiv/{year:0000}");

    /// <summary>Null for what can be no issue.</summary>
    public static string? Slug(int year, string name)
    {
        var month = Array.FindIndex(Months, m => name == m || name.StartsWith(m + "-", StringComparison.Ordinal));
        return month < 0 || year is < 1000 or > 9999 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month + 1:00}{name[Months[month].Length..]}");
    }
}
