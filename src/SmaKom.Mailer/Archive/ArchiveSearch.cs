using System.Text;
using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Archive;

/// <summary>A part of an issue that has the words.</summary>
/// <param name="Path">Of the part on the issue's page.</param>
/// <param name="Section">Its heading; null: it stands under none.</param>
/// <param name="IsContact">Whom to turn to, last in the letter.</param>
/// <param name="Language">Of the issue.</param>
/// <param name="Words">What stands around them, in pieces; those that were searched for are marked.</param>
public sealed record ArchiveHit(string Path, int Year, int Month, string Subject, string? Section, bool IsContact, string Language,
    IReadOnlyList<(string Text, bool IsMarked)> Words);

/// <param name="Found">On all pages together.</param>
public sealed record ArchiveHits(IReadOnlyList<ArchiveHit> Hits, int Found)
{
    public static ArchiveHits None { get; } = new([], 0);
}

/// <summary>
/// Finds words in what the public sees. All of them must stand in one part; the last one may be the beginning of a word, since people are still
/// typing it. Newest first: who searches an archive of news knows about when it was.
/// </summary>
public sealed class ArchiveSearch(NpgsqlDataSource source)
{
    public const string QueryKey = "q", PageKey = "sida";
    public const int HitsOnPage = 10, MostPages = 100;

    /// <summary>UTF-16 code units; and words. What is longer is cut.</summary>
    public const int Longest = 100, MostWords = 8;

    // At once. Each of PostgreSQL's processes loads the dictionaries anew, which takes longer than a search; and an issue that goes out needs the
    // processor, too.
    private const int AtOnce = 4;

    private readonly SemaphoreSlim turns = new(AtOnce);

    // No text has them: they are controls, which content may not hold.
    private const char Begin = '\u0002', End = '\u0003';

    /// <param name="typed">As somebody typed it.</param>
    /// <param name="page">1 and on.</param>
    public async Task<ArchiveHits> FindAsync(string typed, int page, CancellationToken ct)
    {
        var words = Words(typed);
        if (words.Count == 0) return ArchiveHits.None;
        await turns.WaitAsync(ct);
        try
        {
            return await FindAsync(words, page, ct);
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<ArchiveHits> FindAsync(IReadOnlyList<string> words, int page, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT hits.slug, hits.year, hits.month, hits.subject, t.heading, t.anchor, t.language, hits.found,
                   ts_headline((CASE t.language WHEN 'en' THEN 'archive_en' ELSE 'archive_sv' END)::regconfig, t.words, hits.query, @headline)
            FROM (
                SELECT i.slug, i.year, i.month, i.subject, i.published_at, found.issue_id, found.place, asked.query, count(*) OVER ()::int AS found
                FROM (SELECT {Query(words.Count)} AS query) AS asked
                JOIN issue_text AS found ON found.lexemes @@ asked.query
                JOIN public_issue AS i ON i.id = found.issue_id
                ORDER BY i.year DESC, i.month DESC, i.published_at DESC, found.issue_id DESC, found.place
                LIMIT {HitsOnPage} OFFSET @skip) AS hits
            JOIN issue_text AS t ON (t.issue_id, t.place) = (hits.issue_id, hits.place)
            ORDER BY hits.year DESC, hits.month DESC, hits.published_at DESC, hits.issue_id DESC, hits.place
            """).With(new("skip", (page - 1) * HitsOnPage),
                new("headline", $"StartSel={Begin}, StopSel={End}, MaxFragments=2, MaxWords=30, MinWords=12, FragmentDelimiter=\" … \""))
            .With([.. words.Select((word, n) => new NpgsqlParameter($"w{n}", word))]);
        var hits = new List<ArchiveHit>();
        var found = 0;
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            found = rows.GetInt32(7);
            var anchor = rows.IsDBNull(5) ? null : rows.GetString(5);
            hits.Add(new(ArchivePath.Of(rows.GetString(0)) + (anchor is null ? "" : "#" + anchor), rows.GetInt32(1), rows.GetInt32(2),
                rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4), anchor == "kontakt", rows.GetString(6),
                Pieces(rows.GetString(8), words[^1])));
        }

        return new(hits, found);
    }

    /// <summary>Letters and digits; all else only stands between words, and nothing of it reaches the database's language of questions.</summary>
    public static IReadOnlyList<string> Words(string typed)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in typed.Normalize(NormalizationForm.FormC).EnumerateRunes().Append(new Rune(' ')))
        {
            if (Rune.IsLetterOrDigit(rune)) word.Append(rune);
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
                if (words.Count == MostWords) break;
            }
        }

        return words;
    }

    // As a stem in either language; the last one also as the beginning of a whole word, since the beginning of a word is not that of its stem.
    private static string Query(int words) => string.Join(" && ", Enumerable.Range(0, words).Select(n =>
        $"(to_tsquery('archive_sv', @w{n}) || to_tsquery('archive_en', @w{n})"
        + (n == words - 1 ? $" || to_tsquery('archive_words', @w{n} || ':*'))" : ")")));

    /// <param name="last">The word that may not be typed to its end: of it PostgreSQL marks only what has the same stem.</param>
    private static List<(string Text, bool IsMarked)> Pieces(string headline, string last)
    {
        var pieces = new List<(string, bool)>();
        // Where one part ends and the next begins, a line does not.
        var lines = headline.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var parts = string.Join(" · ", lines).Split(Begin, End);
        // It begins outside, and each sign turns it over.
        for (var n = 0; n < parts.Length; n++)
        {
            if (n % 2 == 1) pieces.Add((parts[n], true));
            else pieces.AddRange(BeginningsOf.In(parts[n], last));
        }

        return [.. pieces.Where(piece => piece.Item1.Length > 0)];
    }
}
