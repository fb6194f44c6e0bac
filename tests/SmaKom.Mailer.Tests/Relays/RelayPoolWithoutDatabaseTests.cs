using Npgsql;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Relays;

/// <summary>Connections to relays while the database is away, and when it is back.</summary>
public sealed class RelayPoolWithoutDatabaseTests : RelayPoolFixture
{
    [Test]
    public async Task After_the_database_was_away_connections_are_kept_and_nobody_else_has_them()
    {
        var (one, two) = (await PoolAsync(), await PoolAsync());
        var mine = await TakeAsync(one, 4);
        var asking = two.TakeAtOnceAsync(null, Long, default);
        await Until.TrueAsync(async () => await Task.FromResult(mine.Any(slot => slot.Wanted.IsCancellationRequested)));

        // As when it restarts: the locks of all workers end at once.
        await Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()");
        await Database.UntilAsync(
            "SELECT count(*) = 4 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objsubid = 2 AND classid = 1399671552");
        await Task.Delay(TimeSpan.FromSeconds(4));

        Assert.That(!asking.IsCompleted);
        Assert.That(mine.Count(slot => slot.IsPreferred), Is.EqualTo(3), "all but the one that makes way");
        mine.Single(slot => !slot.IsPreferred).Dispose();
        Assert.That(await asking, Is.Not.Null);
    }

    [Test]
    public async Task A_connection_that_another_worker_took_meanwhile_is_closed()
    {
        var one = await PoolAsync();
        var mine = await TakeAsync(one, 2);
        await using var thief = await Database.Source.OpenConnectionAsync();
        // Waits in the lock's queue, and has it as soon as its holder is gone.
        await using var steal = new NpgsqlCommand($"SELECT pg_advisory_lock(1399671552, ({mine[0].Relay.Id} << 16) + {mine[0].Number})", thief);
        var stolen = steal.ExecuteNonQueryAsync();
        await Database.UntilAsync(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND NOT granted)");

        await Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 1399671552 AND granted");
        await stolen;

        await Until.TrueAsync(async () => await Task.FromResult(mine[0].Wanted.IsCancellationRequested));
        Assert.That(mine[1].IsPreferred);
        mine[0].Dispose();
        Assert.That(await TakeAsync(one, 2), Has.Count.EqualTo(2), "the other two that there are");
        Assert.That(await one.TakeAsync(Briefly, default), Is.Null);
    }

    [Test]
    public async Task Without_the_database_for_long_connections_are_closed()
    {
        using var server = new TestPostgres();
        await using var other = await TestDatabase.CreateOnAsync(server);
        await using var worker = await TestHost.StartAsync(other, ("Roles", "web"), ("Smtp:Host", "relay.example"));
        var mine = (await TakeAsync(worker.Get<RelayPool>(), 1))[0];

        var began = TimeProvider.System.GetTimestamp();
        server.Stop(immediate: true);
        await Until.TrueAsync(async () => await Task.FromResult(mine.Wanted.IsCancellationRequested));

        Assert.That(TimeProvider.System.GetElapsedTime(began), Is.GreaterThan(TimeSpan.FromSeconds(9)));
        server.Start();
        mine.Dispose();
        Assert.That(await worker.Get<RelayPool>().TakeAsync(Long, default), Is.Not.Null);
    }
}
