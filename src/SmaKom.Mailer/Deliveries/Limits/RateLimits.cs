using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <param name="Relay">Name; null: all relays together.</param>
/// <param name="Group">Null: all destinations together.</param>
/// <param name="Per">1 second, minute, hour or day.</param>
/// <param name="DoublesFrom">Warm-up: <paramref name="Count"/> on this day (UTC), twice as many on each day after.</param>
/// <param name="Used">Letters in the span that ends now, those on their way among them.</param>
public sealed record RateLimit(short Id, string? Relay, string? Group, int Count, TimeSpan Per, DateOnly? DoublesFrom, long Used);

/// <param name="Rests">Gets nothing before <paramref name="PausedUntil"/>; else it gets letters slowly.</param>
/// <param name="Reply">The server's words.</param>
public sealed record RestingGroup(string Group, string Relay, DateTimeOffset PausedUntil, bool Rests, string Reply);

/// <summary>The limits as people set them. Workers follow a change from their next question on.</summary>
public sealed class RateLimits(NpgsqlDataSource source, DatabaseClock time)
{
    /// <summary>Of a row l of rate_limit: letters in the span that ends now.</summary>
    internal const string Used =
        "(SELECT COALESCE(sum(used), 0)::bigint FROM rate_use WHERE rate_limit_id = l.id AND slot >= rate_slot(l.per, clock_timestamp()) - 60)";

    /// <summary>Of a row l of rate_limit: no letter gets round it by another relay.</summary>
    internal const string IsOnlyWay = "(l.relay_id IS NULL OR NOT EXISTS (SELECT FROM relay WHERE enabled AND id <> l.relay_id))";

    public const int FirstYear = 2000;
    public const int LastYear = 2100;

    /// <summary>
    /// Whether a warm-up may begin on this day. The calendar's first and last days are infinite to PostgreSQL, and it cannot count how many times
    /// a number has doubled since: no letter would get a permit.
    /// </summary>
    public static bool IsDayOfWarmUp(DateOnly day) => day.Year is >= FirstYear and <= LastYear;

    public async Task<IReadOnlyList<RateLimit>> ListAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT l.id, r.name, l.destination_group, l.count, l.per, l.doubles_from, {Used}
            FROM rate_limit AS l
            LEFT JOIN relay AS r ON r.id = l.relay_id
            ORDER BY l.id
            """);
        var limits = new List<RateLimit>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            limits.Add(new(rows.GetInt16(0), rows.IsDBNull(1) ? null : rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2),
                rows.GetInt32(3),
                rows.GetTimeSpan(4), rows.IsDBNull(5) ? null : rows.GetFieldValue<DateOnly>(5), rows.GetInt64(6)));
        return limits;
    }

    /// <summary>Sets the limit of this relay, group and span; what has been used counts on. Returns its number.</summary>
    /// <param name="destination">A group's name, or a domain, which means its group.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="doublesFrom"/> is no <see cref="IsDayOfWarmUp"/>.</exception>
    public async Task<short> SetAsync(short? relay, string? destination, int count, TimeSpan per, DateOnly? doublesFrom, Actor actor,
        CancellationToken ct)
    {
        if (doublesFrom is { } day && !IsDayOfWarmUp(day)) throw new ArgumentOutOfRangeException(nameof(doublesFrom));
        var group = destination is null ? null : (await LimitRules.ReadAsync(source, time, ct)).GroupOf(destination.Trim().ToLowerInvariant());
        await using var command = source.CreateCommand(
            $"""
            WITH done AS (
                INSERT INTO rate_limit (relay_id, destination_group, count, per, doubles_from)
                VALUES (@relay, @group, @count, @per, @doubles_from)
                ON CONFLICT (relay_id, destination_group, per) DO UPDATE SET count = @count, doubles_from = @doubles_from
                RETURNING id, count, per),
            {AuditLog.Noted("done", "concat(id, ': ', count, '/', per)")}
            SELECT id FROM done
            """);
        command.With(AuditLog.Parameters(actor, "limit.set")).With(
            new("relay", NpgsqlTypes.NpgsqlDbType.Smallint) { Value = relay ?? (object)DBNull.Value },
            new("group", NpgsqlTypes.NpgsqlDbType.Text) { Value = group ?? (object)DBNull.Value },
            new("count", count),
            new("per", NpgsqlTypes.NpgsqlDbType.Interval) { Value = per },
            new("doubles_from", NpgsqlTypes.NpgsqlDbType.Date) { Value = doublesFrom ?? (object)DBNull.Value });
        return (short)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>
    /// The least time that so many letters take: by the limits that hold for all of them, a warm-up left out. Zero: they may go at once.
    /// </summary>
    public async Task<TimeSpan> LeastTimeAsync(int letters, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT COALESCE(max(per * (ceil(@letters::float8 / count) - 1)), '0')
            FROM rate_limit AS l
            WHERE destination_group IS NULL AND doubles_from IS NULL AND {IsOnlyWay}
            """).With(new NpgsqlParameter("letters", Math.Max(1, letters)));
        return (TimeSpan)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>False when there is no such limit. What has been used counts on.</summary>
    /// <param name="count">1 or more.</param>
    public Task<bool> ChangeAsync(short id, int count, Actor actor, CancellationToken ct) =>
        AuditLog.DoAsync(source, "UPDATE rate_limit SET count = @count WHERE id = @id RETURNING id, count", "concat(id, ': ', count)",
            actor, "limit.change", [new("id", id), new("count", count)], ct);

    /// <summary>Who asked us to slow down and has not recovered.</summary>
    public async Task<IReadOnlyList<RestingGroup>> RestingAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            SELECT s.destination_group, r.name, s.paused_until, s.paused_until > now(), s.reply
            FROM destination_state AS s
            JOIN relay AS r ON r.id = s.relay_id
            ORDER BY s.destination_group, r.name
            """);
        var groups = new List<RestingGroup>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            groups.Add(new(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetBoolean(3), rows.GetString(4)));
        return groups;
    }

    /// <summary>False when there is no such limit.</summary>
    public Task<bool> RemoveAsync(short id, Actor actor, CancellationToken ct) =>
        AuditLog.DoAsync(source, "DELETE FROM rate_limit WHERE id = @id RETURNING id", "id::text", actor, "limit.remove", [new("id", id)], ct);
}
