namespace SmaKom.Mailer.Tests.Support;

/// <summary>The web pages on a database of the fixture's own, with the sample login; one host for all of its tests.</summary>
public abstract class SiteFixture
{
    protected TestDatabase Database { get; private set; } = null!;

    protected TestHost Host { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task OpenSiteAsync()
    {
        Database = await TestDatabase.CreateAsync();
        Host = await StartHostAsync();
        await Host.AddSampleLoginAsync();
    }

    [OneTimeTearDown]
    public async Task CloseSiteAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Called when the database is there; an heir may fill it first, or start another kind of host.</summary>
    protected virtual Task<TestHost> StartHostAsync() => StartWebAsync();

    protected Task<TestHost> StartWebAsync(params (string Key, string Value)[] settings) =>
        TestHost.StartAsync(Database, [("Roles", "web"), StaffSite.SampleLoginAllowed, .. settings]);
}
