using Microsoft.Extensions.Logging.Abstractions;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Relays;

/// <summary>A database with a relay that allows four connections, and as many workers' pools on it as a test opens.</summary>
public abstract class RelayPoolFixture
{
    protected static readonly TimeSpan Briefly = TimeSpan.FromMilliseconds(600);
    protected static readonly TimeSpan Long = TimeSpan.FromMinutes(3);
    private readonly List<IAsyncDisposable> opened = [];

    protected TestDatabase Database { get; private set; } = null!;

    protected TestHost Host { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Database = await TestDatabase.CreateAsync();
        Host = await TestHost.StartAsync(Database, ("Roles", "web"), ("Smtp:Host", "relay.example"), ("Smtp:MaxConnections", "4"));
    }

    [TearDown]
    public async Task Stop()
    {
        foreach (var one in opened) await one.DisposeAsync();
        opened.Clear();
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }

    protected static async Task<List<RelaySlot>> TakeAsync(RelayPool pool, int count)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => pool.TakeAsync(Long, default).AsTask()));
        Assert.That(taken, Is.All.Not.Null);
        return [.. taken.OfType<RelaySlot>()];
    }

    protected async Task<RelayPool> PoolAsync(TimeProvider? time = null)
    {
        var pool = new RelayPool(Host.Get<RelayDirectory>(), Database.Source, Host.Get<MailTransports>(),
            new DatabaseClock(time ?? TimeProvider.System), NullLogger<RelayPool>.Instance);
        await pool.RefreshAsync(default);
        opened.Add(pool);
        return pool;
    }
}
