using System.Collections.Frozen;
using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>
/// Which limits there are, as last read: enough to know for whom a permit must be asked. How many are left is always asked of the database.
/// </summary>
public sealed class LimitRules
{
    public static readonly LimitRules None = new([], [], [], -1);

    private readonly HashSet<(short? Relay, string? Group)> rules;
    private readonly FrozenDictionary<string, string> groups;
    private readonly Dictionary<(short Relay, string Group), SlowGroup> slow;

    private LimitRules(HashSet<(short?, string?)> rules, Dictionary<string, string> groups, Dictionary<(short, string), SlowGroup> slow,
        long version) =>
        (this.rules, this.groups, this.slow, Version) = (rules, groups.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), slow, version);

    public static async Task<LimitRules> ReadAsync(NpgsqlDataSource source, DatabaseClock time, CancellationToken ct)
    {
        await using var batch = source.CreateBatch();
        // Before the rules: what changes meanwhile is a change that has not been read.
        batch.BatchCommands.Add(new("SELECT version FROM limit_change"));
        batch.BatchCommands.Add(new("SELECT DISTINCT relay_id, destination_group FROM rate_limit"));
        batch.BatchCommands.Add(new("SELECT pattern, name FROM destination_group"));
        batch.BatchCommands.Add(new(
            """
            SELECT relay_id, destination_group, GREATEST(paused_until - now(), '0'), max_connections, GREATEST(COALESCE(raise_at - now(), '0'), '0')
            FROM destination_state
            """));
        await using var rows = await batch.ExecuteReaderAsync(ct);
        await rows.ReadAsync(ct);
        var version = rows.GetInt64(0);
        await rows.NextResultAsync(ct);
        var rules = new HashSet<(short?, string?)>();
        while (await rows.ReadAsync(ct)) rules.Add((rows.IsDBNull(0) ? null : rows.GetInt16(0), rows.IsDBNull(1) ? null : rows.GetString(1)));
        await rows.NextResultAsync(ct);
        var groups = new Dictionary<string, string>();
        while (await rows.ReadAsync(ct)) groups[rows.GetString(0)] = rows.GetString(1);
        await rows.NextResultAsync(ct);
        var slow = new Dictionary<(short, string), SlowGroup>();
        var now = time.GetUtcNow();
        while (await rows.ReadAsync(ct))
            slow[(rows.GetInt16(0), rows.GetString(1))] = new(now + rows.GetTimeSpan(2), rows.GetInt32(3), now + rows.GetTimeSpan(4));
        return new(rules, groups, slow, version);
    }

    /// <summary>The group that a domain's receiver is known by; a domain that nobody has grouped is its own.</summary>
    public string GroupOf(string domain)
    {
        if (groups.TryGetValue(domain, out var name)) return name;
        for (var dot = domain.IndexOf('.'); dot >= 0; dot = domain.IndexOf('.', dot + 1))
            if (groups.TryGetValue("*" + domain[dot..], out name)) return name;
        return domain;
    }

    /// <summary>True when some rule counts letters to this group over this relay.</summary>
    public bool Count(short relay, string group) =>
        rules.Count > 0 && (rules.Contains((null, null)) || rules.Contains((relay, null)) || rules.Contains((null, group))
            || rules.Contains((relay, group)));

    /// <summary>Another one, and limits have changed.</summary>
    public long Version { get; }

    public bool AreNone => rules.Count == 0 && slow.Count == 0;
    public bool AnySlow => slow.Count > 0;

    /// <summary>Null for a group that takes letters as fast as they come.</summary>
    public SlowGroup? Slow(short relay, string group) => slow.GetValueOrDefault((relay, group));
}

/// <summary>A group that has asked us to slow down.</summary>
/// <param name="MaxConnections">Letters on their way to it at once, of all workers together, after the pause.</param>
/// <param name="RaiseAt">An acceptance after it allows one more.</param>
public sealed record SlowGroup(DateTimeOffset PausedUntil, int MaxConnections, DateTimeOffset RaiseAt);
