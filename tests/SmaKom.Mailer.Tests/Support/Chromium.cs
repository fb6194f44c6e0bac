using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A real Chromium for one fixture. Whatever a page writes to the console as an error (a refused script, say) fails the test that asks <see cref="Complaints"/>.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public List<string> Complaints { get; } = [];

    public static async Task<Chromium> StartAsync()
    {
        if (!File.Exists(Program)) throw new InvalidOperationException("Chromium is missing. Install it: apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        }));
    }

    /// <summary>A page with cookies of its own.</summary>
    public async Task<IPage> OpenAsync(string root, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light, string language = "sv-SE")
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = root,
            JavaScriptEnabled = script,
            Locale = language,
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // A page that tells of a 4xx is a page all the same.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)) Complaints.Add($"{page.Url}: {message.Text}");
        };
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        playwright.Dispose();
    }
}

public static class PageChecks
{
    /// <summary>WCAG rules that the page breaks, as axe names them; the mail in a frame is tested on its own. Only on a page opened with script: axe would wait for ever.</summary>
    public static async Task<IEnumerable<string>> AxeAsync(this IPage page)
    {
        var result = await page.RunAxe(new Deque.AxeCore.Commons.AxeRunContext { Exclude = [new("iframe")] });
        return result.Violations.Select(violation => $"{page.Url} {violation.Id}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}");
    }

    public static Task<bool> OverflowsAsync(this IPage page) => page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");
}
