using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>The short names of issues: <c>2026-12</c>, and <c>2026-12-2</c> for a second one in that month.</summary>
internal static class IssueSlug
{
    /// <summary>The month's first one that is free. Whoever asks next waits until this transaction has ended.</summary>
    public static async Task<string> FreeAsync(NpgsqlConnection connection, int year, int month, CancellationToken ct)
    {
        await using (var one = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtext('issue slug'))", connection)) await one.ExecuteNonQueryAsync(
            ct);
        await using var free = new NpgsqlCommand(
            """
            SELECT slug
            FROM (SELECT n, to_char(@year, 'FM0000') || '-' || to_char(@month, 'FM00') || CASE WHEN n = 1 THEN '' ELSE '-' || n END AS slug
                  FROM generate_series(1, (SELECT count(*)::int + 1 FROM issue WHERE (year, month) = (@year, @month)) + 1) AS n) AS names
            WHERE NOT EXISTS (SELECT FROM issue WHERE issue.slug = names.slug)
            ORDER BY n
            LIMIT 1
            """, connection).With(new("year", year), new("month", month));
        return (string)(await free.ExecuteScalarAsync(ct))!;
    }

    /// <summary>What a deleted draft is called, so that its name is free.</summary>
    public static string OfDeleted(int year, int month, int issue) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-x{issue}");
}
