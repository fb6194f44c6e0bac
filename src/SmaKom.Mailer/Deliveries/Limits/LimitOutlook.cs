using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>What the limits make of the letters of an issue that wait.</summary>
/// <param name="Least">The least time that they take.</param>
/// <param name="Holding">The limit that is used up and takes longest; null: none holds a letter back now.</param>
/// <param name="Resting">The receiver that has asked us to slow down and gets nothing now; of several the one that is asked last.</param>
public sealed record LimitOutlook(TimeSpan Least, HoldingLimit? Holding, RestingLetters? Resting)
{
    public static readonly LimitOutlook None = new(TimeSpan.Zero, null, null);

    /// <summary>Nothing may go out just now, or less than waits.</summary>
    public bool Holds => Holding is not null || Resting is not null;

    public static async Task<LimitOutlook> ReadAsync(NpgsqlDataSource source, int issueId, DatabaseClock time)
    {
        var (limits, resting) = await RulesAsync(source);
        if (limits.Count == 0 && resting.Count == 0) return None;
        var waiting = await WaitingAsync(source, issueId, await LimitRules.ReadAsync(source, time, default));
        var bound = limits.Select(limit => (limit, letters: Of(waiting, limit.Group))).Where(one => one.letters > 0)
            .Select(one => (one.limit, least: one.limit.LeastTime(one.letters))).ToList();
        var asleep = resting.Select(one => one with { Letters = Of(waiting, one.Group) }).Where(one => one.Letters > 0).MaxBy(one => one.Until);
        var least = bound.Select(one => one.least).Append(asleep is null ? TimeSpan.Zero : asleep.Until - time.GetUtcNow()).Max();
        var holding = bound.Where(one => one.limit.IsUsedUp).OrderByDescending(one => one.least).Select(one => one.limit).FirstOrDefault();
        return new(least, holding, asleep);
    }

    private static int Of(Dictionary<string, int> waiting, string? group) => group is null ? waiting.Values.Sum() : waiting.GetValueOrDefault(group);

    // A limit of one relay among several binds nothing: what it does not let through goes by another.
    private static async Task<(List<HoldingLimit> Limits, List<RestingLetters> Resting)> RulesAsync(NpgsqlDataSource source)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(
            $"""
            SELECT l.destination_group, permits_at(l, now()), l.per, l.doubles_from IS NOT NULL, {RateLimits.Used}
            FROM rate_limit AS l
            WHERE {RateLimits.IsOnlyWay}
            """));
        batch.BatchCommands.Add(new(
            """
            SELECT s.destination_group, max(s.paused_until)
            FROM destination_state AS s
            JOIN relay AS r ON r.id = s.relay_id AND r.enabled
            GROUP BY s.destination_group
            HAVING count(*) = (SELECT count(*) FROM relay WHERE enabled) AND min(s.paused_until) > now()
            """));
        var (limits, resting) = (new List<HoldingLimit>(), new List<RestingLetters>());
        await using var rows = await batch.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            limits.Add(new(rows.IsDBNull(0) ? null : rows.GetString(0), rows.GetInt64(1), rows.GetTimeSpan(2), rows.GetBoolean(3), rows.GetInt64(4)));
        await rows.NextResultAsync();
        while (await rows.ReadAsync()) resting.Add(new(rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1), 0));
        return (limits, resting);
    }

    private static async Task<Dictionary<string, int>> WaitingAsync(NpgsqlDataSource source, int issueId, LimitRules rules)
    {
        await using var command = source.CreateCommand(
            """
            SELECT domain, count(*)::integer
            FROM delivery
            WHERE issue_id = @issue AND state IN ('waiting', 'sending')
            GROUP BY domain
            """).With(new NpgsqlParameter("issue", issueId));
        var waiting = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var group = rules.GroupOf(rows.GetString(0));
            waiting[group] = waiting.GetValueOrDefault(group) + rows.GetInt32(1);
        }

        return waiting;
    }
}

/// <param name="Group">Null: all destinations together.</param>
/// <param name="Count">Letters in any span of <paramref name="Per"/>, as it is today.</param>
/// <param name="Doubles">Tomorrow it is twice as many.</param>
/// <param name="Used">Letters in the span that ends now.</param>
public sealed record HoldingLimit(string? Group, long Count, TimeSpan Per, bool Doubles, long Used)
{
    public bool IsUsedUp => Used >= Count;

    /// <summary>What is used comes free within a span; after that, so many spans as there are.</summary>
    public TimeSpan LeastTime(int letters)
    {
        var left = letters - Math.Max(0, Count - Used);
        if (left <= 0) return TimeSpan.Zero;
        if (!Doubles) return Per * Math.Ceiling(left / (double)Count);
        var days = 0;
        for (var count = Count * 2; left > 0; count *= 2, days++) left -= count;
        return Per * days;
    }
}

/// <param name="Letters">Of the issue, that wait for it.</param>
public sealed record RestingLetters(string Group, DateTimeOffset Until, int Letters);
