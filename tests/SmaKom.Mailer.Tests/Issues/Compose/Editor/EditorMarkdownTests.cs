using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>The editor and the letter read the same Markdown: what is opened and saved goes out as it would have.</summary>
public sealed class EditorMarkdownTests : BrowserFixture
{
    private const int Seed = 20261129;
    private IPage page = null!;

    [SetUp]
    public async Task OpenEditorAsync()
    {
        await Database.EmptyAsync("issue");
        page = await OpenAsync($"/redaktion/nummer/{await Database.IssueAsync("2026-12")}/skriv?del=a1b1");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true })).ToBeVisibleAsync();
    }

    [Test]
    public async Task Three_thousand_texts_look_in_the_letter_as_before_and_stay_so()
    {
        var random = new RandomMarkdown(new Random(Seed));
        var texts = MarkdownCorpus.Same.Concat(Enumerable.Range(0, 3000).Select(_ => random.Text())).ToArray();
        var once = await RoundTripAsync(texts);
        var twice = await RoundTripAsync(once);

        var other = texts.Zip(once).Where(pair => LetterText.Of(pair.First) != LetterText.Of(pair.Second)).ToList();
        Assert.That(other.Take(10).Select(pair => $"{Shown(pair.First)}\nbecame\n{Shown(pair.Second)}"), Is.Empty,
            $"{other.Count} of {texts.Length}");
        Assert.That(twice, Is.EqualTo(once), "what was saved is saved again as it was");
    }

    [Test]
    public async Task Any_jumble_of_signs_is_settled_after_the_first_time()
    {
        string[] scraps =
        [
        "a", "ord ", "Å", "**", "*", "_", "__", "***", "\n", "\n\n", "- ", "1. ", "4. ", "> ", "# ", "    ", "\\\n", "  \n",
        "[x](https://example.org)", "[", "](", "!", "&amp;", "&", "<b>", "`", "~~~", "---", "* * *", "\t", "\u00a0", "😀", "”", ".", ",", "10", "(",
        ")", "\\", "+", "=", "\0", "\uD83D", "\u200B",
        ];
        var random = new Random(Seed);
        var texts = Enumerable.Range(0, 1000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 20)).Select(_ => scraps[random.Next(scraps.Length)])));
        var once = await RoundTripAsync([.. texts]);
        var twice = await RoundTripAsync(once);

        Assert.That(twice, Is.EqualTo(once));
    }

    [Test]
    public async Task What_can_be_written_in_several_ways_is_written_in_one()
    {
        var after = await RoundTripAsync([.. MarkdownCorpus.Settled.Select(text => text.Before)]);

        Assert.That(after, Is.EqualTo(MarkdownCorpus.Settled.Select(text => text.After)));
    }

    private async Task<string[]> RoundTripAsync(string[] texts)
    {
        var done = new List<string>();
        foreach (var some in texts.Chunk(500))
            done.AddRange(await page.EvaluateAsync<string[]>("texts => texts.map(text => customElements.get('rich-text').roundTrip(text))", some));
        return [.. done];
    }

    private static string Shown(string text) => text.Replace("\u00a0", "⍽", StringComparison.Ordinal);
}
