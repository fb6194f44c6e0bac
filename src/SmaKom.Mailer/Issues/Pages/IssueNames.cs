using System.Globalization;
using Microsoft.Extensions.Localization;
using Npgsql;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>What an issue is called in running text.</summary>
public sealed class IssueNames(IStringLocalizer<StaffWords> words)
{
    /// <summary>novembernumret 2026 · the November 2026 issue</summary>
    public string Of(string slug, int year, int month)
    {
        var monthName = CultureInfo.CurrentUICulture.DateTimeFormat.GetMonthName(month);
        var name = words["Issue.Name", monthName, year.ToString(CultureInfo.InvariantCulture)].Value;
        return slug.Length > 7 ? words["Issue.Extra", name, slug[8..]] : name;
    }

    /// <summary>The same of a short name, <c>2026-11</c>; what is none stays as it is.</summary>
    public string Of(string slug) => DateOnly.TryParseExact(slug.AsSpan(0, Math.Min(7, slug.Length)), "yyyy-MM", out var month)
        ? Of(slug, month.Year, month.Month) : slug;
}

/// <summary>The same by an issue's number, read once for all that a page names.</summary>
public sealed class IssueNamesById(NpgsqlDataSource source, IssueNames names)
{
    private Task<Dictionary<string, string>>? slugs;

    /// <summary>The number itself for an issue that is no more.</summary>
    public async Task<string> OfAsync(string id) => (await (slugs ??= ReadAsync())).TryGetValue(id, out var slug) ? names.Of(slug) : id;

    private async Task<Dictionary<string, string>> ReadAsync()
    {
        await using var command = source.CreateCommand("SELECT id::text, slug FROM issue");
        var read = new Dictionary<string, string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) read[rows.GetString(0)] = rows.GetString(1);
        return read;
    }
}
