using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>
/// Recurs: asks the web addresses of drafts and queued issues whether they answer, one at a time of each host. Pages read what it found and
/// never wait for it.
/// </summary>
public sealed partial class CheckLinks(
    NpgsqlDataSource source, LinkAnswers answers, LinkRules rules, DatabaseClock time, IOptions<ChecksOptions> options, IOptions<SiteOptions> site,
    ILogger<CheckLinks> log) : IJob
{
    /// <summary>How long an answer holds, and one that says that nobody was there.</summary>
    private static readonly TimeSpan Good = TimeSpan.FromDays(1), Bad = TimeSpan.FromHours(1), Patience = TimeSpan.FromSeconds(10);

    /// <summary>In one run: the others are asked in the next, some minutes later.</summary>
    private const int MostAtOnce = 100;

    private const int HostsAtOnce = 4;

    /// <summary>When so many hosts are asked and not one can be reached, it is our own line that is down: that says nothing of the links.</summary>
    private const int HostsThatTell = 3;

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        if (!options.Value.Links) return;
        var due = await DueAsync(ct);
        using var fetcher = new LinkFetcher(rules, UserAgent, Patience);
        var found = new System.Collections.Concurrent.ConcurrentBag<(Uri Address, string Url, LinkAnswer Answer)>();
        await Parallel.ForEachAsync(due.GroupBy(url => new Uri(url).IdnHost, StringComparer.OrdinalIgnoreCase),
            new ParallelOptions { MaxDegreeOfParallelism = HostsAtOnce, CancellationToken = ct }, async (host, stop) =>
            {
                foreach (var url in host) found.Add((new(url), url, await fetcher.AskAsync(new(url), stop)));
            });
        if (IsOurLineDown(found)) Log.LineDown(log, found.Count);
        else foreach (var (_, url, answer) in found) await answers.WriteAsync(url, answer, ct);
        await answers.ForgetAsync(ct);
    }

    private async Task<List<string>> DueAsync(CancellationToken ct)
    {
        var urls = (await ContentsAsync(ct)).SelectMany(LinkAnswers.AddressesIn).Distinct(StringComparer.Ordinal).ToList();
        var known = await answers.ReadAsync(urls, ct);
        var now = time.GetUtcNow();
        return [.. urls.Where(url => !known.TryGetValue(url, out var last)
            || now - last.AskedAt > (last.Answer.Outcome == LinkOutcome.Answers ? Good : Bad)).Take(MostAtOnce)];
    }

    /// <summary>What somebody may still queue, and mend.</summary>
    private async Task<List<IssueContent>> ContentsAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT content
            FROM issue
            WHERE state IN ('draft', 'queued') AND deleted_at IS NULL AND updated_at > now() - interval '60 days'
            """);
        var contents = new List<IssueContent>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        // One that cannot be read is told as a finding of its own.
        while (await rows.ReadAsync(ct))
            if (IssueContentJson.Find(rows.GetString(0)) is { } found) contents.Add(found);
        return contents;
    }

    private static bool IsOurLineDown(IReadOnlyCollection<(Uri Address, string Url, LinkAnswer Answer)> found) =>
        found.Select(one => one.Address.IdnHost).Distinct(StringComparer.OrdinalIgnoreCase).Count() >= HostsThatTell
        && found.All(one => one.Answer.Outcome is LinkOutcome.NoHost or LinkOutcome.NoAnswer);

    private string UserAgent => $"SmaKomMailer/1.0 (link check of a newsletter; +{site.Value.PublicUrl})";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "None of {Count} links could be reached, which is this machine's line rather than theirs. Nothing was noted; it tries again.")]
        public static partial void LineDown(ILogger logger, int count);
    }
}
