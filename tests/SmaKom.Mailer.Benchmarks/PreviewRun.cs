using Microsoft.Playwright;
using NpgsqlTypes;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>All times in milliseconds.</summary>
/// <param name="Cold">From the request to an editor that takes a key, in a browser that has seen no page of ours.</param>
/// <param name="Warm">The same in one that has.</param>
/// <param name="Preview">From the last key of a word to the letter beside it that has the word.</param>
/// <param name="Saved">From that key to "Sparat".</param>
internal sealed record PreviewResult(int Articles, int Cores, Spread Cold, Spread Warm, Spread Preview, Spread Saved);

/// <summary>What an editor waits for in the composer, as Chromium sees it: web process, PostgreSQL with its default durability and browser on one machine.</summary>
internal static class PreviewRun
{
    private const string Ready =
        """
        () => new Promise(done => {
            const look = () => document.querySelector("rich-text [contenteditable=true]") ? done(performance.now()) : requestAnimationFrame(look);
            look();
        })
        """;

    private const string NoteKeys = "() => addEventListener('keydown', () => { window.lastKey = performance.now(); }, true)";

    private const string Shown =
        """
        word => new Promise(done => {
            const look = () => document.querySelector("letter-preview iframe").contentDocument.body.textContent.includes(word)
                ? done(performance.now() - window.lastKey) : requestAnimationFrame(look);
            look();
        })
        """;

    private const string Kept =
        """
        () => new Promise(done => {
            const look = () => document.querySelector("draft-form [data-state]").textContent.startsWith("Sparat")
                ? done(performance.now() - window.lastKey) : requestAnimationFrame(look);
            look();
        })
        """;

    public static async Task<PreviewResult> RunAsync(int articles, int rounds)
    {
        using var server = new TestPostgres(durable: true);
        await using var database = await TestDatabase.CreateOnAsync(server);
        await database.SentIssuesAsync();
        await database.SubscribersAsync(200);
        var (issue, part) = await FillAsync(database, articles);
        await using var site = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await site.AddSampleLoginAsync();
        await using var chromium = await Chromium.StartAsync();
        var address = $"/redaktion/nummer/{issue}/skriv?del={part}";

        var (cold, warm, preview, saved) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        IPage page = null!;
        for (var i = 0; i < 6; i++)
        {
            await chromium.CloseAllAsync();
            page = await chromium.OpenAsync(site.Url);
            await page.LogInAsync();
            cold.Add(await OpenAsync(page, address));
            for (var j = 0; j < 4; j++) warm.Add(await OpenAsync(page, address));
        }

        // The first start of the service's own code is nobody's wait.
        cold.RemoveAt(0);
        await page.EvaluateAsync(NoteKeys);
        await page.Locator("rich-text [contenteditable=true]").First.ClickAsync();
        for (var i = 0; i < rounds; i++)
        {
            var word = $"ord{i}x";
            await page.Keyboard.TypeAsync($" {word}", new() { Delay = 60 });
            preview.Add(await page.EvaluateAsync<double>(Shown, word));
            if (i % 5 == 4) saved.Add(await page.EvaluateAsync<double>(Kept));
        }

        var result = new PreviewResult(articles, Environment.ProcessorCount, Spread.Of(cold), Spread.Of(warm), Spread.Of(preview), Spread.Of(saved));
        Console.WriteLine(
            $"""
            an issue of {articles} articles, {result.Cores} cores shared by browser, service and PostgreSQL
            ready to type, cold     {result.Cold}
            ready to type, warm     {result.Warm}
            last key to preview     {result.Preview}
            last key to saved       {result.Saved}
            """);
        return result;
    }

    private static async Task<double> OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        var ready = await page.EvaluateAsync<double>(Ready);
        await page.WaitForLoadStateAsync(LoadState.Load);
        return ready;
    }

    /// <summary>The sample issue's own articles, with their pictures, again and again.</summary>
    private static async Task<(int Issue, string Part)> FillAsync(TestDatabase database, int articles)
    {
        var issue = await database.IssueAsync("2027-01");
        var sample = IssueContentJson.Deserialize(await database.ScalarAsync<string>("SELECT content::text FROM issue WHERE slug = '2026-11'"));
        var written = sample.Sections.SelectMany(section => section.Blocks).OfType<Article>().ToList();
        var blocks = Enumerable.Range(0, articles).Select(n => written[n % written.Count] with { Id = $"artikel{n}" }).ToList();
        var content = sample with
        {
            Sections = [.. blocks.Chunk(5).Select((some, n) => new Section { Id = $"avdelning{n}", Heading = $"Avdelning {n + 1}", Blocks = [.. some] })],
        };
        await using var update = database.Source.CreateCommand("UPDATE issue SET content = @content WHERE id = @issue");
        update.Parameters.Add(new("content", NpgsqlDbType.Jsonb) { Value = IssueContentJson.Serialize(DraftPart.WithIds(content)) });
        update.Parameters.Add(new("issue", issue));
        await update.ExecuteNonQueryAsync();
        return (issue, blocks[articles / 2].Id!);
    }
}
