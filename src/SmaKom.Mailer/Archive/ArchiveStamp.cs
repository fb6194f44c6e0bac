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
/// <param name="ChangedAt">When this program first saw it so: an issue may also go, and a day begin.</param>
public sealed record ArchiveState(string Word, DateTimeOffset ChangedAt);

/// <summary>Reads the <see cref="ArchiveState"/>.</summary>
public sealed class ArchiveStamp(NpgsqlDataSource source, IOptions<SiteOptions> site, DatabaseClock clock, TimeProvider time)
{
    private readonly SharedQuery<bool, string> shared = new(_ => ReadAsync(source), TimeSpan.FromSeconds(1), time);
    private volatile ArchiveState? seen;

    public async Task<ArchiveState> GetAsync(CancellationToken ct)
    {
        var word = $"{await shared.GetAsync(true, ct)} {Today():yyyy-MM-dd}";
        if (seen is { } last && last.Word == word) return last;
        return seen = new(word, time.GetUtcNow());
    }

    /// <summary>The day where the site is.</summary>
    public DateOnly Today() => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), site.Value.Zone).DateTime);

    private static async Task<string> ReadAsync(NpgsqlDataSource source)
    {
        await using var select = source.CreateCommand(
            """
            SELECT COALESCE(md5(string_agg(id || ' ' || updated_at, ',' ORDER BY id)), '')
            FROM public_issue
            """);
        return (string)(await select.ExecuteScalarAsync())!;
    }
}
