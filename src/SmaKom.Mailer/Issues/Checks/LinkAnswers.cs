using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What is known of the addresses that drafts name (table <c>link_check</c>).</summary>
public sealed class LinkAnswers(NpgsqlDataSource source)
{
    /// <summary>The content's web addresses, each once.</summary>
    public static string[] AddressesIn(IssueContent content) => [.. ContentPlaces.Links(content).Select(link => link.Url)
        .Where(url => Uri.TryCreate(url, UriKind.Absolute, out var address) && LinkRules.Public.MayAsk(address)).Distinct(StringComparer.Ordinal)];

    /// <summary>By address; one that was not asked within a week is missing.</summary>
    public async Task<IReadOnlyDictionary<string, KnownAnswer>> ReadAsync(IReadOnlyCollection<string> urls, CancellationToken ct)
    {
        var known = new Dictionary<string, KnownAnswer>(StringComparer.Ordinal);
        await using var select = source.CreateCommand(
            """
            SELECT url, asked_at, outcome, status
            FROM link_check
            WHERE url_hash = ANY(@hashes) AND asked_at > now() - interval '7 days'
            """).With(new NpgsqlParameter("hashes", urls.Select(Hash).ToArray()));
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            known[rows.GetString(0)] = new(rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1),
                new(Outcome(rows.GetString(2)), rows.IsDBNull(3) ? null : rows.GetInt16(3)));
        return known;
    }

    public async Task WriteAsync(string url, LinkAnswer answer, CancellationToken ct)
    {
        await using var write = source.CreateCommand(
            """
            INSERT INTO link_check (url_hash, url, asked_at, outcome, status)
            VALUES (@hash, @url, now(), @outcome, @status)
            ON CONFLICT (url_hash) DO UPDATE
            SET asked_at = now(), outcome = @outcome, status = @status
            """).With(new("hash", Hash(url)), new("url", url), new("outcome", Word(answer.Outcome)),
                new("status", NpgsqlDbType.Smallint) { Value = (object?)(short?)answer.Status ?? DBNull.Value });
        await write.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What nobody has asked about for a month.</summary>
    public async Task ForgetAsync(CancellationToken ct)
    {
        await using var forget = source.CreateCommand("DELETE FROM link_check WHERE asked_at < now() - interval '30 days'");
        await forget.ExecuteNonQueryAsync(ct);
    }

    private static byte[] Hash(string url) => SHA256.HashData(Encoding.UTF8.GetBytes(url));

    private static string Word(LinkOutcome outcome) => MailerDb.SnakeCase($"{outcome}");

    private static LinkOutcome Outcome(string word) => Enum.GetValues<LinkOutcome>().Single(outcome => Word(outcome) == word);
}
