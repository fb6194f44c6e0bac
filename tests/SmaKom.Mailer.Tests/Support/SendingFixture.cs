namespace SmaKom.Mailer.Tests.Support;

/// <summary>A host that sends through a relay of the test's own; all three are new for each test.</summary>
public abstract class SendingFixture
{
    protected TestDatabase Database { get; private set; } = null!;
    protected FakeRelay Relay { get; private set; } = null!;
    protected TestHost Host { get; set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await FillAsync();
        Relay = new FakeRelay(Options);
        Host = await TestHost.StartAsync(Database, [.. Given.Relay(Relay, Connections), .. Settings]);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        await Relay.DisposeAsync();
        await Database.DisposeAsync();
    }

    protected virtual FakeRelayOptions? Options => null;
    protected virtual int Connections => 1;
    protected virtual IEnumerable<(string Key, string Value)> Settings => [];

    /// <summary>What is in the database before the host starts.</summary>
    protected virtual Task FillAsync() => Task.CompletedTask;
}
