using System.Runtime.CompilerServices;
using Npgsql;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>Whoever gets letters, as a file that <see cref="ImportFile"/> reads: in bounded memory, however many they are.</summary>
public sealed class SubscriberExport(NpgsqlDataSource source)
{
    /// <summary>Lines of CSV, the headings first. Who has left or was refused is not among them: a file never brings anybody back.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        yield return Csv.Line("E-post", "Namn", "Kommun", "Språk", "Listor");
        await using var select = source.CreateCommand(
            $"""
            SELECT s.email, s.name, s.municipality, s.language,
                   (SELECT string_agg(l.key, ' ' ORDER BY l.position, l.id)
                    FROM subscription AS p
                    JOIN mailing_list AS l ON l.id = p.list_id AND l.closed_at IS NULL
                    WHERE p.subscriber_id = s.id AND p.ended_at IS NULL)
            FROM subscriber AS s
            WHERE {Audience.Has("s", "(SELECT array_agg(id) FROM mailing_list)::smallint[]")}
            ORDER BY s.email_key
            """);
        select.CommandTimeout = 0;
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            yield return Csv.Line(Enumerable.Range(0, rows.FieldCount).Select(i => rows.IsDBNull(i) ? null : rows.GetString(i)));
    }
}
