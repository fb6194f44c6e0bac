using Microsoft.Playwright;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A site and a real Chromium for all tests of the fixture; each test opens pages of its own.</summary>
public abstract class BrowserFixture : SiteFixture
{
    protected Chromium Chromium { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartChromiumAsync() => Chromium = await Chromium.StartAsync();

    [OneTimeTearDown]
    public async Task CloseChromiumAsync() => await Chromium.DisposeAsync();

    [SetUp]
    public void ForgetComplaints() => Chromium.Complaints.Clear();

    // A page that is left open goes on: its stream, its scripts, its picture.
    [TearDown]
    public Task ClosePagesAsync() => Chromium.CloseAllAsync();

    /// <summary>The page at <paramref name="path"/>, as a logged-in administrator sees it.</summary>
    protected Task<IPage> OpenAsync(string path, bool script = true, int width = 1280, ColorScheme scheme = ColorScheme.Light) =>
        Chromium.OpenLoggedInAsync(Host.Url, path, script, width, scheme);
}
