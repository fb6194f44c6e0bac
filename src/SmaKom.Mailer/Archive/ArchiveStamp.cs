using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Archive;

/// <summary>
/// What all that the public sees is made of, in one word: another word, and what was kept is made anew. Asked of the database once a second at most,
/// however many read.
/// </summary>
/// <param name="Word">Of every public issue and when it last changed, and of the day: a calendar knows what has passed.</param>
/// <param name="ChangedAt">When any of it last changed, or this program was started, which may show it differently.</param>
public sealed record ArchiveState(string Word, DateTimeOffset ChangedAt);

/// <summary>Reads the <see cref="ArchiveState"/>.</summary>
public sealed class ArchiveStamp(NpgsqlDataSource source, IOptions<SiteOptions> site, DatabaseClock clock, TimeProvider time)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly SharedQuery<bool, (string Word, DateTimeOffset? ChangedAt)> shared =
        new(_ => ReadAsync(source), TimeSpan.FromSeconds(1), time);

    public async Task<ArchiveState> GetAsync(CancellationToken ct)
    {
        var (word, changed) = await shared.GetAsync(true, ct);
        var today = Today();
        return new($"{word} {today:yyyy-MM-dd}", changed > startedAt ? changed.Value : startedAt);
    }

    /// <summary>The day where the site is.</summary>
    public DateOnly Today() => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), site.Value.Zone).DateTime);

    private static async Task<(string, DateTimeOffset?)> ReadAsync(NpgsqlDataSource source)
    {
        await using var select = source.CreateCommand(
            """
            SELECT COALESCE(md5(string_agg(id || ' ' || updated_at, ',' ORDER BY id)), ''), max(updated_at)
            FROM public_issue
            """);
        await using var row = await select.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));
    }
}
