using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>What every page must keep, whatever it is about.</summary>
public static class PageChecks
{
    /// <summary>The folder that <c>SMAKOM_SCREENSHOTS</c> names: pictures of the tested pages are left there. Null: none are taken.</summary>
    public static string? Pictures { get; } = Environment.GetEnvironmentVariable("SMAKOM_SCREENSHOTS");

    /// <summary>
    /// WCAG rules that the page breaks, as axe names them; the mail in a frame is tested on its own. Only on a page opened with
    /// script: axe would wait for ever.
    /// </summary>
    public static async Task<IEnumerable<string>> AxeAsync(this IPage page)
    {
        // What passes is not asked for: to describe it takes axe longer than to find what does not.
        var result = await page.RunAxe(
            new AxeRunContext { Exclude = [new("iframe")] },
            new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return result.Violations.Select(violation => $"{page.Url} {violation.Id}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}");
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
