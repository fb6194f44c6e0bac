using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Subscribers;

/// <param name="Gets">People who would get a letter.</param>
/// <param name="Paused">People who would, had they not paused.</param>
public readonly record struct AudienceSize(int Gets, int Paused);

/// <summary>How many an issue would go to if it started now.</summary>
public sealed class AudienceCount(NpgsqlDataSource source)
{
    /// <summary>Who is on several of its lists counts once.</summary>
    public Task<AudienceSize> OfIssueAsync(int issue, CancellationToken ct) =>
        CountAsync(Audience.Has("s", "(SELECT lists FROM issue WHERE id = @issue)::smallint[]"), [new("issue", issue)], ct);

    /// <summary>Of all lists together: whoever is active is on one at least.</summary>
    public Task<AudienceSize> OfAllAsync(CancellationToken ct) => CountAsync("s.status = 'active'", [], ct);

    private async Task<AudienceSize> CountAsync(string condition, NpgsqlParameter[] parameters, CancellationToken ct)
    {
        await using var count = source.CreateCommand(
            $"""
            SELECT count(*) FILTER (WHERE NOT {Audience.IsPaused("s")}), count(*) FILTER (WHERE {Audience.IsPaused("s")})
            FROM subscriber AS s
            WHERE {condition}
            """).With(parameters);
        await using var row = await count.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(checked((int)row.GetInt64(0)), checked((int)row.GetInt64(1)));
    }
}
