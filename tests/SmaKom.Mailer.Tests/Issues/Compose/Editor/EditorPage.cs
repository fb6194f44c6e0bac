using Microsoft.Playwright;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>An article open in the composer, with the editor on its text.</summary>
public abstract class EditorPage : BrowserFixture
{
    private static readonly string[] Steps = ["Arrow", "Home", "End"];
    private int issue;

    protected IPage Page { get; private set; } = null!;

    protected ILocator Text => Page.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true });

    protected ILocator Notices => Page.Locator("rich-text .notices");

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue");
        issue = await Database.IssueAsync("2026-12");
    }

    [TearDown]
    public void NothingIsComplainedOf() => Assert.That(Chromium.Complaints, Is.Empty);

    /// <summary>The article with this text, the cursor at its beginning.</summary>
    protected async Task OpenTextAsync(string markdown = "", string language = "sv")
    {
        await SaveAsync("a1b1", "body", markdown);
        await SaveAsync(DraftPart.Head, "language", language);
        Page = await OpenAsync($"/redaktion/nummer/{issue}/skriv?del=a1b1");
        await Text.FocusAsync();
    }

    /// <summary>Types each; what stands in angle brackets is a key: <c>&lt;Control+b&gt;</c>.</summary>
    protected async Task TypeAsync(params string[] all)
    {
        foreach (var one in all)
        {
            // ProseMirror takes no step within 50 ms of a sign (DOMObserver.suppressSelectionUpdates); no person is that fast.
            var isStep = one.StartsWith('<') && Steps.Any(key => one.Contains(key, StringComparison.Ordinal));
            if (isStep) await Task.Delay(60);
            if (one.Length > 1 && one[0] == '<') await Page.Keyboard.PressAsync(one[1..^1]);
            else await Page.Keyboard.TypeAsync(one);
            // A browser tells of a moved selection with its next frame.
            if (isStep)
                await Page.EvaluateAsync("() => new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)))");
        }
    }

    /// <summary>As from a clipboard that holds the text in these forms, and a picture beside it.</summary>
    protected Task PasteAsync(string text, string? html = null, byte[]? png = null) => Page.EvaluateAsync(
        """
        ([text, html, png]) => {
          const clipboardData = new DataTransfer();
          if (text) clipboardData.setData("text/plain", text);
          if (html) clipboardData.setData("text/html", html);
          if (png) clipboardData.items.add(new File([Uint8Array.from(atob(png), sign => sign.charCodeAt(0))], "image.png", { type: "image/png" }));
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }
        """,
        new[] { text, html, png is null ? null : Convert.ToBase64String(png) });

    /// <summary>The field of the form.</summary>
    protected Task<string> MarkdownAsync() => Page.EvaluateAsync<string>("document.querySelector('textarea[name=body]').value");

    /// <summary>What lies in the database, once the form has sent all that it has.</summary>
    protected async Task<string> SavedAsync()
    {
        await Until.TrueAsync(async () => !await Page.EvaluateAsync<bool>("document.querySelector('draft-form').dirty"));
        await Assertions.Expect(Page.Locator("[data-state]")).ToContainTextAsync("Sparat");
        return (await Host.Get<DraftStore>().ReadAsync(issue, default))!.Content.Articles().Single().Body;
    }

    private Task SaveAsync(string part, string field, string value) =>
        Host.Get<DraftCommands>().SaveAsync(issue, part, 0, new Dictionary<string, string> { [field] = value }, Given.Editor, default);
}
