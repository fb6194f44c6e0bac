namespace SmaKom.Mailer.Tests.Support;

/// <summary>A site and somebody logged in who reads it without script; one login for all tests of the fixture.</summary>
public abstract class ReaderFixture : SiteFixture
{
    protected PageReader Reader { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task LogInAsync()
    {
        Reader = new PageReader(Host.Url);
        await Reader.LogInAsync();
    }

    [OneTimeTearDown]
    public void CloseReader() => Reader.Dispose();
}
