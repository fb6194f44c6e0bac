using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// Pages in every state, in a real Chromium: nothing for axe-core to object to, no sideways scrolling at 320 px, no breach of the content
/// security policy. Pictures are of more views.
/// </summary>
public abstract class PagesFixture : BrowserFixture
{
    protected async Task CheckAsync(string state, Func<IPage, Task> open)
    {
        foreach (var (width, scheme) in PageViews.All)
        {
            var page = await Chromium.OpenAsync(Host.Url, width: width, scheme: scheme);
            await open(page);
            await page.PictureAsync(state);

            Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), $"{width} px");
            Assert.That(await page.AxeAsync(), Is.Empty, $"{width} px, {scheme}");
            Assert.That(await page.EvaluateAsync<int>("document.querySelectorAll('h1').length"), Is.EqualTo(1), "one h1");
            Assert.That(await page.TitleAsync(), Is.Not.Empty);
            Assert.That(await SmallTargetsAsync(page), Is.Empty, "targets are at least 24 px (WCAG 2.5.8), buttons 44");
            Assert.That(Chromium.Complaints, Is.Empty);
            await page.Context.CloseAsync();
        }
    }

    private static Task<string[]> SmallTargetsAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('button, .button, input:not([type=hidden]):not([tabindex="-1"]), select')]
            .filter(e => e.getClientRects().length)
            .filter(e => e.getBoundingClientRect().height < (e.matches('[type=checkbox], [type=radio]') ? 24 : 44))
            .map(e => e.outerHTML)
        """);
}
