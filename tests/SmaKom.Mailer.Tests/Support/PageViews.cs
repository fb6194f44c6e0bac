using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>How wide and in which colours a page is tried: what is too wide shows at the narrowest, and each palette has its contrasts.</summary>
public static class PageViews
{
    /// <summary>The two that find what there is to find; pictures are taken of more.</summary>
    public static IReadOnlyList<(int Width, ColorScheme Scheme)> All { get; } = PageChecks.Pictures is null
        ? [(1280, ColorScheme.Light), (320, ColorScheme.Dark)]
        : [(1280, ColorScheme.Light), (320, ColorScheme.Dark), (1280, ColorScheme.Dark), (390, ColorScheme.Light)];

    /// <summary><see cref="All"/> as the arguments of a test.</summary>
    public static IEnumerable<TestCaseData> Cases => All.Select(view => new TestCaseData(view.Width, view.Scheme));
}
