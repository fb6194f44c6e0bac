using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>What the database counts of permits: given, under way, ended. All workers share it.</summary>
internal sealed class PermitStore(NpgsqlDataSource source)
{
    /// <summary>Stands for a moment of which nobody knows whether it was written: nothing is counted there, so nothing is taken away.</summary>
    public static readonly DateTime Uncertain = DateTime.UnixEpoch;

    /// <summary>Takes as many as there are, up to <paramref name="wanted"/>.</summary>
    /// <param name="ended">When those were given, or renewed, whose letters have been handled.</param>
    /// <returns>At: when they were given. Wait: until then there are surely no more.</returns>
    public async Task<(int Granted, TimeSpan Wait, DateTime At)> TakeAsync(short relay, string group, int wanted, DateTime[] ended)
    {
        await using var command = source.CreateCommand("SELECT granted, wait, at FROM take_permits(@relay, @group, @wanted, @ended)");
        command.With(new("relay", relay), new("group", group), new("wanted", wanted), new("ended", ended));
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt32(0), row.GetTimeSpan(1), row.GetDateTime(2));
    }

    /// <summary>
    /// Letters that are still on their way: their permits stand a minute ahead of now again, as when they were given. Locked and counted
    /// as <c>take_permits</c> does, in one transaction.
    /// </summary>
    /// <param name="given">When they were given, or renewed last.</param>
    /// <returns>When they were renewed.</returns>
    public async Task<DateTime> RenewAsync(short relay, string group, DateTime[] given)
    {
        const string Matching = "(relay_id IS NULL OR relay_id = @relay) AND (destination_group IS NULL OR destination_group = @group)";
        await using var batch = source.CreateBatch();
        Add($"SELECT id FROM rate_limit WHERE {Matching} ORDER BY id FOR NO KEY UPDATE");
        Add(
            $"""
            UPDATE rate_use AS u
            SET used = GREATEST(0, u.used - old.n)
            FROM (
                SELECT id, rate_slot(per, moment + interval '1 minute') AS slot, count(*) AS n
                FROM rate_limit, unnest(@given) AS moment
                WHERE {Matching}
                GROUP BY id, 2) AS old
            WHERE u.rate_limit_id = old.id AND u.slot = old.slot
            """);
        Add(
            $"""
            INSERT INTO rate_use
            SELECT id, rate_slot(per, now() + interval '1 minute'), cardinality(@given)
            FROM rate_limit
            WHERE {Matching}
            ON CONFLICT (rate_limit_id, slot) DO UPDATE SET used = rate_use.used + EXCLUDED.used
            """);
        Add("SELECT now()");
        await using var rows = await batch.ExecuteReaderAsync();
        // The rules that were locked; the two statements after them return nothing.
        await rows.NextResultAsync();
        await rows.ReadAsync();
        return rows.GetDateTime(0);

        void Add(string sql) => batch.BatchCommands.Add(new(sql) { Parameters = { new("relay", relay), new("group", group), new("given", given) } });
    }
}
