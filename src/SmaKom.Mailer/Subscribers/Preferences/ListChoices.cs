using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Subscribers.Unsubscribe;

namespace SmaKom.Mailer.Subscribers.Preferences;

/// <param name="MayChoose">Open to everybody; of a closed list one can only leave.</param>
public sealed record OfferedList(MailingList List, bool IsOn, bool MayChoose);

/// <summary>A person's own choice of lists. What is chosen is consent, with the words that stood there; what is left gets its receipt.</summary>
public sealed class ListChoices(
    NpgsqlDataSource source, MailingLists lists, Unsubscribing unsubscribing, ConsentWording wording, DatabaseClock time)
{
    /// <summary>The open lists, and the closed ones that the person is on.</summary>
    public async Task<IReadOnlyList<OfferedList>> OfferedAsync(long subscriberId, CancellationToken ct)
    {
        var on = await OnAsync(subscriberId, ct);
        return [.. (await lists.AllAsync(ct)).Where(list => list.IsOpen || on.Contains(list.Id))
            .Select(list => new OfferedList(list, on.Contains(list.Id), list.IsOpen))];
    }

    /// <param name="chosen">Ids; those that are not offered are none.</param>
    public async Task SaveAsync(long subscriberId, IReadOnlyCollection<short> chosen, CancellationToken ct)
    {
        var offered = await OfferedAsync(subscriberId, ct);
        foreach (var list in offered.Where(list => list is { IsOn: false, MayChoose: true } && chosen.Contains(list.List.Id)))
            await JoinAsync(subscriberId, list.List, ct);
        var left = offered.Where(list => list.IsOn && !chosen.Contains(list.List.Id)).ToList();
        if (!offered.Any(list => chosen.Contains(list.List.Id)) && left.Count > 0)
            await unsubscribing.LeaveAsync(new(subscriberId, 0), LeftBy.Preferences, everything: true, ct);
        else
            foreach (var list in left)
                await unsubscribing.LeaveAsync(new LinkSubject(subscriberId, 0, list.List.Id), LeftBy.Preferences, everything: false, ct);
    }

    // A list that the person was on as a member's representative and comes back to: by consent now.
    private async Task JoinAsync(long subscriberId, MailingList list, CancellationToken ct)
    {
        var consent = wording.Of([list], "/uppgifter");
        await using var join = source.CreateCommand(
            """
            WITH joined AS (
                INSERT INTO subscription AS p (subscriber_id, list_id, legal_basis, since)
                SELECT id, @list, 'consent', @now
                FROM subscriber
                WHERE id = @id AND status = 'active'
                ON CONFLICT (subscriber_id, list_id) DO UPDATE
                SET legal_basis = 'consent', since = @now, ended_at = NULL
                WHERE p.ended_at IS NOT NULL
                RETURNING p.subscriber_id
            )
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
            SELECT subscriber_id, @now, 'joined_list', @detail
            FROM joined
            """).With(
            new("id", subscriberId), new("list", list.Id), new("now", time.GetUtcNow()),
            new("detail", NpgsqlDbType.Jsonb)
            {
                Value = JsonSerializer.Serialize(
                    new { by = "self", lists = new[] { list.Id }, consent.Version, consent.Text, consent.Language, consent.Form },
                    JsonSerializerOptions.Web),
            });
        await join.ExecuteNonQueryAsync(ct);
    }

    private async Task<HashSet<short>> OnAsync(long subscriberId, CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT list_id FROM subscription WHERE subscriber_id = @id AND ended_at IS NULL")
            .With(new NpgsqlParameter("id", subscriberId));
        var on = new HashSet<short>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) on.Add(rows.GetInt16(0));
        return on;
    }
}
