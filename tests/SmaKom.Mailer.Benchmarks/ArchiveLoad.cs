using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <param name="Seconds">How long it was asked.</param>
/// <param name="Median">In milliseconds, as is the 95th percentile.</param>
/// <param name="Grown">Of the web process's memory meanwhile, in megabytes; what a collection would free is not counted.</param>
internal sealed record ArchiveTimes(string What, int Different, int Seconds, long Requests, double Median, double Ninetyfifth, double Grown);

/// <summary>
/// Ten years of the public archive, asked by wrk over 32 connections that each ask again as soon as they are answered.
/// </summary>
internal static partial class ArchiveLoad
{
    public const int Issues = 120;
    private const int Connections = 32;

    /// <summary>Gives those issues that are out the text of the samples, and adds others before them until there are enough.</summary>
    public static async Task FillAsync(TestDatabase database)
    {
        var samples = new List<IssueContent>();
        foreach (var folder in Directory.GetDirectories(SampleIssues.Folder).Order(StringComparer.Ordinal))
            samples.Add(IssueContentJson.Deserialize(await File.ReadAllTextAsync(Path.Combine(folder, "issue.json"))));
        for (var n = 0; n < Issues; n++)
        {
            var month = new DateOnly(2026, 10, 1).AddMonths(-n);
            var content = Varied(samples[n % samples.Count], n) with { Year = month.Year, Month = month.Month };
            await database.ScalarAsync<int>(
                """
                WITH filled AS (UPDATE issue SET content = $2::jsonb, subject = $3 WHERE slug = $1 RETURNING 1),
                added AS (
                    INSERT INTO issue (slug, year, month, subject, content, state, audience, started_at, finished_at, created_at, updated_at)
                    SELECT $1, $4, $5, $3, $2::jsonb, 'sent', 0, $6, $6, $6, $6
                    WHERE NOT EXISTS (SELECT FROM filled)
                    RETURNING 1)
                SELECT 1
                """, new() { Value = month.ToString("yyyy-MM", CultureInfo.InvariantCulture) }, new() { Value = IssueContentJson.Serialize(content) },
                new() { Value = content.Subject }, new() { Value = month.Year }, new() { Value = month.Month },
                new() { Value = new DateTimeOffset(month, new TimeOnly(9, 0), TimeSpan.Zero) });
        }

        await database.ExecuteAsync("VACUUM ANALYZE issue, issue_text");
    }

    /// <param name="seconds">For each of the two.</param>
    public static async Task<IReadOnlyList<ArchiveTimes>> MeasureAsync(TestDatabase database, TestHost site, int seconds)
    {
        var words = Word().Matches(await database.ScalarAsync<string>("SELECT string_agg(lower(words), ' ') FROM issue_text"))
            .Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)
            .Select(word => "/arkiv/sok?q=" + Uri.EscapeDataString(word)).ToList();
        var pages = Enumerable.Range(0, Issues).Select(n => new DateOnly(2026, 10, 1).AddMonths(-n))
            .Select(month => Archive.ArchivePath.Of(month.ToString("yyyy-MM", CultureInfo.InvariantCulture))).Append("/arkiv").ToList();
        return [await AskAsync("a page", site, pages, seconds), await AskAsync("a search", site, words, seconds)];
    }

    public static void Print(string when, IReadOnlyList<ArchiveTimes> times)
    {
        foreach (var one in times)
        {
            var asked = $"{one.Requests:n0} requests in {one.Seconds} s over {Connections} connections, {one.Different:n0} different";
            Console.WriteLine(
                $"archive {when}, {one.What}: p50 {one.Median:0.0} ms, p95 {one.Ninetyfifth:0.0} ms ({asked}), memory {one.Grown:+0;-0;0} MB");
        }
    }

    // Each its own words, so that no two issues are the same to a search.
    private static IssueContent Varied(IssueContent sample, int n) => sample with
    {
        Sections = [.. sample.Sections.Select(section => section with
        {
            Blocks = [.. section.Blocks.Select(block => block is Article article
                ? article with { Body = $"{article.Body}\n\nSagt i kommun{n} och by{n * 7 % Issues}." } : block)],
        })],
    };

    private static async Task<ArchiveTimes> AskAsync(string what, TestHost site, IReadOnlyList<string> paths, int seconds)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script,
            $$"""
            local paths = { {{string.Join(", ", paths.Select(path => $"\"{path}\""))}} }
            local at = math.random(#paths)
            function setup(thread) thread:set("seed", math.random(1000000)) end
            function init() math.randomseed(seed) at = math.random(#paths) end
            function request() at = at % #paths + 1 return wrk.format("GET", paths[at]) end
            function done(summary, latency)
                local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
                io.write(string.format("\nRESULT %d %d %f %f\n", summary.requests, bad, latency:percentile(50) / 1000, latency:percentile(95) / 1000))
            end
            """);
        try
        {
            // Compiled code, connections and their dictionaries, as in a service that has run for a while.
            await RunAsync(script, site, Math.Min(seconds, 5));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var said = await RunAsync(script, site, seconds);
            var result = said.Split('\n').Single(line => line.StartsWith("RESULT ", StringComparison.Ordinal)).Split(' ');
            if (result[2] != "0") throw new InvalidOperationException($"{result[2]} of {result[1]} requests failed.");
            double Number(int n) => double.Parse(result[n], CultureInfo.InvariantCulture);
            return new(what, paths.Count, seconds, (long)Number(1), Number(3), Number(4),
                (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static async Task<string> RunAsync(string script, TestHost site, int seconds)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk",
            ["-t2", $"-c{Connections}", $"-d{seconds}s", "--timeout", "30s", "-s", script, site.Url])
        { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("wrk did not start.");
        var said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return said;
    }

    [GeneratedRegex(@"\p{L}{4,}", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
