using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// A real Chromium for one fixture. Whatever a page writes to the console as an error (a refused script, say) fails the test that
/// asks <see cref="Complaints"/>.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium-headless-shell";
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    /// <summary>Milliseconds: a busy machine takes its time, and a page that never comes is told all the same.</summary>
    private const int Patience = 120_000;

    private readonly Dictionary<string, string> logins = new(StringComparer.Ordinal);

    public List<string> Complaints { get; } = [];

    public static async Task<Chromium> StartAsync()
    {
        if (!File.Exists(Program)) throw new InvalidOperationException("Chromium is missing. Install it: apt-get install chromium-headless-shell");
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"],
        }));
    }

    /// <summary>A page with cookies of its own.</summary>
    public Task<IPage> OpenAsync(string root, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light,
        string language = "sv-SE") => OpenAsync(root, script, width, scheme, language, null);

    private async Task<IPage> OpenAsync(string root, bool script, int width, ColorScheme scheme, string language, string? cookies)
    {
        var context = await ContextAsync(new()
        {
            BaseURL = root,
            StorageState = cookies,
            JavaScriptEnabled = script,
            Locale = language,
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // A page that tells of a 4xx is a page all the same.
            if (message.Type == "error"
                && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4",
                    StringComparison.Ordinal)) Complaints.Add($"{page.Url}: {message.Text}");
        };
        return page;
    }

    /// <summary>A page of a logged-in administrator. Whoever opens one after the other goes on with the login of the first, as tabs do.</summary>
    public async Task<IPage> OpenLoggedInAsync(string root, string path, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var known = logins.GetValueOrDefault(root);
        var page = await OpenAsync(root, script, width, scheme, "sv-SE", known);
        if (known is not null)
        {
            await page.GotoAsync(path);
            if (new Uri(page.Url).AbsolutePath != "/logga-in") return page;
        }

        await page.LogInAsync();
        logins[root] = await page.Context.StorageStateAsync();
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>Cookies, sizes and colours of a test's own.</summary>
    public Task<IBrowserContext> ContextAsync(BrowserNewContextOptions? options = null) => browser.NewContextAsync(options);

    public Task CloseAllAsync() => Task.WhenAll(browser.Contexts.ToList().Select(context => context.CloseAsync()));

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        playwright.Dispose();
    }
}
