using Npgsql;

namespace SmaKom.Mailer.Subscribers;

/// <summary>How a municipality stands.</summary>
public enum MunicipalityNeed
{
    /// <summary>Somebody was there, and nobody gets letters now.</summary>
    NobodyLeft,
    /// <summary>Letters come back, or somebody has left.</summary>
    Trouble,
    None,
}

/// <summary>The people of one municipality, or of another text that people wrote in its place.</summary>
/// <param name="Receiving">Active, also those who have paused.</param>
/// <param name="Troubled">With a task about their address that is not done, or letters that came back within 60 days.</param>
/// <param name="Stopped">By bounces, or by a complaint.</param>
/// <param name="Left">By themselves.</param>
/// <param name="Writings">As it stands in the register; empty: nobody is there.</param>
/// <param name="ToAsk">Who is stopped or in trouble: name and address.</param>
public sealed record MunicipalityCount(
    string Name, int Receiving, int Troubled, int Stopped, int Left, IReadOnlyList<string> Writings, IReadOnlyList<string> ToAsk)
{
    public MunicipalityNeed Need => Receiving == 0 && Stopped + Left > 0 ? MunicipalityNeed.NobodyLeft
        : Troubled > 0 ? MunicipalityNeed.Trouble : MunicipalityNeed.None;
}

/// <summary>The register by municipality: all of Sweden's, and whatever else people wrote.</summary>
public sealed class ByMunicipality(NpgsqlDataSource source)
{
    private static readonly StringComparer Swedish = StringComparer.Create(new("sv"), ignoreCase: true);

    /// <summary>Those who need somebody first, then in Swedish order; and how many active people have none.</summary>
    public async Task<(IReadOnlyList<MunicipalityCount> All, int Without)> ReadAsync(CancellationToken ct)
    {
        var written = await CountAsync(ct);
        var known = written.Where(one => one.Writings.Count > 0).GroupBy(one => one.Name, StringComparer.OrdinalIgnoreCase).Select(Together);
        var all = known.ToDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var one in Municipalities.All) all.TryAdd(one.Name, new(one.Name, 0, 0, 0, 0, [], []));
        return ([.. all.Values.OrderBy(one => one.Need).ThenBy(one => one.Name, Swedish)],
            written.Where(one => one.Writings.Count == 0).Sum(one => one.Receiving));
    }

    private async Task<IReadOnlyList<MunicipalityCount>> CountAsync(CancellationToken ct)
    {
        // Names are sorted here: in order, the aggregate would have the server sort all of the register for the few of them.
        await using var select = source.CreateCommand(
            """
            SELECT COALESCE(s.municipality, ''),
                   count(*) FILTER (WHERE s.status = 'active')::integer,
                   count(*) FILTER (WHERE s.status IN ('active', 'bounced') AND t.subscriber_id IS NOT NULL)::integer,
                   count(*) FILTER (WHERE s.status IN ('bounced', 'complained'))::integer,
                   count(*) FILTER (WHERE s.status = 'unsubscribed')::integer,
                   COALESCE(array_agg(concat_ws(', ', s.name, s.email))
                       FILTER (WHERE s.status = 'bounced' OR s.status = 'active' AND t.subscriber_id IS NOT NULL), '{}')
            FROM subscriber AS s
            LEFT JOIN (
                SELECT subscriber_id
                FROM staff_task
                WHERE done_at IS NULL AND kind IN ('address_gone', 'mailbox_troubled', 'has_left')
                UNION
                SELECT subscriber_id
                FROM return_signal
                WHERE class IN ('soft', 'ambiguous') AND at > now() - interval '60 days') AS t ON t.subscriber_id = s.id
            WHERE s.status <> 'erased' AND s.same_as IS NULL
            GROUP BY 1
            """);
        var counts = new List<MunicipalityCount>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var text = rows.GetString(0);
            counts.Add(new(Municipalities.NameOf(text)!.Trim(), rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3), rows.GetInt32(4),
                string.IsNullOrWhiteSpace(text) ? [] : [text],
                [.. rows.GetFieldValue<string[]>(5).Order(Swedish)]));
        }

        return counts;
    }

    private static MunicipalityCount Together(IEnumerable<MunicipalityCount> same) => same.Aggregate((one, other) => one with
    {
        Receiving = one.Receiving + other.Receiving,
        Troubled = one.Troubled + other.Troubled,
        Stopped = one.Stopped + other.Stopped,
        Left = one.Left + other.Left,
        Writings = [.. one.Writings, .. other.Writings],
        ToAsk = [.. one.ToAsk, .. other.ToAsk],
    });
}
