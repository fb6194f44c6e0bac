using System.Text.Json;
using Npgsql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Archive;

/// <summary>An event that an issue has told of.</summary>
/// <param name="Id">See <see cref="EventId"/>.</param>
/// <param name="Language">Of the issue.</param>
/// <param name="Slug">Of the newest issue that tells of it, which is believed.</param>
/// <param name="Year">Of that issue, as is the month.</param>
/// <param name="ToldAt">When that issue was sent, or corrected.</param>
public sealed record PublicEvent(string Id, EventItem Item, string Language, string Slug, int Year, int Month, DateTimeOffset ToldAt)
{
    public DateOnly LastDay => Item.End ?? Item.Start;
}

/// <summary>All events of what the public sees; one that several issues tell of is one.</summary>
public sealed class PublicCalendar(NpgsqlDataSource source, ArchiveStamp stamp)
{
    private volatile Kept? kept;

    public const string AllPath = "/kalender.ics";

    public static string FilePath(string id) => $"/kalender/{id}.ics";

    /// <summary>In order of time. Read once for all who ask, until what the public sees changes.</summary>
    public async Task<IReadOnlyList<PublicEvent>> EventsAsync(CancellationToken ct)
    {
        var (word, _) = await stamp.GetAsync(ct);
        if (kept is { } before && before.Word == word) return before.Events;
        var events = await ReadAsync(ct);
        kept = new(word, events);
        return events;
    }

    private async Task<IReadOnlyList<PublicEvent>> ReadAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT i.slug, i.year, i.month, COALESCE(i.corrected_at, i.published_at), COALESCE(i.content ->> 'language', 'sv'), event
            FROM public_issue AS i
            CROSS JOIN LATERAL jsonb_path_query(i.content, 'strict $.** ? (@.kind == "event")') AS event
            ORDER BY i.year DESC, i.month DESC, i.published_at DESC, i.id DESC
            """);
        var events = new Dictionary<string, PublicEvent>(StringComparer.Ordinal);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (JsonSerializer.Deserialize<Block>(rows.GetString(5), IssueContentJson.Options) is EventItem item && EventId.Of(item) is { } id)
                events.TryAdd(id, new(id, item, rows.GetString(4), rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2),
                    rows.GetFieldValue<DateTimeOffset>(3)));
        }

        return [.. events.Values.OrderBy(one => one.Item.Start).ThenBy(one => one.Item.StartTime)
            .ThenBy(one => one.Item.Name, StringComparer.Ordinal)];
    }

    private sealed record Kept(string Word, IReadOnlyList<PublicEvent> Events);
}
