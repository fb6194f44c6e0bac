using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A person without a mouse: whatever is reached is reached by Tab, whatever is chosen by keys.</summary>
internal sealed class Keyboard(IPage page)
{
    // A page of an issue with everything has about 150 stops.
    private const int MostStops = 600;

    /// <summary>Tab until the focus is there.</summary>
    /// <exception cref="AssertionException">No number of Tabs leads there.</exception>
    public async Task ToAsync(ILocator target)
    {
        await target.First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        // What is pressed before a page has been drawn, the browser drops.
        await page.WaitForLoadStateAsync();
        await page.EvaluateAsync("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        for (var stop = 0; stop < MostStops; stop++)
        {
            if (await target.EvaluateAllAsync<bool>("all => all.includes(document.activeElement)")) return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"No Tab leads to {target} on {page.Url}");
    }

    /// <summary>Follows a link, presses a button, opens what is folded.</summary>
    public async Task PressAsync(ILocator target)
    {
        await ToAsync(target);
        await page.Keyboard.PressAsync("Enter");
    }

    public async Task TypeAsync(ILocator field, string text)
    {
        await ToAsync(field);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>In a list, the option whose words begin so.</summary>
    public async Task ChooseAsync(ILocator list, string words)
    {
        await ToAsync(list);
        // What no key of the browser's own has, Playwright would insert as text, wherever a text was written last.
        await page.Keyboard.TypeAsync(string.Concat(words.TakeWhile(char.IsAscii)));
        // Whatever has taken the focus away is told.
        var chosen = await page.EvaluateAsync<string>("document.activeElement.selectedOptions?.[0].text ?? document.activeElement.outerHTML");
        Assert.That(chosen, Does.StartWith(words));
    }

    /// <summary>Among radio buttons, which are one stop: down to this one.</summary>
    public async Task PickAsync(ILocator group, ILocator choice)
    {
        await ToAsync(group);
        for (var step = 0; step < 10 && !await choice.IsCheckedAsync(); step++) await page.Keyboard.PressAsync("ArrowDown");
        Assert.That(await choice.IsCheckedAsync(), Is.True);
    }

    /// <summary>In a field of the browser's own for days or hours, in the order of an English browser: <c>02012027</c>, <c>0930am</c>.</summary>
    public async Task TickAsync(ILocator field, string digits)
    {
        await ToAsync(field);
        await page.Keyboard.TypeAsync(digits);
    }
}
