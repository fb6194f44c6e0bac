using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>What every page must keep, whatever it is about.</summary>
public static class PageChecks
{
    /// <summary>The folder that <c>SMAKOM_SCREENSHOTS</c> names: pictures of the tested pages are left there. Null: none are taken.</summary>
    public static string? Pictures { get; } = Environment.GetEnvironmentVariable("SMAKOM_SCREENSHOTS");

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// WCAG rules that the page breaks, as axe names them; the mail in a frame is tested on its own. Only on a page opened with
    /// script: axe would wait for ever.
    /// </summary>
    /// <param name="without">Rules that do not hold here.</param>
    public static async Task<IEnumerable<string>> AxeAsync(this IPage page, params string[] without)
    {
        // Asked directly: Deque's own way for Playwright opens a second page for each answer, which takes ten times as long as axe itself.
        await page.EvaluateAsync($"window.axe ? 0 : (() => {{ {Axe} }})()");
        // What passes is not asked for: to describe it takes axe longer than to find what does not.
        return await page.EvaluateAsync<string[]>(
            """
            async without => (await axe.run({ exclude: ["iframe"] },
                { resultTypes: ["violations"], rules: Object.fromEntries(without.map(rule => [rule, { enabled: false }])) }))
                .violations.map(found => `${location.href} ${found.id}: ${found.nodes.map(node => node.html).join(" ")}`)
            """, without);
    }

    public static Task<bool> OverflowsAsync(this IPage page) => page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");

    /// <summary>What axe and the page's width complain of at each path, with everything that folds unfolded.</summary>
    public static async Task<List<string>> FaultsAtAsync(this IPage page, params string[] paths)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(part => part.open = true)");
            found.AddRange(await page.AxeAsync());
            if (await page.OverflowsAsync()) found.Add($"{path} overflows at {page.ViewportSize!.Width} px");
            await page.PictureAsync(path);
        }

        return found;
    }

    /// <summary>Leaves a picture of the whole page in <see cref="Pictures"/>, named by what it is of, its width and its colours.</summary>
    public static async Task PictureAsync(this IPage page, string of)
    {
        if (Pictures is null) return;
        var name = string.Join('-', of.Split(['/', '?', '&', '=', ' '], StringSplitOptions.RemoveEmptyEntries));
        var scheme = await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches") ? ColorScheme.Dark : ColorScheme.Light;
        await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{page.ViewportSize!.Width}-{scheme}.png"), FullPage = true });
    }
}
